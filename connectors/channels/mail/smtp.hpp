// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/catalog.hpp"
#include "connectors/net/smtp.hpp"

/// E-mail by a server that takes it: submission (RFC 6409) or a relay.
namespace nudged::channels::mail {

void check_smtp(const ChannelOptions& options, Diagnostics& problems);
std::unique_ptr<Channel> make_smtp(const ChannelOptions& options, net::HttpClient& http);
/// The server that a channel's options describe, with who logs in there.
net::SmtpServer server_of(const SmtpOptions& options);

}  // namespace nudged::channels::mail
