// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/on.hpp"
#include "daemon/runtime/task_group.hpp"
#include "daemon/runtime/wake.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <stdexcept>

using namespace nudged;
using namespace nudged::runtime;
using namespace std::chrono_literals;

namespace {

/// Runs `work` to its end on a loop of its own.
template <typename Work>
void run(asio::io_context& loop, Work work) {
    std::exception_ptr thrown;
    asio::co_spawn(loop, work(), [&](std::exception_ptr failed) { thrown = failed; });
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace

TEST_CASE("stopping a task group ends what sleeps, and returns when the last task has ended") {
    asio::io_context loop;
    int failures = 0;
    int ended = 0;
    TaskGroup tasks(loop.get_executor(), [&](std::exception_ptr) { ++failures; });
    Wake never(loop.get_executor());
    struct Ended {
        int& count;
        ~Ended() { ++count; }
    };
    auto sleeper = [&]() -> asio::awaitable<void> {
        const Ended at_end{ended};
        co_await never.wait(1h);
    };
    auto work = [&]() -> asio::awaitable<void> {
        tasks.spawn(sleeper());
        co_await tasks.stop();
        CHECK(ended == 1);
    };
    run(loop, work);
    CHECK(failures == 0);  // cancellation is no failure
}

TEST_CASE("what a task throws is told to the group's owner") {
    asio::io_context loop;
    std::string told;
    TaskGroup tasks(loop.get_executor(), [&](std::exception_ptr thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& error) {
            told = error.what();
        }
    });
    auto breaks = []() -> asio::awaitable<void> {
        throw std::runtime_error("lost its disk");
        co_return;
    };
    auto work = [&]() -> asio::awaitable<void> {
        tasks.spawn(breaks());
        co_await tasks.stop();
    };
    run(loop, work);
    CHECK(told == "lost its disk");
}

TEST_CASE("a wake that is set before the wait is kept for it") {
    asio::io_context loop;
    Wake wake(loop.get_executor());
    wake.set();
    bool first = false;
    bool second = true;
    auto work = [&]() -> asio::awaitable<void> {
        first = co_await wake.wait(1h);
        second = co_await wake.wait(1ms);
    };
    run(loop, work);
    CHECK(first);
    CHECK_FALSE(second);
}

TEST_CASE("cancelling whoever waits for a worker ends nothing but the waiting, whenever it comes") {
    // The cancellation races with the hop between the threads: many rounds meet every point of it.
    for (int round = 0; round < 300; ++round) {
        asio::io_context loop;
        asio::thread_pool workers(2);
        TaskGroup tasks(loop.get_executor(), [](std::exception_ptr) { FAIL("a task failed"); });
        int done = 0;
        auto worker = [&]() -> asio::awaitable<void> {
            auto count = [&] { ++done; };
            for (int i = 0; i < 50; ++i) co_await on(workers, count);
        };
        auto work = [&]() -> asio::awaitable<void> {
            tasks.spawn(worker());
            auto nothing = [] {};
            for (int i = 0; i < round % 7; ++i) co_await on(workers, nothing);
            co_await tasks.stop();
        };
        run(loop, work);
        workers.join();
        REQUIRE(done <= 50);
    }
}
