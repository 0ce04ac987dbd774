// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/slack/envelope.hpp"
#include "connectors/channels/slack/web_client.hpp"
#include "connectors/net/websocket.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>

namespace nudged::channels::slack {

struct SocketModeLimits {
    std::chrono::milliseconds back_off_base{2'000};
    std::chrono::milliseconds back_off_cap{300'000};
    std::chrono::milliseconds broken_wait{300'000};     // while a person is needed
    std::chrono::milliseconds between_openings{1'000};  // at least, whatever Slack says
    /// A connection that ended sooner counts as one that failed: the next waits longer.
    std::chrono::milliseconds short_life{30'000};
    /// A connection whose successor stands is ended by Slack; or by us, after this long.
    std::chrono::milliseconds drain{60'000};
    std::size_t remembered = 1'000;  // envelopes, against those that come twice
    net::WebSocketOptions web_socket{};
};

/// Slack's Socket Mode: what people click and type comes over a connection that we open, so that
/// nobody needs to reach us. It is opened again whenever it ends; when Slack announces that, the
/// next one is opened first. Each envelope is acknowledged, then handed on, once. Lives on the
/// loop.
class SocketMode {
public:
    struct Hooks {
        std::function<void(Interaction)> on_interaction;
        /// It is connected: Slack has said hello.
        std::function<void()> on_connected;
        /// What ended it, or kept it from being opened; it is tried again by itself. With
        /// needs_person, somebody has to act first.
        std::function<void(FailureKind, const std::string& why)> on_failure;
        /// Something came that is no envelope.
        std::function<void()> on_malformed;
    };

    /// `web` and `http` outlive it.
    SocketMode(const asio::any_io_executor& loop, WebClient& web, net::HttpClient& http,
               Hooks hooks, SocketModeLimits limits = {});

    /// Until cancelled.
    asio::awaitable<void> run();

private:
    /// One of two places for a connection: one serves, and the other one takes over.
    struct Slot {
        explicit Slot(const asio::any_io_executor& loop)
            : timer(loop, asio::steady_timer::time_point::max()) {}
        bool has_turn = false;
        bool said_hello = false;
        std::chrono::steady_clock::time_point opened_at{};
        asio::steady_timer timer;
    };
    using Socket = std::shared_ptr<net::WebSocket>;

    asio::awaitable<void> keep(std::size_t mine);
    asio::awaitable<void> wait_for_turn(Slot& slot);
    asio::awaitable<Socket> open();
    asio::awaitable<void> serve(const Socket& socket, std::size_t mine);
    asio::awaitable<bool> take(net::WebSocket& socket, std::string text, std::size_t mine);
    void hand_over(std::size_t mine);
    void fail(FailureKind kind, const std::string& why);
    bool has_served(const Slot& slot) const;
    bool is_new(const std::string& key);
    std::chrono::milliseconds next_wait();

    asio::any_io_executor loop_;
    WebClient& web_;
    net::HttpClient& http_;
    Hooks hooks_;
    SocketModeLimits limits_;
    std::array<Slot, 2> slots_;
    int failures_ = 0;  // in a row, connections of a short life among them
    std::chrono::steady_clock::time_point tried_at_{};
    FailureKind last_failure_ = FailureKind::transient;
    std::set<std::string> seen_;
    std::deque<std::string> seen_order_;
    std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace nudged::channels::slack
