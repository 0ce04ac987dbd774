// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/http.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace nudged::net {

struct WebSocketOptions {
    std::size_t max_message_bytes = 1u << 20;
    std::chrono::milliseconds connect_timeout{20'000};  // to connect, and again for the handshakes
    /// Pings go out after half of it; what then stays silent is given up.
    std::chrono::milliseconds idle_timeout{60'000};
    std::chrono::milliseconds close_timeout{2'000};
};

/// A WebSocket of which we are the client (RFC 6455), of text messages only. TLS is always
/// verified, by the authorities and with the proxy of our HTTP client; ws is for loopback alone.
/// Pings are answered while read() waits. Lives on the loop; one read and one write at a time.
/// Cancelling either makes the connection unusable. Failures name the host, never the URL, whose
/// query is a credential: transient, or needs_person where a certificate is not trusted, or refused
/// for what is no such URL.
class WebSocket {
public:
    virtual ~WebSocket() = default;

    /// `http` is used until it is open, and then no more.
    static asio::awaitable<std::unique_ptr<WebSocket>> open(HttpClient& http, std::string url,
                                                            WebSocketOptions options = {});

    /// The next message; nullopt once the far end has closed. Throws Failure(transient) when the
    /// connection breaks or stays silent, and Failure(refused) for a message that is too long or no
    /// text, after which it is closed.
    virtual asio::awaitable<std::optional<std::string>> read() = 0;
    /// `text` must live until it is done.
    virtual asio::awaitable<void> write(const std::string& text) = 0;
    /// Says goodbye, and waits for the far end to do so. Never throws but for a cancellation.
    virtual asio::awaitable<void> close() = 0;
    /// Drops the connection: what waits for it fails.
    virtual void abort() = 0;
};

}  // namespace nudged::net
