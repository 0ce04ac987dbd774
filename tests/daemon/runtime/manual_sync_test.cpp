// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/task_group.hpp"
#include "daemon/warehouse/cursors.hpp"
#include "tests/daemon/runtime/runner_bench.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using Told = std::vector<std::string>;

namespace {

const model::Stream load{model::Entity::call, model::Lane::backfill};

bool is_full(const RunnerBench& bench) {
    const warehouse::Database database(bench.warehouse(), warehouse::Database::Mode::read_only);
    return warehouse::is_full_load(database, "crm", load);
}

}  // namespace

TEST_CASE("a long load that was asked for by hand leaves what is new its turns") {
    RunnerBench bench(12);  // a minute each, where what is new is due every five
    const auto told = bench.sync_now();
    const Told everything_new{"user", "call", "task"};
    Told expected;
    for (const int pages : {5, 5, 2}) {
        expected.insert(expected.end(), everything_new.begin(), everything_new.end());
        for (int page = 0; page < pages; ++page) expected.push_back("call/backfill");
    }
    CHECK(bench.crm.asked == expected);
    // Whoever asked hears of each slice, with all that has come so far.
    CHECK(told == Told{"user 1", "call 1", "task 1", "call/backfill 5…", "call/backfill 10…",
                       "call/backfill 12"});
}

TEST_CASE("all that is asked for anew wins over what is stored, until it has come to its end") {
    RunnerBench bench(12);
    bench.sync_now();
    CHECK_FALSE(is_full(bench));
    runtime::TaskGroup tasks(bench.loop().get_executor(), [](std::exception_ptr) {});
    tasks.spawn(bench.runner().run());
    const runtime::ManualSync::Report leave =
        [](const runtime::StreamTurn& turn) -> asio::awaitable<void> {
        if (turn.paused) throw std::runtime_error("the terminal was closed");
        co_return;
    };
    CHECK_THROWS(bench.run(bench.runner().sync_now(true, leave)));
    bench.stop(tasks);
    CHECK(is_full(bench));
    bench.restart();  // neither that nor a new start ends what was asked for
    bench.round_after(5min);
    CHECK(is_full(bench));
    bench.round_after(5min);
    bench.round_after(5min);
    CHECK_FALSE(is_full(bench));
}

TEST_CASE("whoever asked for a sync is told when the runner ends before it") {
    RunnerBench bench(12);
    runtime::TaskGroup tasks(bench.loop().get_executor(), [](std::exception_ptr) {});
    bool stopped = false;
    const runtime::ManualSync::Report stop_at_once =
        [&](const runtime::StreamTurn&) -> asio::awaitable<void> {
        if (!std::exchange(stopped, true)) co_await tasks.stop();
    };
    tasks.spawn(bench.runner().run());
    CHECK_FALSE(bench.run(bench.runner().sync_now(false, stop_at_once)));
    CHECK(bench.crm.asked.size() < 15);
    // And whoever asks afterwards does not wait for what will not come.
    CHECK_FALSE(bench.run(bench.runner().sync_now(false, stop_at_once)));
}

TEST_CASE("a source that tells no records, as of sheets alone, is through at once") {
    boost::asio::io_context loop;
    runtime::ManualSync manual(loop.get_executor(), false);
    manual.begin({});
    bool is_through = false;
    const auto follow = [&]() -> asio::awaitable<void> {
        const runtime::ManualSync::Report nothing =
            [](const runtime::StreamTurn&) -> asio::awaitable<void> { co_return; };
        is_through = co_await manual.follow(nothing);
    };
    boost::asio::co_spawn(loop, follow, boost::asio::detached);
    loop.poll();
    CHECK(is_through);
}
