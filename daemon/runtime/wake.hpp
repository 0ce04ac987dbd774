// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <utility>

namespace nudged::runtime {

namespace asio = boost::asio;

/// A sleep that can be cut short. Lives on the loop; one waiter. A set() that comes before the wait
/// is kept for it.
class Wake {
public:
    explicit Wake(const asio::any_io_executor& loop) : timer_(loop) {}

    void set() {
        set_ = true;
        timer_.cancel();
    }

    /// True when set() ended the sleep. Cancellation passes through.
    asio::awaitable<bool> wait(std::chrono::milliseconds at_most) {
        if (!set_) {
            timer_.expires_after(at_most);
            boost::system::error_code ended;
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
            const auto cancelled = co_await asio::this_coro::cancellation_state;
            if (cancelled.cancelled() != asio::cancellation_type::none)
                throw boost::system::system_error(asio::error::operation_aborted);
        }
        co_return std::exchange(set_, false);
    }

    asio::any_io_executor executor() { return timer_.get_executor(); }

private:
    asio::steady_timer timer_;
    bool set_ = false;
};

}  // namespace nudged::runtime
