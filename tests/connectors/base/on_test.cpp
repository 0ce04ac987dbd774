// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/on.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <stdexcept>
#include <thread>

using namespace nudged;

TEST_CASE("work runs on the pool and its result comes back to the loop") {
    asio::thread_pool workers(1);
    asio::io_context loop;
    std::thread::id worked_on, resumed_on;
    int result = 0;
    auto body = [&]() -> asio::awaitable<void> {
        result = co_await on(workers, [&] {
            worked_on = std::this_thread::get_id();
            return 42;
        });
        resumed_on = std::this_thread::get_id();
    };
    asio::co_spawn(loop, body, [](std::exception_ptr error) { CHECK_FALSE(error); });
    loop.run();
    CHECK(result == 42);
    CHECK(resumed_on == std::this_thread::get_id());
    CHECK(worked_on != resumed_on);
}

TEST_CASE("what work on the pool throws arrives where it was asked for") {
    asio::thread_pool workers(1);
    asio::io_context loop;
    std::string caught;
    auto body = [&]() -> asio::awaitable<void> {
        try {
            co_await on(workers, [] { throw std::runtime_error("no luck"); });
        } catch (const std::runtime_error& error) {
            caught = error.what();
        }
    };
    asio::co_spawn(loop, body, [](std::exception_ptr error) { CHECK_FALSE(error); });
    loop.run();
    CHECK(caught == "no luck");
}
