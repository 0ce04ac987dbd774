// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/rollup_state.hpp"
#include "daemon/warehouse/view_manual.hpp"
#include "tests/paths.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;

namespace {

/// The first row of a query, its columns between bars.
std::string row_of(tests::World& world, std::string_view sql) {
    auto row = world.database().prepare(sql);
    if (!row.step()) return "none";
    std::string text;
    for (int i = 0; i < row.column_count(); ++i)
        text += fmt::format("{}{}", i ? "|" : "", row.is_null(i) ? "null" : row.text(i));
    return text;
}

std::string manual() {
    std::ifstream file{NUDGED_SOURCE_DIR "/docs/views.md"};
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("the scripts describe every view, and every column in its order") {
    tests::World world;
    auto count = world.database().integer("SELECT count(*) FROM sqlite_schema WHERE type = 'view'");
    CHECK(count >= 19);
    for (const auto& view : describe_views()) {
        CAPTURE(view.name);
        --count;
        std::vector<std::string> described, made;
        for (const auto& column : view.columns) described.push_back(column.name);
        auto column = world.database().prepare("SELECT name FROM pragma_table_info(?1)");
        column.bind(1, view.name);
        while (column.step()) made.emplace_back(column.text(0));
        CHECK(described == made);
    }
    CHECK(count == 0);
}

TEST_CASE("the manual is what `nudged warehouse views` prints") {
    CHECK(manual() == render_view_manual());
}

TEST_CASE("a view can be asked by anybody who reads SQLite") {
    tests::World world;
    world.opportunity("o1").owner("ana").stage("s1");
    for (const auto& view : describe_views()) {
        CAPTURE(view.name);
        CHECK_NOTHROW(row_of(world, fmt::format("SELECT * FROM {}", view.name)));
    }
}

TEST_CASE("a view names whom and what a record is about") {
    tests::World world;
    world.team("North").manager("max").rep("ana");
    world.pipeline("p1").name("New business");
    world.stage("s1").name("Proposal").pipeline("p1").set("is_closed", false);
    world.account("a1").name("Acme").owner("ana");
    world.opportunity("o1")
        .name("Acme renewal")
        .account("a1")
        .owner("ana")
        .stage("s1")
        .amount("5000.10")
        .close_date(tests::day(2026y / 12 / 1))
        .created(tests::at(2026y / 11 / 2, 8, 15));
    world.call("c1").owner("ana").account("a1").opportunity("o1").at(tests::noon(2026y / 11 / 20));
    world.task("t1").unknown_owner("ghost").due_on(tests::day(2026y / 11 / 30));
    world.meeting("m1").owner("ana").at(tests::noon(2026y / 11 / 20)).outcome("held");

    CHECK(row_of(world, "SELECT source, id, account, owner, owner_email, team, manager, pipeline, "
                        "stage, amount, amount_text, close_date, is_closed, is_won, created_at "
                        "FROM v_opportunity") ==
          "crm|o1|Acme|ana|ana@example.com|North|max|New business|Proposal|5000.1|5000.10|"
          "2026-12-01|0|0|2026-11-02T08:15:00Z");
    CHECK(row_of(world, "SELECT id, owner, account, opportunity, started_at, is_planned "
                        "FROM v_call") == "c1|ana|Acme|Acme renewal|2026-11-20T12:00:00Z|0");
    CHECK(row_of(world, "SELECT id, owner_id, owner, due_on, is_done FROM v_task") ==
          "t1|ghost|null|2026-11-30|0");
    CHECK(row_of(world, "SELECT id, owner, outcome FROM v_meeting") == "m1|ana|held");
    CHECK(row_of(world, "SELECT name, owner FROM v_account") == "Acme|ana");
}

TEST_CASE("what a source adds to a record can be asked for by its name") {
    tests::World world;
    world.opportunity("o1").set("extra", R"({"segment":"enterprise","seats":40})");
    world.opportunity("o2");
    CHECK(row_of(world,
                 "SELECT json_extract(extra, '$.segment'), json_extract(extra, '$.seats') + 2 "
                 "FROM v_opportunity WHERE id = 'o1'") == "enterprise|42");
    CHECK(row_of(world, "SELECT extra FROM v_opportunity WHERE id = 'o2'") == "null");
}

TEST_CASE("a custom field of the CRM is shown with what people there call it") {
    tests::World world;
    const auto field = [&](const char* id, const char* record, const char* name) -> auto& {
        return world.draft(model::Entity::custom_field, id).set("record", record).set("name", name);
    };
    field("opportunity.cf_17", "opportunity", "cf_17")
        .set("label", "Liegeplatz")
        .set("type", "enum");
    field("call.cf_17", "call", "cf_17").set("label", "Mood");
    field("call.gone", "call", "gone").set("label", "Gone").deleted();
    CHECK(row_of(world, "SELECT source, record, name, label, type FROM v_custom_field "
                        "WHERE record = 'opportunity'") == "crm|opportunity|cf_17|Liegeplatz|enum");
    CHECK(row_of(world, "SELECT label, type, count(*) FROM v_custom_field WHERE record = 'call'") ==
          "Mood|null|1");

    // Renamed in the CRM: a configuration goes by the name, which stays.
    field("opportunity.cf_17", "opportunity", "cf_17").set("label", "Berth");
    CHECK(row_of(world, "SELECT label, count(*) FROM v_custom_field WHERE record = 'opportunity' "
                        "AND name = 'cf_17'") == "Berth|1");
}

TEST_CASE("a change names whoever made it, where the CRM says who, and by their name where known") {
    tests::World world;
    const auto monday = tests::noon(2026y / 11 / 16);
    const auto tuesday = tests::noon(2026y / 11 / 17);
    const auto friday = tests::noon(2026y / 11 / 20);
    world.user("7").name("Ana Duarte");
    const auto change = [&](const char* id, Instant when) -> auto& {
        return world.change(id).opportunity("Acme").field("stage").changed_at(when);
    };
    change("h1", monday).from("one").to("two").set("changed_by", "7");
    change("h2", tuesday).from("two").to("three").set("changed_by", "import-42");
    change("h3", friday).from("three").to("four");
    world.opportunity("Bolt").amount("1").modified(monday).fetched(monday);
    world.opportunity("Bolt").amount("2").modified(tuesday).fetched(tuesday);
    auto row = world.database().prepare(
        "SELECT opportunity_id, new, coalesce(changed_by_id, '-'), coalesce(changed_by, '-'), "
        "origin FROM v_opportunity_change ORDER BY opportunity_id, changed_at");
    std::string lines;
    while (row.step())
        lines += fmt::format("{} {} by {} {} ({})\n", row.text(0), row.text(1), row.text(2),
                             row.text(3), row.text(4));
    CHECK(lines == "Acme two by 7 Ana Duarte (crm)\n"
                   "Acme three by import-42 - (crm)\n"
                   "Acme four by - - (crm)\n"
                   "Bolt 2 by - - (seen)\n");
}

TEST_CASE("deleted records are in no view") {
    tests::World world;
    world.opportunity("o1").deleted();
    world.call("c1").deleted();
    CHECK(row_of(world, "SELECT id FROM v_opportunity") == "none");
    CHECK(row_of(world, "SELECT id FROM v_call") == "none");
}

TEST_CASE("the weeks of a rep are ISO weeks of all sources together") {
    tests::World world;
    world.user("1").name("Ana").email("ana@example.com");
    world.in("other").user("2").name("Ana").email("ana@example.com");
    // Friday 1 January 2027 is in the last week of 2026, which began on Monday 28 December.
    world.in("crm").call("c1").unknown_owner("1").at(tests::noon(2027y / 1 / 1));
    world.in("other").call("c2").unknown_owner("2").at(tests::noon(2026y / 12 / 28));
    world.in("crm").call("c3").unknown_owner("1").at(tests::noon(2027y / 1 / 4));
    world.opportunity("o1").unknown_owner("1").won().amount("10.25").close_date(
        tests::day(2027y / 1 / 4));
    const auto week = [&](const char* where) {
        return row_of(
            world, fmt::format("SELECT rep, week, monday, value FROM v_rep_week WHERE {}", where));
    };
    CHECK(week("measure = 'dials' AND week = '2026-W53'") == "Ana|2026-W53|2026-12-28|2");
    CHECK(week("measure = 'dials' AND week = '2027-W01'") == "Ana|2027-W01|2027-01-04|1");
    CHECK(week("measure = 'won_amount'") == "Ana|2027-W01|2027-01-04|10.25");
}

TEST_CASE("the views of sums divide by the parts of each measure") {
    for (const auto& measure : measures()) {
        CAPTURE(measure.name);
        tests::World world;
        world.call("c1").owner("1").outcome("no_answer").at(tests::noon(2026y / 11 / 20));
        world.database()
            .prepare("UPDATE rollup SET value = ?2, measure_id = (SELECT id FROM rollup_measure "
                     "WHERE name = ?1) WHERE measure_id = (SELECT id FROM rollup_measure "
                     "WHERE name = 'dials')")
            .bind(1, measure.name)
            .bind(2, 7 * measure.parts)
            .run();
        const auto is_seven = [&](const char* view) {
            return row_of(world, fmt::format("SELECT value = 7 FROM {} WHERE measure = '{}'", view,
                                             measure.name));
        };
        CHECK(is_seven("v_rep_week") == "1");
        CHECK(is_seven("v_rep_day") == "1");
    }
}

TEST_CASE("sums that are being counted anew are null in the views") {
    tests::World world;
    world.call("c1").owner("1").outcome("connected").at(tests::noon(2026y / 11 / 20));
    world.database().execute("UPDATE rollup_measure SET counted_to = 0 WHERE name = 'connects'");
    const auto week = [&](const char* measure) {
        return row_of(world, fmt::format("SELECT value, is_proven FROM v_rep_week "
                                         "WHERE measure = '{}'",
                                         measure));
    };
    CHECK(week("connects") == "null|0");
    CHECK(week("dials") == "1|1");
    CHECK(row_of(world, "SELECT is_proven FROM v_measure WHERE measure = 'connects'") == "0");
    world.database().execute("UPDATE rollup_measure SET counted_to = NULL");
    recount_user(world.database(), world.source(), "1");
    world.database().execute("INSERT INTO rollup SELECT user_id, m.id, 20000, 3 "
                             "FROM rollup_recount, rollup_measure m WHERE m.name = 'dials'");
    CHECK(week("dials") == "null|0");
}
