// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <functional>
#include <list>

namespace nudged::runtime {

namespace asio = boost::asio;

/// Long-lived coroutines on the loop, with an owner that outlives them: stop() cancels all of them
/// and returns when the last has ended, so what they refer to may go afterwards.
class TaskGroup {
public:
    /// `on_failure` is told what a task threw (cancellation is no failure); a task that ends so is
    /// a bug or a lost resource, never a CRM's fault.
    TaskGroup(asio::any_io_executor loop, std::function<void(std::exception_ptr)> on_failure);
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    void spawn(asio::awaitable<void> task);
    asio::awaitable<void> stop();

private:
    asio::any_io_executor loop_;
    std::function<void(std::exception_ptr)> on_failure_;
    std::list<asio::cancellation_signal> running_;
    asio::steady_timer ended_;
};

}  // namespace nudged::runtime
