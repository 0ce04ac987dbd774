// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/catalog.hpp"

/// E-mail by a server that takes it: submission (RFC 6409) or a relay.
namespace nudged::channels::mail {

void check_smtp(const ChannelOptions& options, Diagnostics& problems);
std::unique_ptr<Channel> make_smtp(const ChannelOptions& options, net::HttpClient& http);

}  // namespace nudged::channels::mail
