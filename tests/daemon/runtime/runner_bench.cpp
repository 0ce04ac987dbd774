// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/runtime/runner_bench.hpp"

#include "daemon/warehouse/outbox.hpp"

#include <catch2/catch.hpp>

namespace nudged::tests {
namespace {

using model::Entity;
using model::Lane;
using namespace std::chrono_literals;

class FakeSource : public sources::Source {
public:
    explicit FakeSource(FakeCrm& crm) : crm_(crm) {
        if (crm.pages_before == 0) streams_.push_back({Entity::account, Lane::sweep});
        if (crm.pages_before > 0) streams_.push_back({Entity::call, Lane::backfill});
        if (crm.sweeps_calls) streams_.push_back({Entity::call, Lane::sweep});
        if (crm.relinks_calls) streams_.push_back({Entity::call, Lane::relink});
    }
    std::span<const model::Stream> streams() const override { return streams_; }
    asio::awaitable<model::Page> fetch_page(model::Stream stream, model::Cursor from) override {
        runtime::StreamTurn named;
        named.stream = stream;
        crm_.asked.push_back(named.stream_name());
        refuse(stream);
        const bool is_news = stream == model::Stream{Entity::call, Lane::incremental};
        if (crm_.mood == FakeCrm::Mood::has_forgotten_news && is_news && !from.floor.empty())
            throw sources::NewsLost("the log of calls reaches back 29 days");
        model::Page page;
        page.cursor.floor = "now";
        if (stream.lane != Lane::incremental && stream.entity == Entity::call) {
            const int pages = from.position.empty() ? 1 : std::stoi(from.position) + 1;
            page.more = pages < crm_.pages_before;
            page.cursor = {.floor = page.more ? "" : "now", .position = std::to_string(pages)};
            crm_.now += 1min;
        }
        page.fetched_at = crm_.now;
        if (!crm_.tasks.empty() && stream.entity == Entity::task) tell_open_tasks(page);
        co_return page;
    }
    asio::awaitable<model::Page> fetch_records(Entity, std::vector<std::string> ids) override {
        model::Page page;
        page.fetched_at = crm_.now;
        for (const auto& id : ids) {
            const auto task = crm_.tasks.find(id);
            const bool is_gone = task == crm_.tasks.end();
            page.records.push_back(task_of(page, id, !is_gone && task->second));
            page.records.back().deleted = is_gone;
        }
        co_return page;
    }
    std::chrono::seconds interval(model::Stream stream, std::chrono::seconds poll) const override {
        if (stream.lane == Lane::backfill) return 365 * 24h;
        if (stream.lane == Lane::relink) return 3 * 24h;
        return stream.lane == Lane::incremental ? poll : 7 * 24h;
    }

private:
    static model::Record task_of(model::Page& page, const std::string& id, bool is_done) {
        model::Record record;
        record.entity = Entity::task;
        record.id = page.keep(id);
        record.values[*model::field_index(Entity::task, "is_done")] = std::int64_t{is_done};
        return record;
    }
    void tell_open_tasks(model::Page& page) const {
        for (const auto& [id, is_done] : crm_.tasks)
            if (!is_done) page.records.push_back(task_of(page, id, false));
        page.snapshot.emplace();
        page.snapshot->begins = page.snapshot->ends = page.snapshot->is_reread = true;
        page.snapshot->closes = {
            {*model::field_index(Entity::task, "is_done"), model::Value{std::int64_t{1}}, true}};
    }
    void refuse(model::Stream stream) const {
        using Mood = FakeCrm::Mood;
        if (crm_.mood == Mood::refuses_credential)
            throw sources::DeadCredential("the token is refused");
        if (crm_.mood == Mood::forbids_calls && stream.entity == Entity::call)
            throw Failure(FailureKind::needs_person, "calls are forbidden");
        if (crm_.mood == Mood::refuses_long_walks && stream.lane != Lane::incremental)
            throw sources::WalkBroken(FailureKind::refused, "no page beyond the 100th");
        if (crm_.mood == Mood::unreachable) throw Failure(FailureKind::transient, "no route");
    }

    FakeCrm& crm_;
    std::vector<model::Stream> streams_{{Entity::user, Lane::incremental},
                                        {Entity::call, Lane::incremental},
                                        {Entity::task, Lane::incremental}};
};

}  // namespace

RunnerBench::RunnerBench(int pages_before)
    : crm{.pages_before = pages_before, .now = *parse_instant("2026-11-20T12:00:00Z")},
      writer_({.path = warehouse(), .progress = {}}) {
    source_.name = "crm";
    source_.connector = "fake";
    source_.poll = 5min;
    restart();
}

void RunnerBench::restart() {
    runtime::SourceRunner::Context context{.writer = writer_,
                                           .clock = [this] { return crm.now; },
                                           .on_turn = [](const runtime::StreamTurn&) {},
                                           .on_round = [this] { ++rounds_told; },
                                           .admin_channel = "ops",
                                           .on_message = [this] { ++woken; }};
    runner_ = std::make_unique<runtime::SourceRunner>(
        loop_.get_executor(), std::make_unique<FakeSource>(crm), source_, context);
}

std::vector<std::string> RunnerBench::round_after(std::chrono::milliseconds wait) {
    crm.now += wait;
    crm.asked.clear();
    run(runner_->sync_due());
    return crm.asked;
}

std::vector<std::string> RunnerBench::sync_now(bool full) {
    crm.asked.clear();
    std::vector<std::string> told;
    const runtime::ManualSync::Report report =
        [&](const runtime::StreamTurn& turn) -> asio::awaitable<void> {
        const auto pages = fmt::format(" {}{}", turn.stored.pages, turn.paused ? "…" : "");
        told.push_back(turn.stream_name() + pages);
        co_return;
    };
    auto asking = asio::co_spawn(loop_, runner_->sync_now(full, report), asio::use_future);
    while (asking.wait_for(0s) != std::future_status::ready) run(runner_->sync_due());
    REQUIRE(asking.get());
    return told;
}

std::vector<std::string> RunnerBench::told() const {
    const warehouse::Reader reader(warehouse());
    std::vector<std::string> reasons;
    for (const auto& row : warehouse::read_outbox(reader))
        reasons.insert(reasons.begin(), row.reason);
    return reasons;
}

std::int64_t RunnerBench::count_tasks(const std::string& where) const {
    const warehouse::Database database(warehouse(), warehouse::Database::Mode::read_only);
    return database.integer("SELECT count(*) FROM task WHERE " + where);
}

}  // namespace nudged::tests
