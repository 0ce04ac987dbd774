// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/line.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace nudged::net {

asio::awaitable<void> Line::Turn::sleep_until(std::chrono::steady_clock::time_point when) {
    place_->expires_at(when);
    co_await place_->async_wait(asio::as_tuple(asio::use_awaitable));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace nudged::net
