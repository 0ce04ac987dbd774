// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/pace.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cassert>

namespace nudged::net {

using std::chrono::steady_clock;

/// A place in the line. Leaving it, served or cancelled, wakes the one who is in front then.
class Limiter::Turn {
public:
    explicit Turn(Limiter& limiter)
        : line_(limiter.line_), place_(line_.emplace(line_.end(), limiter.loop_)) {}
    ~Turn() {
        line_.erase(place_);
        if (!line_.empty()) line_.front().cancel();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    bool is_first() const { return place_ == line_.begin(); }

    asio::awaitable<void> sleep_until(steady_clock::time_point when) {
        place_->expires_at(when);
        co_await place_->async_wait(asio::as_tuple(asio::use_awaitable));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
    }

private:
    std::list<asio::steady_timer>& line_;
    std::list<asio::steady_timer>::iterator place_;
};

Limiter::Limiter(asio::any_io_executor loop, double capacity, std::chrono::milliseconds per)
    : loop_(std::move(loop)),
      capacity_(capacity),
      per_(per),
      tokens_(capacity),
      filled_at_(steady_clock::now()) {
    assert(capacity > 0 && per.count() > 0);
}

asio::awaitable<void> Limiter::take(double cost) {
    Turn turn(*this);
    while (!turn.is_first()) co_await turn.sleep_until(steady_clock::time_point::max());
    for (auto wait = missing(cost); wait.count() > 0; wait = missing(cost))
        co_await turn.sleep_until(steady_clock::now() + wait);
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

void Limiter::pause(std::chrono::milliseconds wait) {
    paused_until_ = std::max(paused_until_, steady_clock::now() + wait);
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
