// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/channel.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"

#include <chrono>
#include <optional>

namespace nudged::channels::mail {

/// A token, or what it means for a message that there is none.
struct TokenAnswer {
    std::optional<Secret> token;
    SendOutcome outcome{};  // looked at when there is no token
};

/// Keeps one access token and asks for a new one at half its life. Lives on the loop; one caller at
/// a time.
class TokenKeeper {
public:
    TokenKeeper(TokenOptions options, net::HttpClient& http);

    /// Never throws for what the token server does.
    asio::awaitable<TokenAnswer> take();
    /// The server did not like it.
    void drop() { token_.reset(); }

private:
    TokenAnswer keep(const net::HttpResponse& response);

    TokenOptions options_;
    net::HttpClient& http_;
    std::optional<Secret> token_;
    std::chrono::steady_clock::time_point good_until_{};
};

}  // namespace nudged::channels::mail
