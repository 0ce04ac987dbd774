// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"

#include <memory>

namespace nudged::channels::webhook {

/// Signed webhooks after Standard Webhooks 1.0.0 (delivery reference §5). Rows of the catalog.
void check(const ChannelOptions& options, Diagnostics& problems);
std::unique_ptr<Channel> make(const ChannelOptions& options, net::HttpClient& http);

}  // namespace nudged::channels::webhook
