// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>

namespace nudged::net {

namespace asio = boost::asio;

/// A queue of coroutines: who came first is served first. Lives on the loop, and outlives those who
/// stand in it.
class Line {
public:
    explicit Line(asio::any_io_executor loop) : loop_(std::move(loop)) {}
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    /// A place in the line. Leaving it, served or cancelled, wakes the one who is in front then.
    class Turn {
    public:
        explicit Turn(Line& line)
            : line_(line), place_(line.places_.emplace(line.places_.end(), line.loop_)) {}
        ~Turn() {
            line_.places_.erase(place_);
            line_.wake_first();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        bool is_first() const { return place_ == line_.places_.begin(); }
        /// Until then, or until woken; throws when cancelled.
        asio::awaitable<void> sleep_until(std::chrono::steady_clock::time_point when);

    private:
        Line& line_;
        std::list<asio::steady_timer>::iterator place_;
    };

    void wake_first() {
        if (!places_.empty()) places_.front().cancel();
    }

private:
    asio::any_io_executor loop_;
    std::list<asio::steady_timer> places_;
};

}  // namespace nudged::net
