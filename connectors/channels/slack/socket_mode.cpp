// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/socket_mode.hpp"

#include "connectors/base/failure.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace nudged::channels::slack {
namespace {

/// However long Slack asks us to wait.
constexpr std::chrono::hours longest_pause{1};
constexpr std::string_view link_disabled =
    "Socket Mode is switched off in the Slack app; switch it on at the app's page Socket Mode";

}  // namespace

SocketMode::SocketMode(const asio::any_io_executor& loop, WebClient& web, net::HttpClient& http,
                       Hooks hooks, SocketModeLimits limits)
    : loop_(loop),
      web_(web),
      http_(http),
      hooks_(std::move(hooks)),
      limits_(limits),
      slots_{Slot{loop}, Slot{loop}} {
    slots_[0].has_turn = true;
}

asio::awaitable<void> SocketMode::run() {
    using namespace asio::experimental::awaitable_operators;
    try {
        co_await (keep(0) && keep(1));
    } catch (const asio::multiple_exceptions& both) {
        std::rethrow_exception(both.first_exception());  // the same: both are cancelled together
    }
}

asio::awaitable<void> SocketMode::keep(std::size_t mine) {
    auto& slot = slots_[mine];
    for (;;) {
        co_await wait_for_turn(slot);
        const Socket socket = co_await open();
        slot.said_hello = false;
        slot.opened_at = std::chrono::steady_clock::now();
        co_await serve(socket, mine);
    }
}

asio::awaitable<void> SocketMode::wait_for_turn(Slot& slot) {
    while (!slot.has_turn) {
        boost::system::error_code woken;
        co_await slot.timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        const auto cancelled = co_await asio::this_coro::cancellation_state;
        if (cancelled.cancelled() != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
    }
}

/// Again and again until one stands.
asio::awaitable<SocketMode::Socket> SocketMode::open() {
    asio::steady_timer timer(loop_);
    std::chrono::milliseconds asked_for{0};  // by Slack
    for (;;) {
        auto begin = tried_at_ + limits_.between_openings;
        if (failures_ > 0)
            begin = std::max(begin,
                             std::chrono::steady_clock::now() + std::max(next_wait(), asked_for));
        timer.expires_at(begin);
        co_await timer.async_wait(asio::use_awaitable);
        tried_at_ = std::chrono::steady_clock::now();
        try {
            auto url = co_await web_.open_connection();
            Socket socket =
                co_await net::WebSocket::open(http_, std::move(url), limits_.web_socket);
            last_failure_ = FailureKind::transient;
            co_return socket;
        } catch (const Failure& failure) {
            asked_for = std::min<std::chrono::milliseconds>(
                failure.retry_after().value_or(std::chrono::milliseconds{0}), longest_pause);
            fail(failure.kind(), failure.what());
        }
    }
}

/// Reads one connection to its end.
asio::awaitable<void> SocketMode::serve(const Socket& socket, std::size_t mine) {
    asio::steady_timer end(loop_);
    bool is_left = false;
    std::optional<Failure> failed;
    try {
        for (;;) {
            auto text = co_await socket->read();
            if (!text) break;
            const bool goes_on = co_await take(*socket, std::move(*text), mine);
            if (!goes_on) break;
            if (slots_[mine].has_turn || is_left) continue;
            is_left = true;
            end.expires_after(limits_.drain);
            end.async_wait([weak = std::weak_ptr(socket)](boost::system::error_code cancelled) {
                const auto still = weak.lock();
                if (!cancelled && still) still->abort();
            });
        }
    } catch (const Failure& failure) {
        failed = failure;
    }
    if (!failed) co_await socket->close();
    if (is_left) co_return;  // how one ends whose successor stands is nothing to anybody
    if (!failed && last_failure_ == FailureKind::needs_person) co_return;  // counted already
    if (has_served(slots_[mine])) failures_ = 0;
    if (failed)
        fail(failed->kind(), failed->what());
    else if (!slots_[mine].said_hello)
        fail(FailureKind::transient, "Slack closed the connection before it said hello");
    else
        ++failures_;  // the next one is opened, but not in haste
}

/// One message; false when the connection is of no use any more.
asio::awaitable<bool> SocketMode::take(net::WebSocket& socket, std::string text, std::size_t mine) {
    auto envelope = parse_envelope(text);
    if (!envelope) {
        hooks_.on_malformed();
        co_return true;
    }
    if (envelope->type == "hello") {
        slots_[mine].said_hello = true;
        hooks_.on_connected();
    } else if (envelope->type == "disconnect") {
        if (envelope->reason == "link_disabled") {
            fail(FailureKind::needs_person, std::string{link_disabled});
            co_return false;
        }
        hand_over(mine);
    }
    if (envelope->id.empty()) co_return true;
    const auto answer = acknowledgement(envelope->id);
    co_await socket.write(answer);
    // Slack may send again what it believes to be lost, under either name.
    bool is_first = is_new(envelope->id);
    auto& interaction = envelope->interaction;
    if (interaction && !interaction->trigger.empty()) is_first &= is_new(interaction->trigger);
    if (interaction && is_first) hooks_.on_interaction(std::move(*interaction));
    co_return true;
}

void SocketMode::hand_over(std::size_t mine) {
    auto& next = slots_[1 - mine];
    if (!std::exchange(slots_[mine].has_turn, false)) return;
    failures_ = has_served(slots_[mine]) ? 0 : failures_ + 1;
    next.has_turn = true;
    next.timer.cancel();
}

void SocketMode::fail(FailureKind kind, const std::string& why) {
    ++failures_;
    last_failure_ = kind;
    hooks_.on_failure(kind, why);
}

/// A hello alone is not enough: who says hello and goodbye over and over is not asked over and
/// over.
bool SocketMode::has_served(const Slot& slot) const {
    const auto life = std::chrono::steady_clock::now() - slot.opened_at;
    return slot.said_hello && life >= limits_.short_life;
}

bool SocketMode::is_new(const std::string& key) {
    if (!seen_.insert(key).second) return false;
    seen_order_.push_back(key);
    if (seen_order_.size() > limits_.remembered) {
        seen_.erase(seen_order_.front());
        seen_order_.pop_front();
    }
    return true;
}

/// Full jitter (delivery reference §1.5): after an outage not all come back at once.
std::chrono::milliseconds SocketMode::next_wait() {
    if (last_failure_ == FailureKind::needs_person) return limits_.broken_wait;
    const int doublings = std::min(failures_ - 1, 16);
    const auto most = std::min<std::chrono::milliseconds>(
        limits_.back_off_cap, limits_.back_off_base * (std::int64_t{1} << doublings));
    std::uniform_int_distribution<std::int64_t> wait(most.count() / 10, most.count());
    return std::chrono::milliseconds{wait(random_)};
}

}  // namespace nudged::channels::slack
