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

/// What somebody who follows a link of a message asks for.
struct AnswerRequest {
    bool is_post = false;
    std::string token;
    std::string form;  // of a POST
};
struct AnswerReply {
    int status = 200;
    std::string html;
};

/// What the pages say. Called on the loop, so answered at once, but for `answer`.
struct Handlers {
    std::function<std::optional<std::string>()>
        alive;                                        // why the daemon is stuck; nullopt: it lives
    std::function<std::vector<std::string>()> ready;  // why it is not ready, a line each
    std::function<std::string()> metrics;             // Prometheus text
    /// Of /answer/TOKEN; nullptr: there is no such page. Both arguments live until it is done.
    std::function<asio::awaitable<AnswerReply>(const AnswerRequest&)> answer{};
};

/// What one client, or many, can take from the loop.
struct Limits {
    std::size_t connections = 16;  // more of them wait in the kernel's queue
    std::size_t request_bytes = 8192;
    std::chrono::milliseconds time{10'000};  // from a connection's beginning to its end
    std::size_t form_bytes = 4096;
    int answers_a_minute = 60;  // of all who follow links: more are told to come back
};

/// The HTTP server of health and metrics: /livez, /readyz, /metrics and an index; and of the links
/// by which people answer messages, where there are any. One request a connection. Lives on the
/// loop.
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
        std::string_view allow = "GET";
        std::string policy = "default-src 'none'";
        bool is_answer = false;
    };

    asio::awaitable<void> serve(asio::ip::tcp::socket socket,
                                std::shared_ptr<Connections> connections);
    asio::awaitable<void> finish();
    asio::awaitable<Page> answer_page(const AnswerRequest& request);
    bool take_answer();
    Page page_of(std::string_view method, std::string_view target) const;
    Page page_at(std::string_view path) const;

    Handlers handlers_;
    Limits limits_;
    asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::chrono::steady_clock::time_point minute_{};  // in which answers are counted
    int answers_ = 0;
    std::shared_ptr<Connections> connections_;
};

}  // namespace nudged::web
