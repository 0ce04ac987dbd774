// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::cli {

namespace asio = boost::asio;

/// Waits on 127.0.0.1 for the browser that comes back from a log-in. Lives on the loop.
class LoginListener {
public:
    /// Decides about a request's target, "/callback?code=…": nullopt for one that does not belong
    /// here; may throw Failure, which ends the wait.
    using Decide = std::function<std::optional<std::string>(std::string_view target)>;

    /// `port` 0: any free one. Throws Failure(needs_person) when the port is taken.
    LoginListener(asio::io_context& loop, std::uint16_t port);

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// The first decision on a request for `path`; others are answered that there is nothing, and
    /// a connection that says nothing for a while is left. Throws Failure(transient) when nobody
    /// comes for ten minutes.
    asio::awaitable<std::string> wait(std::string path, Decide decide);

private:
    asio::awaitable<std::string> read_target(asio::ip::tcp::socket& socket);
    asio::awaitable<void> answer(asio::ip::tcp::socket& socket, std::string text, bool found);

    asio::io_context& loop_;
    asio::ip::tcp::acceptor acceptor_;
};

}  // namespace nudged::cli
