// SPDX-License-Identifier: Apache-2.0
// What an evaluation, a message and a source's runner have to do with each other when something is
// missing; rereading_test.cpp has the same with a simulated CRM.
#include "daemon/runtime/absence_proof.hpp"

#include "daemon/runtime/evaluator.hpp"
#include "daemon/runtime/task_group.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/people.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/this_coro.hpp>
#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;
using model::Entity;
using model::Lane;

namespace {

namespace asio = boost::asio;

/// A deal of Ana's without a next step, and a task of hers, which may be linked to it.
struct Crm {
    bool is_linked = false;  // as the CRM has it
    bool is_told = false;    // by the increments, too
    bool answers = true;     // questions for records by their ids
    int asked = 0;           // such questions
    Instant now = *parse_instant("2026-11-20T12:00:00Z");
};

class FakeSource : public sources::Source {
public:
    explicit FakeSource(Crm& crm) : crm_(crm) {}
    std::span<const model::Stream> streams() const override { return streams_; }
    asio::awaitable<model::Page> fetch_page(model::Stream stream, model::Cursor) override {
        model::Page page;
        page.cursor.floor = "now";
        page.fetched_at = crm_.now;
        if (stream.entity == Entity::user) add(page, Entity::user, "u1", {{"email", "ana@x.com"}});
        if (stream.entity == Entity::opportunity) add_deal(page);
        if (stream.entity == Entity::task) add_task(page, crm_.is_linked && crm_.is_told);
        co_return page;
    }
    asio::awaitable<model::Page> fetch_records(Entity entity, std::vector<std::string>) override {
        ++crm_.asked;
        if (!crm_.answers) throw Failure(FailureKind::transient, "503");
        model::Page page;
        page.fetched_at = crm_.now;
        if (entity == Entity::opportunity) add_deal(page);
        if (entity == Entity::task) add_task(page, crm_.is_linked);
        co_return page;
    }

private:
    using Texts = std::vector<std::pair<const char*, const char*>>;
    static model::Record& add(model::Page& page, Entity entity, const char* id,
                              const Texts& texts) {
        model::Record record;
        record.entity = entity;
        record.id = page.keep(id);
        for (const auto& [field, text] : texts)
            record.values[*model::field_index(entity, field)] = page.keep(text);
        page.records.push_back(record);
        return page.records.back();
    }
    static void add_deal(model::Page& page) {
        auto& deal = add(page, Entity::opportunity, "acme",
                         {{"name", "Acme"}, {"owner", "u1"}, {"close_date", "2027-03-31"}});
        deal.values[*model::field_index(Entity::opportunity, "created_at")] =
            to_millis(*parse_instant("2026-10-01T09:00:00Z"));
    }
    static void add_task(model::Page& page, bool is_linked) {
        Texts texts{{"owner", "u1"}, {"subject", "Send the offer"}, {"due_on", "2026-11-25"}};
        if (is_linked) texts.emplace_back("opportunity", "acme");
        add(page, Entity::task, "t1", texts);
    }

    Crm& crm_;
    std::vector<model::Stream> streams_{{Entity::user, Lane::incremental},
                                        {Entity::opportunity, Lane::incremental},
                                        {Entity::task, Lane::incremental}};
};

warehouse::RosterPerson person(const char* name, const char* email) {
    warehouse::RosterPerson made;
    made.name = name;
    made.emails = {email};
    return made;
}

/// It is Friday, 20 November 2026, noon; the digest of Ana's manager is due.
class Desk {
public:
    explicit Desk(bool reads_again = true)
        : config_(make_config()),
          writer_({.path = config_.warehouse_path().string(), .progress = {}}) {
        source_.name = "crm";
        auto apply = [this](warehouse::Database& database) {
            warehouse::apply_roster(database, config_.roster);
        };
        writer_.run_blocking(apply);
        const runtime::SourceRunner::Context context{.writer = writer_,
                                                     .clock = [this] { return crm.now; },
                                                     .on_turn = [](const runtime::StreamTurn&) {},
                                                     .on_round = [] {}};
        const auto loop = place_.loop().get_executor();
        runners_.push_back(std::make_unique<runtime::SourceRunner>(
            loop, std::make_unique<FakeSource>(crm), source_, context));
        runtime::Evaluator::Hooks hooks{.all_synced = [] { return true; },
                                        .on_messages = [] {},
                                        .on_cycle = [this] { done_.set(); }};
        if (reads_again)
            hooks.read_again = [this](runtime::RecordsOfSources records) {
                return runtime::read_again(runners_, std::move(records), 30s);
            };
        evaluator_.emplace(
            loop, config_, workers_, writer_, [this] { return crm.now; }, hooks);
    }
    ~Desk() { workers_.join(); }

    void poll() { place_.run(runners_[0]->sync_due()); }
    void evaluate() { place_.run(evaluate_once()); }
    bool has_told() const { return count("notified_at IS NOT NULL") == 1; }
    bool is_open() const { return count("state <> 'resolved'") == 1; }

    Crm crm;

private:
    std::int64_t count(const std::string& condition) const {
        const warehouse::Reader reader(config_.warehouse_path().string());
        return reader.database().integer(
            "SELECT count(*) FROM finding WHERE check_id = 'opp.no_next_step' AND " + condition);
    }
    asio::awaitable<void> evaluate_once() {
        std::exception_ptr failure;
        runtime::TaskGroup tasks(place_.loop().get_executor(),
                                 [&](std::exception_ptr failed) { failure = failed; });
        tasks.spawn(runners_[0]->run());
        tasks.spawn(evaluator_->run());
        evaluator_->wake();
        co_await done_.wait(1min);
        co_await tasks.stop();
        if (failure) std::rethrow_exception(failure);
        if (!evaluator_->trouble().empty()) throw std::runtime_error(evaluator_->trouble());
    }
    config::Config make_config() const {
        config::Config config;
        config.daemon.state_dir = folder_.path().string();
        warehouse::RosterTeam team;
        team.name = "Outbound";
        team.channel = "mara";
        team.manager = person("Mara Voss", "mara@x.com");
        team.members = {person("Ana Duarte", "ana@x.com")};
        config.roster.teams.push_back(std::move(team));
        config.alerts.shadow = false;
        config.alerts.brief.enabled = false;
        return config;
    }

    tests::TempFolder folder_;
    config::Config config_;
    sources::SourceOptions source_;
    asio::thread_pool workers_{1};
    runtime::Workplace place_;
    warehouse::Writer writer_;
    std::vector<std::unique_ptr<runtime::SourceRunner>> runners_;
    runtime::Wake done_{place_.loop().get_executor()};
    std::optional<runtime::Evaluator> evaluator_;
};

}  // namespace

TEST_CASE("a link that was made without moving a clock is seen before its absence is told") {
    const bool reads_again = GENERATE(false, true);
    Desk desk(reads_again);
    desk.poll();
    desk.crm.is_linked = true;
    desk.crm.now += 2h;
    desk.poll();  // the increments do not tell of it
    desk.evaluate();
    CHECK(desk.has_told() == !reads_again);
    CHECK(desk.is_open() == !reads_again);
}

TEST_CASE("what has come since the last poll is pulled before its absence is told") {
    const bool reads_again = GENERATE(false, true);
    Desk desk(reads_again);
    desk.poll();
    desk.crm.is_linked = desk.crm.is_told = true;
    desk.crm.now += 4min;
    desk.evaluate();
    CHECK(desk.has_told() == !reads_again);
}

TEST_CASE("what is missing still is told, and is read again once a message") {
    Desk desk;
    desk.poll();
    desk.evaluate();
    CHECK(desk.has_told());
    CHECK(desk.crm.asked == 2);  // the deal, and the task that is for nothing
    desk.crm.now += 1min;
    desk.evaluate();
    CHECK(desk.crm.asked == 2);
}

TEST_CASE("what cannot be read is not told until it can; the CRM is given ten minutes") {
    Desk desk;
    desk.crm.answers = false;
    desk.poll();
    desk.evaluate();
    CHECK_FALSE(desk.has_told());
    CHECK(desk.is_open());
    const auto asked = desk.crm.asked;
    desk.crm.answers = true;
    desk.crm.now += 9min;
    desk.evaluate();
    CHECK_FALSE(desk.has_told());
    CHECK(desk.crm.asked == asked);
    desk.crm.now += 1min;
    desk.evaluate();
    CHECK(desk.has_told());
}
