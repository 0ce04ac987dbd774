// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"

#include <memory>

namespace nudged::channels::teams {

/// Microsoft Teams, by a flow of its Workflows app that waits for a web request (delivery reference
/// §3). Rows of the catalog.
void check(const ChannelOptions& options, Diagnostics& problems);
std::unique_ptr<Channel> make(const ChannelOptions& options, net::HttpClient& http);

}  // namespace nudged::channels::teams
