// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/source_runner.hpp"

#include "daemon/warehouse/outbox.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>

using namespace nudged;
using namespace std::chrono_literals;
using model::Entity;
using model::Lane;

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

enum class Crm { well, refuses_credential, forbids_calls, unreachable };

/// Three streams of a CRM that is as the test says.
class FakeSource : public sources::Source {
public:
    FakeSource(const Crm& crm, const Instant& now, std::vector<Entity>& asked)
        : crm_(crm), now_(now), asked_(asked) {}
    std::span<const model::Stream> streams() const override { return streams_; }
    asio::awaitable<model::Page> fetch_page(model::Stream stream, model::Cursor) override {
        asked_.push_back(stream.entity);
        if (crm_ == Crm::refuses_credential) throw sources::DeadCredential("the token is refused");
        if (crm_ == Crm::forbids_calls && stream.entity == Entity::call)
            throw Failure(FailureKind::needs_person, "calls are forbidden");
        if (crm_ == Crm::unreachable) throw Failure(FailureKind::transient, "no route");
        model::Page page;
        page.fetched_at = now_;
        co_return page;
    }
    asio::awaitable<model::Page> fetch_records(Entity, std::vector<std::string>) override {
        model::Page page;
        co_return page;
    }
    std::chrono::seconds interval(model::Stream stream, std::chrono::seconds poll) const override {
        return stream.lane == Lane::sweep ? 7 * 24h : poll;
    }

private:
    const Crm& crm_;
    const Instant& now_;
    std::vector<Entity>& asked_;
    std::vector<model::Stream> streams_{{Entity::user, Lane::incremental},
                                        {Entity::call, Lane::incremental},
                                        {Entity::task, Lane::incremental},
                                        {Entity::account, Lane::sweep}};
};

std::string new_folder() {
    std::string pattern = (fs::temp_directory_path() / "nudged-XXXXXX").string();
    return ::mkdtemp(pattern.data());
}

/// A runner, what it runs on, and a clock that the test sets.
class Bench {
public:
    Bench() : folder_(new_folder()), writer_(options()) {
        source_.name = "crm";
        source_.connector = "fake";
        source_.poll = 5min;
        restart();
    }
    ~Bench() { fs::remove_all(folder_); }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    /// One round; the entities that were asked for.
    std::vector<Entity> round_after(std::chrono::milliseconds wait) {
        now += wait;
        asked_.clear();
        run(runner_->sync_due());
        return asked_;
    }
    std::vector<Entity> sync_now() {
        asked_.clear();
        run(runner_->sync_now(false, [](const runtime::StreamTurn&) {}));
        return asked_;
    }
    void restart() {
        runtime::SourceRunner::Context context{.writer = writer_,
                                               .clock = [this] { return now; },
                                               .on_turn = [](const runtime::StreamTurn&) {},
                                               .on_round = [] {},
                                               .admin_channel = "ops",
                                               .on_message = [this] { ++woken; }};
        runner_ = std::make_unique<runtime::SourceRunner>(
            loop_.get_executor(), std::make_unique<FakeSource>(crm, now, asked_), source_, context);
    }
    std::string needs_person() const { return runner_->needs_person(); }
    /// Reasons of the messages in the outbox, the oldest first.
    std::vector<std::string> told() {
        const warehouse::Reader reader((fs::path{folder_} / "nudged.db").string());
        std::vector<std::string> reasons;
        for (const auto& row : warehouse::read_outbox(reader))
            reasons.insert(reasons.begin(), row.reason);
        return reasons;
    }

    Instant now = *parse_instant("2026-11-20T12:00:00Z");
    Crm crm = Crm::well;
    int woken = 0;

private:
    warehouse::WriterOptions options() const {
        warehouse::WriterOptions options;
        options.path = (fs::path{folder_} / "nudged.db").string();
        return options;
    }
    template <typename Result>
    void run(asio::awaitable<Result> work) {
        auto result = asio::co_spawn(loop_, std::move(work), asio::use_future);
        loop_.restart();
        loop_.run();
        result.get();
    }

    std::string folder_;
    asio::io_context loop_;
    warehouse::Writer writer_;
    sources::SourceOptions source_;
    std::vector<Entity> asked_;
    std::unique_ptr<runtime::SourceRunner> runner_;
};

using Asked = std::vector<Entity>;
const Asked all{Entity::user, Entity::call, Entity::task};
const Asked all_and_sweep{Entity::user, Entity::call, Entity::task, Entity::account};

}  // namespace

TEST_CASE("a sweep is due by when it was last done, not by when the program was started") {
    Bench bench;
    CHECK(bench.round_after(0s) == all);  // the first load has told what there is
    CHECK(bench.round_after(8 * 24h) == all_and_sweep);
    bench.restart();
    CHECK(bench.round_after(6 * 24h) == all);
    bench.restart();
    CHECK(bench.round_after(24h) == all_and_sweep);
}

TEST_CASE("a dead credential stops its source: one stream asks, once an hour") {
    Bench bench;
    CHECK(bench.round_after(0s) == all);
    bench.crm = Crm::refuses_credential;
    CHECK(bench.round_after(5min) == Asked{Entity::user});
    CHECK(bench.needs_person() == "the token is refused");
    CHECK(bench.round_after(5min).empty());
    CHECK(bench.round_after(54min).empty());
    CHECK(bench.round_after(1min).size() == 1);
    CHECK(bench.round_after(59min).empty());
    bench.crm = Crm::well;
    CHECK(bench.round_after(1min) == all);
    CHECK(bench.needs_person().empty());
}

TEST_CASE("a network that is down while a credential is dead proves nothing, and costs an hour") {
    Bench bench;
    bench.crm = Crm::refuses_credential;
    bench.round_after(0s);
    bench.crm = Crm::unreachable;
    CHECK(bench.round_after(1h).size() == 1);
    CHECK(bench.needs_person() == "the token is refused");
    CHECK(bench.round_after(59min).empty());
    CHECK(bench.told() == std::vector<std::string>{"nudge"});
}

TEST_CASE("a person may ask about a dead credential at any time, and asks once") {
    Bench bench;
    bench.crm = Crm::refuses_credential;
    bench.round_after(0s);
    CHECK(bench.sync_now() == Asked{Entity::user});
    bench.crm = Crm::well;
    CHECK(bench.sync_now() == all_and_sweep);
    CHECK(bench.needs_person().empty());
}

TEST_CASE("a stream that is forbidden stops alone") {
    Bench bench;
    bench.crm = Crm::forbids_calls;
    CHECK(bench.round_after(0s) == all);
    CHECK(bench.needs_person() == "calls are forbidden");
    CHECK(bench.round_after(5min) == Asked{Entity::user, Entity::task});
    bench.crm = Crm::unreachable;
    bench.round_after(55min);
    CHECK(bench.needs_person() == "calls are forbidden");  // nobody has mended that
}

TEST_CASE("the admin is told once when a source needs a person, and once when it does not") {
    Bench bench;
    bench.round_after(0s);
    CHECK(bench.told().empty());
    bench.crm = Crm::refuses_credential;
    for (int hours = 0; hours < 5; ++hours) bench.round_after(1h);
    CHECK(bench.told() == std::vector<std::string>{"nudge"});
    CHECK(bench.woken == 1);
    bench.restart();
    bench.round_after(1h);
    CHECK(bench.told() == std::vector<std::string>{"nudge"});
    bench.crm = Crm::well;
    bench.restart();
    for (int hours = 0; hours < 3; ++hours) bench.round_after(1h);
    CHECK(bench.told() == std::vector<std::string>{"nudge", "resolved"});
    bench.crm = Crm::refuses_credential;
    bench.round_after(1h);
    CHECK(bench.told() == std::vector<std::string>{"nudge", "resolved", "nudge"});
}
