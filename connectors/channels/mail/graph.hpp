// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/catalog.hpp"

/// E-mail by Microsoft Graph, for Microsoft 365 without SMTP: `POST /users/{from}/sendMail` with
/// the whole mail as MIME, so that every header of it is ours.
namespace nudged::channels::mail {

void check_graph(const ChannelOptions& options, Diagnostics& problems);
std::unique_ptr<Channel> make_graph(const ChannelOptions& options, net::HttpClient& http);

}  // namespace nudged::channels::mail
