// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <random>

namespace nudged::net {

namespace asio = boost::asio;

/// A token bucket: `capacity` requests at once, refilled evenly over `per`. Lives on the loop.
class Limiter {
public:
    Limiter(asio::any_io_executor loop, double capacity, std::chrono::milliseconds per);
    /// Waits, in the order of asking, until `cost` tokens are there, and takes them.
    asio::awaitable<void> take(double cost = 1);
    /// Nobody gets a token before `wait` is over: the server has said so.
    void pause(std::chrono::milliseconds wait);

private:
    asio::any_io_executor loop_;
    double capacity_;
    double per_ms_;
    double tokens_;
    std::chrono::steady_clock::time_point filled_at_;
    std::chrono::steady_clock::time_point paused_until_{};
};

/// Full jitter: a random wait in [0, min(cap, base·2^attempt)], never under `floor` (delivery
/// §1.5).
class Backoff {
public:
    Backoff(std::chrono::milliseconds base, std::chrono::milliseconds cap,
            std::chrono::milliseconds floor = std::chrono::milliseconds{0},
            std::uint64_t seed = std::random_device{}());
    std::chrono::milliseconds wait(int attempt);

private:
    std::chrono::milliseconds base_, cap_, floor_;
    std::mt19937_64 random_;
};

}  // namespace nudged::net
