// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"

#include <memory>
#include <string>

namespace nudged::channels::slack {

/// A message as `chat.postMessage` takes it: what a webhook takes, with a `channel`, instead of the
/// one that it has. One that is an e-mail address stands for whoever has it in Slack, and is looked
/// up before the post.
std::string address(const std::string& channel, const std::string& payload);

/// A Slack app's bot. Rows of the catalog.
void check_bot(const ChannelOptions& options, Diagnostics& problems);
std::unique_ptr<Channel> make_bot(const ChannelOptions& options, net::HttpClient& http);

}  // namespace nudged::channels::slack
