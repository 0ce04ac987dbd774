// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <type_traits>

namespace nudged {

namespace asio = boost::asio;

/// Runs `work` on the pool and resumes the caller on its own executor with the result, or with what
/// `work` threw. The caller's frame outlives the call, so capturing by reference is sound:
/// `co_await on(workers, [&] { … })`. What has begun runs to its end: the caller resumes only then.
template <typename Work>
asio::awaitable<std::invoke_result_t<Work&>> on(asio::thread_pool& pool, Work work) {
    auto body = [&work]() -> asio::awaitable<std::invoke_result_t<Work&>> { co_return work(); };
    // Not handed on: a cancellation that meets the hop between the threads would end the program.
    const asio::cancellation_slot none;
    co_return co_await asio::co_spawn(pool, body,
                                      asio::bind_cancellation_slot(none, asio::use_awaitable));
}

}  // namespace nudged
