// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"

#include <memory>
#include <string>

namespace nudged::channels::slack {

/// The variables `title`, `text`, `reference` and `kind` for a workflow that starts from a webhook:
/// a flat object of strings (delivery reference §2.1). A workflow shows variables as plain text.
std::string render_workflow(const model::Message& message);
/// Any 2xx started the workflow, whatever stands in it, but for JSON that says `ok` is false.
SendOutcome classify_workflow(const net::HttpResponse& response, Instant now);

/// Rows of the catalog.
void check_workflow(const ChannelOptions& options, Diagnostics& problems);
std::unique_ptr<Channel> make_workflow(const ChannelOptions& options, net::HttpClient& http);

}  // namespace nudged::channels::slack
