// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/http_server.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::tests {

/// A real WebSocket server on 127.0.0.1 and a free port, in a thread of its own. It answers pings,
/// keeps what it gets, and says what a test tells it to. Connections count from 1, in the order of
/// their handshakes. Any thread; what waits gives up after `patience`.
class WebSocketServer {
public:
    /// With `reads` false nothing is ever read after the handshake: no ping is answered.
    explicit WebSocketServer(std::optional<TlsIdentity> tls = std::nullopt, bool reads = true);
    ~WebSocketServer();
    WebSocketServer(const WebSocketServer&) = delete;
    WebSocketServer& operator=(const WebSocketServer&) = delete;

    std::string url(std::string_view target = "/") const;  // "ws://127.0.0.1:PORT/…", or wss
    /// Said to each one as soon as it stands.
    void greet_with(std::string text);

    void send(std::size_t connection, std::string text);
    void send_binary(std::size_t connection, std::string bytes);
    /// Bytes of no frame, or of half a one, beneath the protocol; not with TLS.
    void send_raw(std::size_t connection, std::string bytes);
    void close(std::size_t connection);  // says goodbye
    void drop(std::size_t connection);   // does not

    bool wait_for_connections(std::size_t count) const;
    bool wait_until_closed(std::size_t connection) const;
    /// True once so many messages have come, over all connections.
    bool wait_for_messages(std::size_t count) const;
    std::vector<std::string> received() const;
    std::size_t open_connections() const;
    std::vector<std::string> targets() const;  // paths and queries that were asked for

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace nudged::tests
