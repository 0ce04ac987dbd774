// SPDX-License-Identifier: Apache-2.0
// A finding that is told at once, becomes worse and is settled, from the CRM's records to what the
// manager sees in Slack.
#include "daemon/alerts/message_edit.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/evaluator.hpp"
#include "daemon/runtime/task_group.hpp"
#include "tests/daemon/runtime/bot_office.hpp"
#include "tests/support/world/world.hpp"

#include <boost/asio/this_coro.hpp>
#include <catch2/catch.hpp>

#include <filesystem>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using Catch::Contains;
using Strings = std::vector<std::string>;

namespace {

/// Monday 23 November 2026, 09:00 in UTC.
const Instant monday = at(2026y / 11 / 23, 9);

/// Max's team, where a deal past its close date is told at once, by a bot. On Monday the digest has
/// told of Globex, so that from then on what is found after the day's digest is told at once.
class Desk {
public:
    Desk() : config_(make_config()), office_(config_.warehouse_path().string()) {
        deal("Globex").close_date(day(2026y / 11 / 2));
        move_ahead();
        evaluate(monday);
    }
    ~Desk() { workers_.join(); }

    /// As the CRM has it from now on.
    Draft& deal(const char* name) {
        world_.now(fetched_ += 1min);
        return world_.opportunity(name).owner("ana").created(noon(2026y / 9 / 1));
    }
    /// Somebody sets Acme's close date: to the Friday before, or to next year.
    void move_back() { deal("Acme").close_date(day(2026y / 11 / 20)); }
    void move_ahead() { deal("Acme").close_date(day(2027y / 3 / 31)); }
    /// The day's digest has gone out when Acme is found to be late.
    void be_late(Instant now) {
        evaluate(now - 1h);
        move_back();
        evaluate(now);
    }

    /// The daemon starts, judges everything, delivers what is due, and ends. The CRM was read just
    /// before.
    void evaluate(Instant now) {
        decide(now);
        office_.deliver_all();
    }
    /// The same without the delivery.
    void decide(Instant now) {
        world_.mark_all_complete(now);
        world_.reader();  // stores what was drafted
        office_.now = now;
        office_.restart();
        office_.run(evaluate_once());
    }
    runtime::CareReport answer(const char* what, Instant now) {
        office_.now = now;
        runtime::ControlRequest request{.command = "finding",
                                        .arguments = {{"do", what},
                                                      {"id", id_of("Acme")},
                                                      {"reason", "known"},
                                                      {"by", "max@example.com"}}};
        const runtime::CareContext care{.config = config_,
                                        .writer = office_.writer(),
                                        .rules = {},
                                        .workers = workers_,
                                        .clock = [now] { return now; }};
        auto report = office_.run(*runtime::find_care(request, care));
        office_.deliver_all();
        return report;
    }

    /// What Max sees of what was told at once; digests are another matter.
    Strings told() const {
        auto all = office_.slack.messages();
        std::erase_if(
            all, [](const std::string& one) { return one.find("just now") == std::string::npos; });
        return all;
    }
    /// The message that told of Acme first, as it reads now.
    std::string text() const {
        const auto all = office_.slack.messages();
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].find("just now") != std::string::npos) return office_.slack.text_of(i);
        return "nothing was told";
    }
    std::size_t edits() const { return office_.slack.requests("chat.update").size(); }
    std::size_t posts() const { return office_.slack.requests("chat.postMessage").size(); }
    BotOffice& office() { return office_; }

private:
    std::string id_of(const std::string& deal) {
        auto row = world_.database().prepare(
            "SELECT fingerprint FROM finding WHERE subject_id = ?1 AND check_id = "
            "'opp.past_close'");
        row.bind(1, std::string_view{deal}).step();
        return std::string{row.text(0)};
    }

    asio::awaitable<void> evaluate_once() {
        const auto loop = co_await asio::this_coro::executor;
        runtime::Wake done(loop);
        runtime::Evaluator::Hooks hooks{.all_synced = [] { return true; },
                                        .on_messages = [] {},
                                        .on_cycle = [&done] { done.set(); }};
        runtime::Evaluator evaluator(
            loop, config_, workers_, office_.writer(), [this] { return office_.now; }, hooks);
        runtime::TaskGroup tasks(loop, [](std::exception_ptr) {});
        tasks.spawn(evaluator.run());
        evaluator.wake();
        co_await done.wait(1min);
        co_await tasks.stop();
        if (!evaluator.trouble().empty()) throw std::runtime_error(evaluator.trouble());
    }

    config::Config make_config() {
        world_.team("North").manager("max").rep("ana").channel("people");
        world_.user("ana").email("ana@example.com");
        const std::filesystem::path file = world_.path();
        config::Config config;
        config.daemon.state_dir = file.parent_path().string();
        std::filesystem::create_symlink(file, config.warehouse_path());
        config.roster = world_.roster();
        config.alerts.shadow = false;
        config.alerts.brief.enabled = false;
        config.alerts.routing.rules.push_back({.checks = {"opp.past_close"}, .at_once = true});
        channels::ChannelOptions people;
        people.name = "people";
        people.kind = "slack_bot";
        people.audience = channels::Audience::manager;
        config.channels.push_back(std::move(people));
        return config;
    }

    Instant fetched_ = monday - 1h;
    World world_{monday};
    config::Config config_;
    asio::thread_pool workers_{1};
    BotOffice office_;
};

const Instant tuesday = monday + 25h;
const Instant wednesday = tuesday + 24h;
const Instant thursday = wednesday + 24h;

}  // namespace

TEST_CASE(
    "a finding that is told at once, becomes worse and is settled is one thread, and says so") {
    Desk desk;
    CHECK(desk.told().empty());
    desk.be_late(tuesday);
    CHECK(desk.told() == Strings{"D0MAX: North · just now"});
    CHECK_THAT(desk.text(), Contains("Still open 2 working days after its close date") &&
                                Contains("What has to happen at the customer"));

    desk.evaluate(wednesday - 1h);
    desk.deal("Acme").forecast_category("Commit");
    desk.evaluate(wednesday);
    CHECK(desk.told() == Strings{"D0MAX: North · just now", "  ↳ North · just now"});
    CHECK(desk.edits() == 0);

    desk.move_ahead();
    desk.evaluate(thursday);
    CHECK(desk.told() ==
          Strings{"D0MAX: Resolved on Thu 26 Nov 2026: North · just now", "  ↳ North · just now"});
    CHECK_THAT(desk.text(),
               Contains("✓ *Acme*") &&
                   Contains("Resolved on Thu 26 Nov 2026. Still open 2 working days") &&
                   !Contains("What has to happen at the customer"));
    CHECK(desk.edits() == 1);

    // Whatever runs again and however often it starts anew, it has been said.
    const auto posts = desk.posts();
    for (int i = 1; i <= 3; ++i) desk.evaluate(thursday + i * 1h);
    CHECK(desk.edits() == 1);
    CHECK(desk.posts() == posts);
}

TEST_CASE("once a reply finds its first message deleted, nothing asks for that thread any more") {
    Desk desk;
    desk.be_late(tuesday);
    const auto all = desk.office().slack.messages();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].find("just now") != std::string::npos) desk.office().slack.remove(i);

    desk.evaluate(wednesday - 1h);
    desk.deal("Acme").forecast_category("Commit");
    desk.evaluate(wednesday);
    desk.evaluate(wednesday + 1min);  // the pause after the try that found it gone is over
    // The deleted one, and one that stands alone.
    CHECK(desk.told() == Strings{"D0MAX: North · just now", "D0MAX: North · just now"});
    const auto tried = desk.posts();

    desk.move_ahead();
    desk.evaluate(wednesday + 1h);
    CHECK(desk.edits() == 0);  // of the deleted one
    CHECK(desk.posts() == tried);
}

TEST_CASE("what comes back is open again in the message that told it, without a new one") {
    Desk desk;
    desk.be_late(tuesday);
    desk.move_ahead();
    desk.evaluate(tuesday + 1h);
    CHECK(desk.told() == Strings{"D0MAX: Resolved on Tue 24 Nov 2026: North · just now"});
    desk.be_late(wednesday);
    CHECK(desk.told() == Strings{"D0MAX: Open again since Wed 25 Nov 2026: North · just now"});
    CHECK_THAT(desk.text(), Contains("What has to happen at the customer"));
    desk.evaluate(thursday - 1h);
    CHECK(desk.edits() == 2);
    desk.move_ahead();
    desk.evaluate(thursday);
    CHECK(desk.told() == Strings{"D0MAX: Resolved on Thu 26 Nov 2026: North · just now"});
}

TEST_CASE("an answer stands in the message at once, and goes with the answer") {
    Desk desk;
    desk.be_late(tuesday);
    desk.answer("ack", tuesday + 1h);
    CHECK(desk.told() == Strings{"D0MAX: Acknowledged on Tue 24 Nov 2026: North · just now"});
    desk.answer("take_back", tuesday + 2h);
    CHECK(desk.told() == Strings{"D0MAX: North · just now"});
    desk.answer("dismiss", tuesday + 3h);
    CHECK(desk.told() == Strings{"D0MAX: Dismissed on Tue 24 Nov 2026: North · just now"});
    desk.evaluate(wednesday);
    CHECK(desk.edits() == 3);
}

TEST_CASE("killed between any two steps, a finding is told once and its end is written once") {
    Desk desk;
    desk.evaluate(tuesday - 1h);
    desk.move_back();
    // Decided, and then the process dies before it has sent anything.
    desk.decide(tuesday);
    desk.decide(tuesday + 1min);
    desk.evaluate(tuesday + 2min);
    CHECK(desk.told() == Strings{"D0MAX: North · just now"});
    const auto posts = desk.posts();

    desk.move_ahead();
    desk.decide(tuesday + 1h);
    desk.decide(tuesday + 1h + 1min);
    // The process dies once more, with the edit in its hands.
    desk.office().writer().run_blocking([&](warehouse::Database& database) {
        const auto render = [](const warehouse::OutboxRow& row) { return row.message; };
        const auto claimed =
            warehouse::claim_next(database, "people", desk.office().now, 2min, render);
        REQUIRE(claimed);
        CHECK(claimed->reason == "edit");
        database.execute("UPDATE outbox SET payload = NULL WHERE state = 'claimed'");
    });
    for (int minute = 2; minute < 8; ++minute)
        desk.evaluate(tuesday + 1h + std::chrono::minutes{minute});
    CHECK(desk.told() == Strings{"D0MAX: Resolved on Tue 24 Nov 2026: North · just now"});
    CHECK(desk.edits() == 1);
    CHECK(desk.posts() == posts);
}

TEST_CASE(
    "what is settled while its message is still on its way is written when that has arrived") {
    Desk desk;
    desk.evaluate(tuesday - 1h);
    desk.move_back();
    desk.decide(tuesday);
    desk.move_ahead();
    desk.evaluate(tuesday + 1h);
    CHECK(desk.told() == Strings{"D0MAX: North · just now"});
    desk.evaluate(tuesday + 2h);
    CHECK(desk.told() == Strings{"D0MAX: Resolved on Tue 24 Nov 2026: North · just now"});
}
