// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/net/line.hpp"

#include <chrono>
#include <cstdint>
#include <random>

namespace nudged::net {

/// A token bucket: `capacity` requests at once, refilled evenly over `per`. Starts full. Lives on
/// the loop.
class Limiter {
public:
    Limiter(asio::any_io_executor loop, double capacity, std::chrono::milliseconds per);
    /// Waits, in the order of asking, until `cost` tokens are there, and takes them. What costs
    /// more than the bucket holds waits for a full one, and leaves a debt that the next in line
    /// waits out. A pause that is longer than `patience` is not waited for: throws
    /// Failure(throttled) with what is left of it.
    asio::awaitable<void> take(
        double cost = 1, std::chrono::milliseconds patience = std::chrono::milliseconds::max());
    /// Takes tokens that have been used up already, and leaves the debt that this may be: who asks
    /// for none waits it out.
    void spend(double cost);
    /// Nobody gets a token before `wait` is over: the server has said so.
    void pause(std::chrono::milliseconds wait);

private:
    std::chrono::nanoseconds missing(double cost);
    std::chrono::milliseconds pause_left() const;

    Line line_;  // who asked first stands in front
    double capacity_;
    std::chrono::duration<double> per_;
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
    /// `attempt` counts from 0.
    std::chrono::milliseconds wait(int attempt);

private:
    std::chrono::milliseconds base_, cap_, floor_;
    std::mt19937_64 random_;
};

}  // namespace nudged::net
