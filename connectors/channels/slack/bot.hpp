// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"

#include <memory>

namespace nudged::channels::slack {

/// A Slack app's bot: writes to one channel, or to whom a message is for, whom it looks up by their
/// e-mail address. Replies go below the first message, and edits in its place, wherever that
/// stands. Rows of the catalog.
void check_bot(const ChannelOptions& options, Diagnostics& problems);
std::unique_ptr<Channel> make_bot(const ChannelOptions& options, net::HttpClient& http);

}  // namespace nudged::channels::slack
