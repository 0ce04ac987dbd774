// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/net/http.hpp"
#include "tests/support/http_server.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nudged::tests {

/// One answer of the far end, and what a channel must make of it.
struct ReplyRow {
    const char* name;
    Reply reply;
    channels::Outcome outcome;
    int status = 0;
    std::optional<std::chrono::milliseconds> retry_after{};
};

/// A secret that every URL of the suite carries.
inline constexpr auto url_secret = "s3cr3tT0ken";

/// What every HTTP channel is made from: the URL of its far end.
using MakeChannel =
    std::function<std::unique_ptr<channels::Channel>(const std::string& url, net::HttpClient&)>;

/// Each row, through a real server: outcome, status and wait as stated, one request exactly, and no
/// secret in the reason.
void check_replies(const MakeChannel& make, const std::vector<ReplyRow>& rows,
                   const std::string& payload = R"({"text":"hello"})");
/// Nobody listens: certainly not processed.
void check_unreachable(const MakeChannel& make);
/// A cancelled send ends at once, while the far end is silent.
void check_cancellation(const MakeChannel& make);
/// The bytes that arrive are those that were to be sent.
void check_bytes(const MakeChannel& make, const Reply& success);
/// What the request asks for ends with `ending`.
void check_target(const MakeChannel& make, const Reply& success, const std::string& ending,
                  const std::string& payload = "{}");

}  // namespace nudged::tests
