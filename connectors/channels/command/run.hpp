// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/process/child.hpp"

#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <string>

namespace nudged::channels::command {

namespace asio = boost::asio;

/// What came of a program.
struct Ended {
    bool timed_out = false;   // then it was stopped, and has no status
    int status = 0;           // 128 + the signal that ended it
    std::string first_error;  // the first line that it wrote to its standard error, raw; bounded
};

/// Runs a program until it ends or `timeout` is over; then it and all that it started is asked to
/// end, and killed two seconds later. What it writes to its standard output is read and forgotten.
/// Runs on the loop, starts and stops on `workers`. Throws Failure(needs_person) when there is no
/// such program; cancelled, it kills it.
asio::awaitable<Ended> run(const process::Launch& launch, std::chrono::milliseconds timeout,
                           asio::thread_pool& workers);

}  // namespace nudged::channels::command
