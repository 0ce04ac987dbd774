// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/web/options.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::web {

namespace asio = boost::asio;

/// What the pages say. Called on the loop, so answered at once.
struct Handlers {
    std::function<std::optional<std::string>()>
        alive;                                        // why the daemon is stuck; nullopt: it lives
    std::function<std::vector<std::string>()> ready;  // why it is not ready, a line each
    std::function<std::string()> metrics;             // Prometheus text
};

/// What one client, or many, can take from the loop.
struct Limits {
    std::size_t connections = 16;  // more of them wait in the kernel's queue
    std::size_t request_bytes = 8192;
    std::chrono::milliseconds time{10'000};  // from a connection's beginning to its end
};

/// The HTTP server of health and metrics: /livez, /readyz, /metrics and an index. One request a
/// connection. Lives on the loop.
class Server {
public:
    /// Listens from here on. Throws Failure(needs_person) when the address cannot be had.
    Server(asio::any_io_executor loop, const WebOptions& options, Handlers handlers,
           Limits limits = {});
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Serves until it is cancelled; returns when its last connection has ended.
    asio::awaitable<void> run();
    std::uint16_t port() const { return port_; }

private:
    struct Connections;
    struct Page {
        int status = 200;
        std::string_view type = "text/plain; charset=utf-8";
        std::string body;
    };

    asio::awaitable<void> serve(asio::ip::tcp::socket socket,
                                std::shared_ptr<Connections> connections);
    asio::awaitable<void> finish();
    Page page_of(std::string_view method, std::string_view target) const;
    Page page_at(std::string_view path) const;

    Handlers handlers_;
    Limits limits_;
    asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::shared_ptr<Connections> connections_;
};

}  // namespace nudged::web
