// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <cassert>

namespace nudged::runtime {
namespace {

bool is_cancellation(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const boost::system::system_error& error) {
        return error.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor loop, std::function<void(std::exception_ptr)> on_failure)
    : loop_(std::move(loop)), on_failure_(std::move(on_failure)), ended_(loop_) {
    ended_.expires_at(std::chrono::steady_clock::time_point::max());
}

TaskGroup::~TaskGroup() {
    assert(running_.empty() && "stop() comes first");
}

void TaskGroup::spawn(asio::awaitable<void> task) {
    const auto signal = running_.emplace(running_.end());
    asio::co_spawn(
        loop_, std::move(task),
        asio::bind_cancellation_slot(signal->slot(), [this, signal](std::exception_ptr thrown) {
            running_.erase(signal);
            if (thrown && !is_cancellation(thrown)) on_failure_(thrown);
            ended_.cancel();
        }));
}

asio::awaitable<void> TaskGroup::stop() {
    // Stopping itself is not to be cut short: the tasks refer to what the caller destroys next.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    for (auto signal = running_.begin(); signal != running_.end();) {
        const auto current = signal++;  // a task may end, and leave the list, while it is cancelled
        current->emit(asio::cancellation_type::terminal);
    }
    while (!running_.empty()) {
        boost::system::error_code woken;
        co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

}  // namespace nudged::runtime
