// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/retention.hpp"
#include "daemon/warehouse/rollups.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

const Instant now = tests::noon(2026y / 11 / 20);

RowCounts retain(tests::World& world, const RetentionOptions& options = {}, Instant at = now) {
    world.reader();
    RetentionPass pass(options, at);
    for (bool more = true; more;) {
        Transaction transaction{world.database()};
        more = pass.step(world.database());
        transaction.commit();
    }
    return pass.past();
}

RowCounts count_past(tests::World& world, const RetentionOptions& options = {}) {
    const auto reader = world.reader();
    Database database(world.path(), Database::Mode::read_only);
    RetentionPass pass(options, now, RetentionPass::Mode::only_count);
    while (pass.step(database)) continue;
    return pass.past();
}

std::string ids(tests::World& world, const std::string& table) {
    auto rows = world.database().prepare("SELECT external_id FROM " + table + " ORDER BY 1");
    std::string text;
    while (rows.step()) text += (text.empty() ? "" : " ") + std::string{rows.text(0)};
    return text;
}

std::int64_t team_sum(tests::World& world, std::string_view team, std::string_view monday,
                      std::string_view measure) {
    auto row = world.database().prepare(
        "SELECT value FROM team_sum WHERE team = ?1 AND monday = ?2 AND measure = ?3");
    row.bind(1, team).bind(2, monday).bind(3, measure);
    return row.step() ? row.integer(0) : 0;
}

}  // namespace

TEST_CASE("records past their time go, and what they counted stays as sums of the team") {
    tests::World world(now);
    world.team("North").manager("max").rep("ana").rep("ben").rep("cem").zone("UTC");
    // Two years are 731 days: until 2024-11-19, 12:00.
    world.call("old").owner("ana").at(tests::at(2024y / 11 / 19, 11)).direction("outbound");
    world.call("older").owner("ben").at(tests::at(2024y / 11 / 18, 9)).direction("outbound");
    world.call("young").owner("ana").at(tests::at(2024y / 11 / 19, 13)).direction("outbound");
    CHECK(count_past(world) == RowCounts{{"call", 2}});
    CHECK(retain(world) == RowCounts{{"call", 2}});
    CHECK(ids(world, "call") == "young");
    // Monday 2024-11-18 begins the week of both.
    CHECK(team_sum(world, "North", "2024-11-18", "dials") == 2);
    CHECK(verify_rollups(world.database()).empty());
    CHECK(retain(world).empty());
    CHECK(team_sum(world, "North", "2024-11-18", "dials") == 2);
}

TEST_CASE("a team that is too small to hide one person adds to the organisation's sums") {
    tests::World world(now);
    world.team("Pair").manager("max").rep("ana").rep("ben");
    world.call("c1").owner("ana").at(tests::noon(2023y / 5 / 3)).direction("outbound");
    world.call("c2").owner("nobody's").at(tests::noon(2023y / 5 / 4)).direction("outbound");
    retain(world);
    CHECK(team_sum(world, "Pair", "2023-05-01", "dials") == 0);
    CHECK(team_sum(world, "", "2023-05-01", "dials") == 2);
    auto shown = world.database().prepare("SELECT week, monday, value FROM v_team_sum "
                                          "WHERE team = '' AND measure = 'dials'");
    REQUIRE(shown.step());
    CHECK(shown.text(0) == "2023-W18");  // 1 May 2023 was a Monday, 2 January the first of the year
    CHECK(shown.text(1) == "2023-05-01");
    CHECK(shown.integer(2) == 2);
}

TEST_CASE("what is not finished is never past its time") {
    tests::World world(now);
    const auto long_ago = tests::noon(2019y / 1 / 2);
    world.task("open").owner("ana").due_on(tests::day(2019y / 1 / 2)).created(long_ago);
    world.task("done").owner("ana").done_at(long_ago);
    world.task("dropped").owner("ana").due_on(tests::day(2019y / 1 / 2)).cancelled();
    world.stage("lost").lost();
    world.opportunity("open deal").owner("ana").close_date(tests::day(2019y / 1 / 2));
    world.opportunity("won deal").owner("ana").won().closed_at(long_ago);
    world.opportunity("lost by stage")
        .owner("ana")
        .stage("lost")
        .close_date(tests::day(2019y / 1 / 2));
    world.opportunity("won of late").owner("ana").won().closed_at(now - 24h);
    world.change("h1").opportunity("won deal").field("stage").changed_at(now - 24h);
    world.change("h2").opportunity("won of late").field("stage").changed_at(now - 24h);
    world.change("h3").opportunity("won of late").field("stage").changed_at(long_ago);
    const RowCounts expected{{"task", 2}, {"opportunity", 2}, {"opportunity_change", 2}};
    CHECK(retain(world) == expected);
    CHECK(ids(world, "task") == "open");
    CHECK(ids(world, "opportunity") == "open deal won of late");
    CHECK(ids(world, "opportunity_change") == "h2");
    CHECK(verify_rollups(world.database()).empty());
}

TEST_CASE("what the CRM no longer has goes, but for who and what others are known by") {
    tests::World world(now);
    const auto gone = tests::noon(2026y / 1 / 5);
    world.now(gone - 1h);
    world.user("ana");
    world.account("Acme");
    world.contact("Kim");
    world.call("c1").at(gone - 24h);
    world.reader();
    world.now(gone);
    world.user("ana").deleted();
    world.account("Acme").deleted();
    world.contact("Kim").deleted();
    world.call("c1").deleted();
    CHECK(retain(world) == RowCounts{{"call", 1}, {"contact", 1}});
    CHECK(ids(world, "user") == "ana");
    CHECK(ids(world, "account") == "Acme");
}

TEST_CASE("no sync brings back what is past its time") {
    tests::World world(now);
    StoreRules rules{Suppression{world.path() + ".none"}};
    world.call("old").owner("ana").at(tests::noon(2023y / 5 / 3)).direction("outbound");
    retain(world);
    REQUIRE(ids(world, "call") == "");
    world.rules(&rules).now(now + 1h);
    world.call("old").owner("ana").at(tests::noon(2023y / 5 / 3)).direction("outbound");
    world.call("new").owner("ana").at(now - 24h).direction("outbound");
    world.reader();
    CHECK(ids(world, "call") == "new");
    CHECK(team_sum(world, "", "2023-05-01", "dials") == 1);

    SECTION("but what is open again is stored") {
        world.opportunity("reopened").owner("ana").close_date(tests::day(2019y / 1 / 2));
        world.opportunity("won").owner("ana").won().closed_at(tests::noon(2019y / 1 / 2));
        world.reader();
        CHECK(ids(world, "opportunity") == "reopened");
    }
    SECTION("unless it is kept for ever") {
        rules.retention.calls = days{0};
        world.call("old").owner("ana").at(tests::noon(2023y / 5 / 3)).direction("outbound");
        world.reader();
        CHECK(ids(world, "call") == "new old");
    }
}

TEST_CASE("while the clock is ahead by years, what comes in is stored, whatever its time") {
    tests::World world(now);
    StoreRules rules{Suppression{world.path() + ".none"}};
    world.rules(&rules);
    world.call("before").owner("ana").at(now - 24h).direction("outbound");
    world.reader();
    world.now(now + days{1200});
    world.call("meanwhile").owner("ana").at(now).direction("outbound");
    world.reader();
    CHECK(ids(world, "call") == "before meanwhile");
    world.now(now + 48h);
    world.call("old").owner("ana").at(tests::noon(2023y / 5 / 3)).direction("outbound");
    world.call("after").owner("ana").at(now + 24h).direction("outbound");
    world.reader();
    CHECK(ids(world, "call") == "after before meanwhile");
}

TEST_CASE("findings, messages and runs go by their own times, but for what still matters") {
    tests::World world(now);
    world.reader();
    world.database().execute(R"sql(
INSERT INTO source VALUES (7, 'crm7', 'http');
INSERT INTO run (id, kind, source_id, stream, started_at, ended_at) VALUES
    (1, 'sync', 7, 'call', 0, 0), (2, 'sync', 7, 'call', 0, 0), (3, 'sync', 7, 'task', 0, 0);
INSERT INTO finding (fingerprint, episode, check_id, severity, is_praise, subject_type, subject_source,
    subject_id, subject_name, subject_url, aspect, team, since, summary, question, evidence, state,
    opened_at, seen_at, resolved_at)
VALUES ('a', 1, 'x', 'info', 0, '', '', '', '', '', '', '', 0, '', '', '[]', 'resolved', 0, 0, 0),
       ('b', 1, 'x', 'info', 0, '', '', '', '', '', '', '', 0, '', '', '[]', 'open', 0, 0, NULL);
INSERT INTO outbox (key, channel, recipient, reason, message, state, created_at, due_at, expires_at)
VALUES ('1', 'c', '', 'digest', '{}', 'delivered', 0, 0, 0), ('2', 'c', '', 'digest', '{}', 'held', 0, 0, 0);
)sql");
    const RowCounts expected{{"finding", 1}, {"outbox", 1}, {"run", 1}};
    CHECK(count_past(world) == expected);
    CHECK(retain(world) == expected);
    CHECK(world.database().integer("SELECT count(*) FROM outbox WHERE state = 'held'") == 1);
    // Of each stream the latest run stays: it says how the stream stands.
    CHECK(world.database().integer("SELECT sum(id) FROM run") == 5);
}

TEST_CASE("what is noted of a person's weeks goes with the records that made it") {
    tests::World world(now);
    world.user("ana");
    world.reader();
    // 731 days ago it was Tuesday, 2024-11-19, in week 47; 1096 days ago 2023-11-20, in week 47.
    world.database().execute(R"sql(
INSERT INTO week_value SELECT id, 'dials', '2024-W46', 7, '' FROM person;
INSERT INTO week_value SELECT id, 'dials', '2024-W47', 7, '' FROM person;
INSERT INTO week_value SELECT id, 'wins', '2024-W46', 7, '' FROM person;
INSERT INTO week_edit SELECT id, 'wins', '2023-W46', 0, 7, 8 FROM person;
)sql");
    const RowCounts expected{{"week_value", 1}, {"week_edit", 1}};
    CHECK(count_past(world) == expected);
    CHECK(retain(world) == expected);
    CHECK(world.database().integer("SELECT count(*) FROM week_value") == 2);
}

TEST_CASE("what was agreed goes whole, with its verdicts, once its last week is past its time") {
    tests::World world(now);
    world.user("ana");
    world.reader();
    // 1096 days ago it was Monday 2023-11-20, in week 47. The second one was moved to a later week.
    world.database().execute(R"sql(
INSERT INTO commitment SELECT 1, 1, id, 'dials', 'agreed', '2023-W46', 40, 50, '', 0, 0, 'command', '', '', '', '', '', 0 FROM person;
INSERT INTO commitment SELECT 1, 2, id, 'dials', 'void', '2023-W46', 40, 50, '', 0, 0, 'command', '', '', '', '', 'x', 0 FROM person;
INSERT INTO commitment SELECT 2, 1, id, 'dials', 'agreed', '2023-W46', 40, 50, '', 0, 0, 'command', '', '', '', '', '', 0 FROM person;
INSERT INTO commitment SELECT 2, 2, id, 'dials', 'agreed', '2023-W47', 40, 50, '', 0, 0, 'command', '', '', '', '', 'x', 0 FROM person;
INSERT INTO commitment_verdict SELECT 1, 1, 1, id, '2023-W46', 'met', 52, 5, 50, 40, 1.2, 0, '' FROM person;
INSERT INTO commitment_verdict SELECT 2, 1, 1, id, '2023-W46', 'excused', 52, 1, 10, 8, NULL, 0, '' FROM person;
)sql");
    const RowCounts expected{{"commitment", 2}, {"commitment_verdict", 1}};
    CHECK(count_past(world) == expected);
    CHECK(retain(world) == expected);
    CHECK(world.database().integer("SELECT sum(commitment) FROM commitment") == 4);
}

TEST_CASE("whatever is removed when, persons and teams together have counted the same") {
    const auto seed = GENERATE(range(1U, 21U));
    CAPTURE(seed);
    std::mt19937 chance(seed);
    const auto any = [&](int below) {
        return static_cast<int>(chance() % static_cast<unsigned>(below));
    };
    tests::World world(now);
    world.team("North").manager("max").rep("ana").rep("ben").rep("cem").zone("Asia/Jerusalem");
    world.stage("s1").won();
    const char* owners[] = {"ana", "ben", "cem", "ghost"};
    for (int i = 0; i < 60; ++i) {
        const auto id = std::to_string(i);
        const auto when = now - days{any(1500)} - std::chrono::minutes{any(1440)};
        world.call(id).owner(owners[any(4)]).at(when).lasting(std::chrono::seconds{any(300)});
        world.task(id).owner(owners[any(4)]).done_at(when - days{any(30)});
        auto& deal = world.opportunity(id).owner(owners[any(4)]).amount("12.5").created(when);
        if (any(2)) deal.stage("s1").close_date(tests::day(2024y / 2 / 29) + days{any(500)});
    }
    world.reader();
    const auto sums = [&](const char* tables) {
        std::map<std::string, std::int64_t> all;
        auto rows = world.database().prepare(tables);
        while (rows.step()) all[std::string{rows.text(0)}] = rows.integer(1);
        return all;
    };
    const auto before = sums("SELECT name, sum(value) FROM rollup JOIN rollup_measure m ON m.id = "
                             "measure_id GROUP BY 1");
    for (int pass = 0; pass < 3; ++pass) {
        RetentionOptions options;
        options.calls = days{200 + any(1000)};
        options.tasks = days{200 + any(1000)};
        options.opportunities = days{550 + any(300)};
        retain(world, options);
        CHECK(verify_rollups(world.database()).empty());
    }
    CHECK(sums("SELECT measure, sum(value) FROM (SELECT name AS measure, value FROM rollup JOIN "
               "rollup_measure m ON m.id = measure_id UNION ALL "
               "SELECT measure, value FROM team_sum) GROUP BY 1") == before);
    CHECK(world.database().integer("SELECT count(*) FROM team_sum") > 0);
}
