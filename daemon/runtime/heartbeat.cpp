// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/heartbeat.hpp"

#include "daemon/runtime/notify.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace nudged::runtime {

asio::awaitable<void> Heartbeat::keep_asking(Pulse& pulse,
                                             std::function<asio::awaitable<void>()> probe) {
    pulses_.push_back(&pulse);
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        co_await probe();
        pulse.stamp();
        timer.expires_after(limit_ / 4);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> Heartbeat::tell_service_manager() {
    const auto interval = notify::watchdog_interval();
    if (!interval) co_return;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        if (!stopped()) notify::watchdog();
        timer.expires_after(*interval / 4);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

std::optional<std::string> Heartbeat::stopped() const {
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    for (const auto* pulse : pulses_) {
        const auto age = std::chrono::steady_clock::duration{now - pulse->last_.load()};
        if (age > limit_)
            return fmt::format("the {} has made no progress for {} s", pulse->home_,
                               std::chrono::duration_cast<std::chrono::seconds>(age).count());
    }
    return std::nullopt;
}

}  // namespace nudged::runtime
