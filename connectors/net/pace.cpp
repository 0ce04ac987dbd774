// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/pace.hpp"

#include <algorithm>
#include <cassert>

namespace nudged::net {

using std::chrono::steady_clock;

Limiter::Limiter(asio::any_io_executor loop, double capacity, std::chrono::milliseconds per)
    : line_(std::move(loop)),
      capacity_(capacity),
      per_(per),
      tokens_(capacity),
      filled_at_(steady_clock::now()) {
    assert(capacity > 0 && per.count() > 0);
}

asio::awaitable<void> Limiter::take(double cost, std::chrono::milliseconds patience) {
    Line::Turn turn(line_);
    while (!turn.is_first()) co_await turn.sleep_until(steady_clock::time_point::max());
    for (auto wait = missing(cost); wait.count() > 0; wait = missing(cost)) {
        const auto pause = pause_left();
        if (pause > patience)
            throw Failure(FailureKind::throttled, "the far end wants no requests for a while",
                          pause);
        co_await turn.sleep_until(steady_clock::now() + wait);
    }
    tokens_ -= cost;
}

void Limiter::spend(double cost) {
    missing(0);  // what has come in by now
    tokens_ -= cost;
}

std::chrono::nanoseconds Limiter::missing(double cost) {
    const auto now = steady_clock::now();
    const std::chrono::duration<double> passed = now - filled_at_;
    tokens_ = std::min(capacity_, tokens_ + capacity_ * (passed / per_));
    filled_at_ = now;
    const double short_of = std::max(0.0, std::min(cost, capacity_) - tokens_);
    const auto refill = std::chrono::ceil<std::chrono::nanoseconds>(per_ * (short_of / capacity_));
    return std::max<std::chrono::nanoseconds>(refill, paused_until_ - now);
}

std::chrono::milliseconds Limiter::pause_left() const {
    const auto left = paused_until_ - steady_clock::now();
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(left),
                    std::chrono::milliseconds{0});
}

void Limiter::pause(std::chrono::milliseconds wait) {
    paused_until_ = std::max(paused_until_, steady_clock::now() + wait);
    line_.wake_first();  // who waits already may not have the patience for it
}

Backoff::Backoff(std::chrono::milliseconds base, std::chrono::milliseconds cap,
                 std::chrono::milliseconds floor, std::uint64_t seed)
    : base_(base), cap_(cap), floor_(floor), random_(seed) {}

std::chrono::milliseconds Backoff::wait(int attempt) {
    auto ceiling = std::min(base_, cap_);
    for (int n = 0; n < attempt && ceiling < cap_; ++n) ceiling = std::min(ceiling * 2, cap_);
    std::uniform_int_distribution<std::int64_t> any(0, ceiling.count());
    return std::max(floor_, std::chrono::milliseconds{any(random_)});
}

}  // namespace nudged::net
