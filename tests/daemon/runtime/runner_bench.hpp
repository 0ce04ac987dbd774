// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/source_runner.hpp"
#include "daemon/runtime/task_group.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nudged::tests {

namespace asio = boost::asio;

/// How the CRM of a RunnerBench is.
struct FakeCrm {
    enum class Mood {
        well,
        refuses_credential,
        forbids_calls,
        refuses_long_walks,
        has_forgotten_news,  // of calls
        unreachable
    } mood = Mood::well;
    int pages_before = 0;
    bool sweeps_calls = false;   // a minute a page as well, and as many
    bool relinks_calls = false;  // the same
    /// Whether each is done: it lists those that are not. Empty: it tells no tasks.
    std::map<std::string, bool> tasks{};
    Instant now{};                     // for all of the bench
    std::vector<std::string> asked{};  // streams, in order
};

/// A runner of one source with a CRM that is as the test says, and a clock that the test sets.
class RunnerBench {
public:
    /// `pages_before`: of a first load of calls, which takes a minute a page; without one there is
    /// a sweep.
    explicit RunnerBench(int pages_before = 0);
    RunnerBench(const RunnerBench&) = delete;
    RunnerBench& operator=(const RunnerBench&) = delete;

    /// One round; the streams that were asked for.
    std::vector<std::string> round_after(std::chrono::milliseconds wait);
    /// What somebody who asks for a sync is told, a turn each: "call", "call/backfill 3…" for one
    /// that goes on. The rounds are made here.
    std::vector<std::string> sync_now(bool full = false);
    void restart();
    void stop(runtime::TaskGroup& tasks) {
        auto stopped = asio::co_spawn(loop_, tasks.stop(), asio::use_future);
        finish(stopped);
    }
    template <typename Result>
    Result run(asio::awaitable<Result> work) {
        auto result = asio::co_spawn(loop_, std::move(work), asio::use_future);
        finish(result);
        return result.get();
    }
    runtime::SourceRunner& runner() { return *runner_; }
    asio::io_context& loop() { return loop_; }
    std::string needs_person() const { return runner_->needs_person(); }
    /// Reasons of the messages in the outbox, the oldest first.
    std::vector<std::string> told() const;
    std::int64_t count_tasks(const std::string& where) const;
    std::string warehouse() const { return folder_.file("nudged.db"); }

    FakeCrm crm;
    int woken = 0;
    int rounds_told = 0;

private:
    template <typename Result>
    void finish(std::future<Result>& result) {
        loop_.restart();
        while (result.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
            loop_.run_one();
    }

    TempFolder folder_;
    asio::io_context loop_;
    warehouse::Writer writer_;
    sources::SourceOptions source_;
    std::unique_ptr<runtime::SourceRunner> runner_;
};

}  // namespace nudged::tests
