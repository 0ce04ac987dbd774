// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"

#include <memory>

namespace nudged::channels::google_chat {

/// Google Chat, by the incoming webhook of a space. Rows of the catalog.
void check(const ChannelOptions& options, Diagnostics& problems);
std::unique_ptr<Channel> make(const ChannelOptions& options, net::HttpClient& http);

}  // namespace nudged::channels::google_chat
