// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/runtime/runner_bench.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using Mood = FakeCrm::Mood;
using Asked = std::vector<std::string>;

namespace {

const Asked all{"user", "call", "task"};
const Asked all_and_sweep{"user", "call", "task", "account/sweep"};

/// A first load of calls of so many pages, and a sweep of as many.
void have_calls_swept(RunnerBench& bench) {
    bench.crm.sweeps_calls = true;
    bench.restart();
}

}  // namespace

TEST_CASE("a sweep is due by when it was last done, not by when the program was started") {
    RunnerBench bench;
    CHECK(bench.round_after(0s) == all);  // the first load has told what there is
    CHECK(bench.round_after(8 * 24h) == all_and_sweep);
    bench.restart();
    CHECK(bench.round_after(6 * 24h) == all);
    bench.restart();
    CHECK(bench.round_after(24h) == all_and_sweep);
}

TEST_CASE("a round in which nothing was due makes nobody look at it") {
    RunnerBench bench;
    CHECK(bench.round_after(0s) == all);
    CHECK(bench.rounds_told == 1);
    CHECK(bench.round_after(1s) == Asked{});
    CHECK(bench.rounds_told == 1);
    CHECK(bench.round_after(24h) == all);
    CHECK(bench.rounds_told == 2);
}

TEST_CASE("a first sweep comes a week after the first load, however often the program starts") {
    RunnerBench bench(1);
    have_calls_swept(bench);
    CHECK(bench.round_after(0s) == Asked{"user", "call", "task", "call/backfill"});
    for (int start = 0; start < 3; ++start) {
        bench.restart();
        CHECK(bench.round_after(2 * 24h) == all);
    }
    bench.restart();
    CHECK(bench.round_after(24h) == Asked{"user", "call", "task", "call/sweep"});
}

TEST_CASE("a first sweep that was broken off goes on with the next start") {
    RunnerBench bench(12);
    have_calls_swept(bench);
    for (int slice = 0; slice < 3; ++slice) bench.round_after(0s);
    const Asked slice{"user",       "call",       "task",       "call/sweep",
                      "call/sweep", "call/sweep", "call/sweep", "call/sweep"};
    CHECK(bench.round_after(7 * 24h) == slice);
    bench.restart();
    CHECK(bench.round_after(0s) == slice);
}

TEST_CASE("links are read again three days after the first load, which has read them") {
    RunnerBench bench(12);
    bench.crm.relinks_calls = true;
    bench.restart();
    bench.round_after(0s);
    bench.restart();
    bench.round_after(2 * 24h);
    // The last two of twelve.
    CHECK(bench.round_after(0s) == Asked{"user", "call", "task", "call/backfill", "call/backfill"});
    for (int start = 0; start < 2; ++start) {
        bench.restart();
        CHECK(bench.round_after(24h) == all);
    }
    bench.restart();
    const Asked slice{"user",        "call",        "task",        "call/relink",
                      "call/relink", "call/relink", "call/relink", "call/relink"};
    CHECK(bench.round_after(24h) == slice);
    // Increments that are due go before the rest of it.
    bench.restart();
    CHECK(bench.round_after(0s) == slice);
}

TEST_CASE("a first load that was done before anybody asked for links is followed by them at once") {
    RunnerBench bench(1);
    bench.round_after(0s);
    bench.crm.relinks_calls = true;
    bench.restart();
    CHECK(bench.round_after(5min) == Asked{"user", "call", "task", "call/relink"});
    bench.restart();
    CHECK(bench.round_after(2 * 24h) == all);
    // Who asks for a sync by hand does not wait for that.
    CHECK(bench.sync_now() == Asked{"user 1", "call 1", "task 1", "call/backfill 1"});
    bench.restart();
    CHECK(bench.round_after(24h) == Asked{"user", "call", "task", "call/relink"});
}

TEST_CASE("a sweep that is refused comes again with the next one, not after a back-off") {
    RunnerBench bench;
    bench.round_after(0s);
    bench.crm.mood = Mood::refuses_long_walks;
    CHECK(bench.round_after(7 * 24h) == all_and_sweep);
    CHECK(bench.round_after(1h) == all);
    CHECK(bench.round_after(6 * 24h) == all);
    CHECK(bench.round_after(23h) == all_and_sweep);
}

TEST_CASE("a first load that is refused begins again after six hours") {
    RunnerBench bench(1);
    bench.crm.mood = Mood::refuses_long_walks;
    const Asked all_and_load{"user", "call", "task", "call/backfill"};
    CHECK(bench.round_after(0s) == all_and_load);
    CHECK(bench.round_after(5h) == all);
    CHECK(bench.round_after(1h) == all_and_load);
    bench.crm.mood = Mood::unreachable;
    CHECK(bench.round_after(6h) == all_and_load);
    bench.crm.mood = Mood::well;
    CHECK(bench.round_after(20min) == all_and_load);  // what may pass is waited for less long
}

TEST_CASE("news that the CRM has forgotten are made up for by another first load") {
    RunnerBench bench(1);
    const Asked all_and_load{"user", "call", "task", "call/backfill"};
    CHECK(bench.round_after(0s) == all_and_load);
    bench.crm.mood = Mood::has_forgotten_news;
    // The load waits for the increments to begin; what they tell from then on is stored.
    CHECK(bench.round_after(30 * 24h) == all);
    CHECK(bench.round_after(0s) == Asked{"call"});
    CHECK(bench.round_after(10s) == Asked{"call/backfill"});
    CHECK(bench.round_after(0s).empty());
}

TEST_CASE("a source has not synced before its first load is through, however that fares") {
    RunnerBench bench(12);
    bench.round_after(0s);
    CHECK_FALSE(bench.runner().has_synced());
    bench.crm.mood = Mood::unreachable;
    bench.round_after(5min);
    CHECK_FALSE(bench.runner().has_synced());
    bench.restart();
    bench.round_after(0s);
    CHECK_FALSE(bench.runner().has_synced());
    bench.crm.mood = Mood::well;
    bench.round_after(20min);
    CHECK_FALSE(bench.runner().has_synced());
    bench.round_after(0s);
    CHECK(bench.runner().has_synced());
    bench.restart();
    bench.round_after(0s);
    CHECK(bench.runner().has_synced());
    bench.crm.mood = Mood::unreachable;
    bench.round_after(20min);
    CHECK(bench.runner().has_synced());
}

TEST_CASE("a first load that waits for a person keeps nobody else waiting") {
    RunnerBench bench(1);
    bench.crm.mood = Mood::forbids_calls;
    bench.round_after(0s);
    CHECK(bench.runner().has_synced());
    bench.crm.mood = Mood::refuses_credential;
    bench.round_after(1h);
    CHECK(bench.runner().has_synced());
}

TEST_CASE("a clock that is set back by a year delays no stream") {
    RunnerBench bench;
    CHECK(bench.round_after(0s) == all);
    CHECK(bench.round_after(-365 * 24h) == all);
    CHECK(bench.round_after(1min).empty());
    CHECK(bench.round_after(5min) == all);
}

TEST_CASE("a dead credential stops its source: one stream asks, once an hour") {
    RunnerBench bench;
    CHECK(bench.round_after(0s) == all);
    bench.crm.mood = Mood::refuses_credential;
    CHECK(bench.round_after(5min) == Asked{"user"});
    CHECK(bench.needs_person() == "the token is refused");
    CHECK(bench.round_after(5min).empty());
    CHECK(bench.round_after(54min).empty());
    CHECK(bench.round_after(1min).size() == 1);
    CHECK(bench.round_after(59min).empty());
    bench.crm.mood = Mood::well;
    CHECK(bench.round_after(1min) == all);
    CHECK(bench.needs_person().empty());
}

TEST_CASE("a network that is down while a credential is dead proves nothing, and costs an hour") {
    RunnerBench bench;
    bench.crm.mood = Mood::refuses_credential;
    bench.round_after(0s);
    bench.crm.mood = Mood::unreachable;
    CHECK(bench.round_after(1h).size() == 1);
    CHECK(bench.needs_person() == "the token is refused");
    CHECK(bench.round_after(59min).empty());
    CHECK(bench.told() == std::vector<std::string>{"nudge"});
}

TEST_CASE("a person may ask about a dead credential at any time, and asks once") {
    RunnerBench bench;
    bench.crm.mood = Mood::refuses_credential;
    bench.round_after(0s);
    bench.sync_now();
    CHECK(bench.crm.asked == Asked{"user"});
    bench.crm.mood = Mood::well;
    bench.sync_now();
    CHECK(bench.crm.asked == all_and_sweep);
    CHECK(bench.needs_person().empty());
}

TEST_CASE("a stream that is forbidden stops alone") {
    RunnerBench bench;
    bench.crm.mood = Mood::forbids_calls;
    CHECK(bench.round_after(0s) == all);
    CHECK(bench.needs_person() == "calls are forbidden");
    CHECK(bench.round_after(5min) == Asked{"user", "task"});
    bench.crm.mood = Mood::unreachable;
    bench.round_after(55min);
    CHECK(bench.needs_person() == "calls are forbidden");  // nobody has mended that
}

TEST_CASE("the admin is told once when a source needs a person, and once when it does not") {
    RunnerBench bench;
    bench.round_after(0s);
    CHECK(bench.told().empty());
    bench.crm.mood = Mood::refuses_credential;
    for (int hours = 0; hours < 5; ++hours) bench.round_after(1h);
    CHECK(bench.told() == std::vector<std::string>{"nudge"});
    CHECK(bench.woken == 1);
    bench.restart();
    bench.round_after(1h);
    CHECK(bench.told() == std::vector<std::string>{"nudge"});
    bench.crm.mood = Mood::well;
    bench.restart();
    for (int hours = 0; hours < 3; ++hours) bench.round_after(1h);
    CHECK(bench.told() == std::vector<std::string>{"nudge", "resolved"});
    bench.crm.mood = Mood::refuses_credential;
    bench.round_after(1h);
    CHECK(bench.told() == std::vector<std::string>{"nudge", "resolved", "nudge"});
}

TEST_CASE("tasks that a list of open ones no longer tells are read by their ids") {
    RunnerBench bench;
    for (int n = 0; n < 40; ++n) bench.crm.tasks[std::to_string(n)] = false;
    bench.round_after(0min);
    CHECK(bench.count_tasks("is_done = 0") == 40);
    bench.crm.tasks["7"] = bench.crm.tasks["8"] = true;
    bench.crm.tasks.erase("9");
    bench.round_after(5min);
    CHECK(bench.count_tasks("is_done = 1 AND deleted_at IS NULL") == 2);
    CHECK(bench.count_tasks("deleted_at IS NOT NULL") == 1);
    // A good many done at once are believed, since each of them is read …
    for (int n = 10; n < 40; ++n) bench.crm.tasks[std::to_string(n)] = true;
    bench.round_after(5min);
    CHECK(bench.count_tasks("is_done = 1 AND deleted_at IS NULL") == 32);
    CHECK(bench.count_tasks("is_done = 0 AND deleted_at IS NULL") == 7);
}

TEST_CASE("of many tasks that none of the ids finds none is buried") {
    RunnerBench bench;
    for (int n = 0; n < 40; ++n) bench.crm.tasks[std::to_string(n)] = false;
    bench.round_after(0min);
    for (int n = 10; n < 40; ++n) bench.crm.tasks.erase(std::to_string(n));
    bench.round_after(5min);
    CHECK(bench.count_tasks("deleted_at IS NOT NULL") == 0);
    CHECK(bench.count_tasks("is_done = 0") == 40);
}
