// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/own_measures.hpp"

#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/rollups.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using model::Entity;

namespace {

const std::chrono::year_month_day friday = 2026y / 11 / 20;

OwnMeasure measure(Entity entity, std::vector<MeasureCondition> where) {
    OwnMeasure own;
    own.name = "own";
    own.entity = entity;
    own.where = std::move(where);
    return own;
}

void apply(tests::World& world, std::vector<OwnMeasure> own) {
    auto& database = world.database();
    Transaction transaction{database};
    apply_measures(database, MeasureList{std::move(own)});
    transaction.commit();
}

/// "2026-11-20 2" for each day on which the measure "own" counted something.
std::string own_sums(tests::World& world) {
    std::string text;
    auto rows = world.database().prepare(
        "SELECT day, value FROM v_rep_day WHERE measure = 'own' ORDER BY day");
    while (rows.step())
        text += fmt::format("{}{} {:g}", text.empty() ? "" : ", ", rows.text(0), rows.real(1));
    return text;
}

std::string sums_of(tests::World& world, OwnMeasure own) {
    apply(world, {std::move(own)});
    CHECK(verify_rollups(world.database()).empty());
    return own_sums(world);
}

tests::Draft& call(tests::World& world, std::string_view id) {
    return world.call(id).owner("ana").at(tests::noon(friday));
}

using Test = MeasureTest;

}  // namespace

TEST_CASE("a condition compares a field with what the admin wrote") {
    tests::World world;
    call(world, "1").direction("outbound").outcome("connected").lasting(120s).subject("Demo: Acme");
    call(world, "2").direction("Outbound").outcome("busy").lasting(119s);
    call(world, "3").direction("inbound").outcome("connected");
    call(world, "4").lasting(3600s).subject("a demonstration");
    call(world, "5").direction("outbound").planned();
    struct Case {
        const char* name;
        std::vector<MeasureCondition> where;
        const char* sums;
    };
    const auto c = GENERATE(values<Case>({
        {"no condition: planned calls are none", {}, "2026-11-20 4"},
        {"unless they are asked for", {{"is_planned", Test::is, {"true"}, {}}}, "2026-11-20 1"},
        {"letter case does not matter",
         {{"direction", Test::is, {"outbound"}, {}}},
         "2026-11-20 2"},
        {"an empty field is not the value",
         {{"direction", Test::is_not, {"inbound"}, {}}},
         "2026-11-20 3"},
        {"one of several", {{"outcome", Test::is, {"connected", "busy"}, {}}}, "2026-11-20 3"},
        {"none of several", {{"outcome", Test::is_not, {"connected", "busy"}, {}}}, "2026-11-20 1"},
        {"at least, itself included",
         {{"duration_s", Test::at_least, {"120"}, {}}},
         "2026-11-20 2"},
        {"at most, and empty is not 0",
         {{"duration_s", Test::at_most, {"119"}, {}}},
         "2026-11-20 1"},
        {"a part of a text", {{"subject", Test::contains, {"demo"}, {}}}, "2026-11-20 2"},
        {"there", {{"duration_s", Test::is_set, {"true"}, {}}}, "2026-11-20 3"},
        {"not there", {{"duration_s", Test::is_set, {"false"}, {}}}, "2026-11-20 1"},
        {"all conditions hold",
         {{"outcome", Test::is, {"connected"}, {}}, {"direction", Test::is, {"inbound"}, {}}},
         "2026-11-20 1"},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(sums_of(world, measure(Entity::call, c.where)) == c.sums);
    }
}

TEST_CASE("fields of an admin's own are asked like others, and a list holds what is in it") {
    tests::World world;
    call(world, "1").set("extra", R"({"kind":"Demo","seats":120,"tags":["hot","eu"]})");
    call(world, "2").set("extra", R"({"kind":"intro","seats":"99.5"})");
    call(world, "3");
    struct Case {
        const char* field;
        Test test;
        const char* value;
        const char* sums;
    };
    const auto c = GENERATE(values<Case>({
        {"extra.kind", Test::is, "demo", "2026-11-20 1"},
        {"extra.kind", Test::is_not, "demo", "2026-11-20 2"},
        {"extra.seats", Test::at_least, "100", "2026-11-20 1"},
        {"extra.seats", Test::at_most, "100", "2026-11-20 1"},
        {"extra.tags", Test::is, "eu", "2026-11-20 1"},
        {"extra.tags", Test::is_set, "false", "2026-11-20 2"},
        {"extra.nothing", Test::is, "x", ""},
    }));
    DYNAMIC_SECTION(c.field << " " << to_string(c.test) << " " << c.value) {
        CHECK(sums_of(world, measure(Entity::call, {{c.field, c.test, {c.value}, {}}})) == c.sums);
    }
    SECTION("what such a field holds can be added up") {
        auto seats = measure(Entity::call, {});
        seats.sum = "extra.seats";
        CHECK(sums_of(world, seats) == "2026-11-20 219.5");
    }
}

TEST_CASE("a deal that has ended counts on the day it ended, by its stage where it says nothing") {
    tests::World world;
    world.stage("won").won();
    world.stage("lost").lost();
    world.opportunity("a").owner("ana").stage("won").amount("1000.5").close_date(
        tests::day(2026y / 11 / 18));
    world.opportunity("b").owner("ana").stage("lost").amount("300").closed_at(tests::noon(friday));
    world.opportunity("c").owner("ana").stage("lost").amount("50").closed_at(tests::noon(friday));
    world.opportunity("d").owner("ana").amount("7").created(tests::noon(2026y / 11 / 2));
    auto lost = measure(Entity::opportunity, {{"ending", Test::is, {"lost"}, {}}});
    CHECK(sums_of(world, lost) == "2026-11-20 2");
    lost.sum = "amount";
    CHECK(sums_of(world, lost) == "2026-11-20 350");
    auto won = measure(Entity::opportunity, {{"ending", Test::is, {"won"}, {}}});
    won.sum = "amount";
    CHECK(sums_of(world, won) == "2026-11-18 1000.5");
    auto added = measure(Entity::opportunity, {});
    added.sum = "amount";
    CHECK(sums_of(world, added) == "2026-11-02 7");  // of the others nobody knows the day
    // The stage comes to mean something else: what was lost is open.
    apply(world, {lost});
    world.stage("lost").closed(false).clear("is_won");
    CHECK(own_sums(world).empty());
    CHECK(verify_rollups(world.database()).empty());
}

TEST_CASE("another day than the usual one can be named, a moment or a date") {
    tests::World world;
    world.meeting("1")
        .owner("ana")
        .at(tests::noon(friday))
        .outcome("scheduled")
        .created(tests::noon(2026y / 11 / 16));
    world.task("2").owner("ana").due_on(tests::day(2026y / 11 / 19));
    auto booked = measure(Entity::meeting, {});
    CHECK(sums_of(world, booked) == "2026-11-20 1");
    booked.day = "created_at";
    CHECK(sums_of(world, booked) == "2026-11-16 1");
    auto due = measure(Entity::task, {});
    due.day = "due_on";
    CHECK(sums_of(world, due) == "2026-11-19 1");
}

TEST_CASE("records that come later are counted, and what they change is") {
    tests::World world;
    call(world, "1").outcome("connected");
    apply(world, {measure(Entity::call, {{"outcome", Test::is, {"connected"}, {}}})});
    call(world, "2").outcome("connected");
    CHECK(own_sums(world) == "2026-11-20 2");
    call(world, "1").outcome("busy");
    CHECK(own_sums(world) == "2026-11-20 1");
    call(world, "2").deleted();
    CHECK(own_sums(world).empty());
    CHECK(verify_rollups(world.database()).empty());
}

TEST_CASE("a measure that is defined otherwise is counted anew and not proven until then") {
    tests::World world;
    for (int i = 0; i < records_at_once + 10; ++i) call(world, fmt::format("c{}", i)).lasting(90s);
    auto own = measure(Entity::call, {{"duration_s", Test::at_least, {"100"}, {}}});
    apply(world, {own});
    auto& database = world.database();
    while (recount_some(database, 10'000)) continue;
    CHECK(own_sums(world).empty());
    const auto before = revision_of(own);
    own.where[0].values = {"90"};
    CHECK(revision_of(own) != before);
    const MeasureList wanted{{own}};
    // Asked for by a configuration that the daemon has not taken up yet.
    CHECK(read_rollup_proof(world.reader(), wanted.all()).measures.contains("own"));
    apply(world, {own});
    const auto ana = world.person("ana");
    const auto proof = read_rollup_proof(world.reader(), wanted.all());
    CHECK(proof.why_not(*wanted.find("own"), ana));
    CHECK_FALSE(proof.why_not(*wanted.find("dials"), ana));  // which is counted as it was
    CHECK(verify_rollups(database).empty());
    while (recount_some(database, 3)) continue;
    CHECK(own_sums(world) == fmt::format("2026-11-20 {}", records_at_once + 10));
    CHECK_FALSE(read_rollup_proof(world.reader(), wanted.all()).why_not(*wanted.find("own"), ana));
    SECTION("its name and its words are not its definition") {
        own.meaning = "calls of a minute and a half";
        apply(world, {own});
        CHECK(read_recount_state(database).is_done());
    }
    SECTION("one that is gone leaves nothing behind") {
        apply(world, {});
        while (recount_some(database, 1000)) continue;
        CHECK(database.integer("SELECT count(*) FROM rollup_measure WHERE name IS NULL OR "
                               "name = 'own'") == 0);
        CHECK(verify_rollups(database).empty());
    }
}

TEST_CASE("a definition names its problems where they stand") {
    Diagnostics problems;
    auto own = measure(Entity::opportunity, {{"amuont", Test::at_least, {"5"}, {"kpis.toml", 4, 3}},
                                             {"is_won", Test::is, {"true"}, {"kpis.toml", 5, 3}},
                                             {"amount", Test::contains, {"5"}, {"kpis.toml", 6, 3}},
                                             {"amount", Test::at_least, {"x"}, {"kpis.toml", 7, 3}},
                                             {"ending", Test::is, {"win"}, {"kpis.toml", 8, 3}}});
    own.sum = "name";
    own.sum_place = {"kpis.toml", 9, 1};
    own.day = "type";
    own.day_place = {"kpis.toml", 10, 1};
    check_measure(own, problems);
    CHECK(problems.str() ==
          "kpis.toml:4:3: an opportunity has no field \"amuont\", did you mean \"amount\"?\n"
          "kpis.toml:5:3: \"is_won\" is empty where the stage alone says it, write ending = "
          "\"won\", \"lost\", \"closed\" or \"open\"\n"
          "kpis.toml:6:3: \"amount\" cannot be asked for \"contains\", here it can be asked for "
          "is, not, at_least, at_most, is_set\n"
          "kpis.toml:7:3: \"amount\" is a number, not \"x\", write a number\n"
          "kpis.toml:8:3: an opportunity does not end as \"win\", write open, won, lost or closed "
          "(of which it is not known whether it was won)\n"
          "kpis.toml:9:1: \"name\" is no number that could be added up, name a field with a "
          "number, or leave \"sum\" out to count records\n"
          "kpis.toml:10:1: \"type\" is no day, name a field with a moment or a date, or leave "
          "\"day\" out\n");
}

TEST_CASE("tasks that were done by the end of their day are on time") {
    tests::World world;
    world.user("ana").email("ana@example.com").time_zone("America/Los_Angeles");
    const auto due = tests::day(2026y / 11 / 19);
    const auto task = [&](std::string_view id) -> tests::Draft& {
        return world.task(id).unknown_owner("ana").due_on(due);
    };
    task("early").done_at(tests::noon(2026y / 11 / 17));
    task("late evening").done_at(tests::at(2026y / 11 / 20, 7, 59));  // 23:59 in Los Angeles
    task("past midnight").done_at(tests::at(2026y / 11 / 20, 8, 0));  // 0:00 of the 20th
    task("open");
    task("dropped").cancelled();
    world.task("a time")
        .unknown_owner("ana")
        .due_at(tests::noon(2026y / 11 / 19))
        .done_at(tests::at(2026y / 11 / 19, 18, 0));  // the same day, though some hours later
    std::string text;
    auto rows = world.database().prepare("SELECT measure, day, value FROM v_rep_day WHERE measure "
                                         "LIKE 'tasks_%' AND day = '2026-11-19' ORDER BY 1");
    while (rows.step()) text += fmt::format("{} {}\n", rows.text(0), rows.integer(2));
    CHECK(text == "tasks_completed 2\ntasks_due 5\ntasks_on_time 3\n");
}
