// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/login_listener.hpp"

#include "connectors/base/failure.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <chrono>

namespace nudged::cli {
namespace {

using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto patience = 10min;
constexpr auto silence = 5s;  // of a connection: browsers open some in advance
constexpr std::size_t most_bytes = 16 * 1024;

}  // namespace

LoginListener::LoginListener(asio::io_context& loop, std::uint16_t port)
    : loop_(loop), acceptor_(loop) {
    const tcp::endpoint here{asio::ip::address_v4::loopback(), port};
    boost::system::error_code error;
    acceptor_.open(here.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(here, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (error)
        throw Failure(
            FailureKind::needs_person,
            fmt::format("cannot listen on 127.0.0.1:{} for the browser's return: {}; free "
                        "the port, or use --paste",
                        port, error.message()));
}

/// The target of "GET /callback?… HTTP/1.1"; "" for anything else.
asio::awaitable<std::string> LoginListener::read_target(tcp::socket& socket) {
    using namespace asio::experimental::awaitable_operators;
    std::string head;
    boost::system::error_code error;
    asio::steady_timer timer{loop_};
    timer.expires_after(silence);
    auto reading =
        asio::async_read_until(socket, asio::dynamic_buffer(head, most_bytes), "\r\n\r\n",
                               asio::redirect_error(asio::use_awaitable, error));
    auto waiting = timer.async_wait(asio::use_awaitable);
    co_await (std::move(reading) || std::move(waiting));
    const auto line = std::string_view{head}.substr(0, head.find("\r\n"));
    const auto end = line.rfind(' ');
    constexpr std::string_view get = "GET ";
    if (error || !line.starts_with(get) || end < get.size()) co_return std::string{};
    std::string target{line.substr(get.size(), end - get.size())};
    co_return target;
}

asio::awaitable<void> LoginListener::answer(tcp::socket& socket, std::string text, bool found) {
    const auto body =
        fmt::format("<!doctype html><meta charset=utf-8><title>nudged</title><p>{}", text);
    const auto reply = fmt::format(
        "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{}",
        found ? "200 OK" : "404 Not Found", body.size(), body);
    boost::system::error_code ignored;
    co_await asio::async_write(socket, asio::buffer(reply),
                               asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<std::string> LoginListener::wait(std::string path, Decide decide) {
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer{loop_};
    timer.expires_after(patience);
    for (;;) {
        tcp::socket socket{loop_};
        auto accepting = acceptor_.async_accept(socket, asio::use_awaitable);
        auto waiting = timer.async_wait(asio::use_awaitable);
        const auto first = co_await (std::move(accepting) || std::move(waiting));
        if (first.index() == 1)
            throw Failure(FailureKind::transient,
                          "nobody came back from the log-in for ten minutes");
        const auto target = co_await read_target(socket);
        std::optional<std::string> decision;
        std::optional<Failure> declined;
        const bool is_ours = target.substr(0, target.find('?')) == path;
        try {
            if (is_ours) decision = decide(target);
        } catch (const Failure& failure) {
            declined = failure;
        }
        std::string text = "Nothing is here.";
        if (decision) text = "nudged has what it needs; this page may be closed.";
        if (declined) text = "The log-in was declined; the terminal says more.";
        co_await answer(socket, text, decision || declined);
        if (declined) throw Failure{*declined};
        if (decision) co_return *decision;
    }
}

}  // namespace nudged::cli
