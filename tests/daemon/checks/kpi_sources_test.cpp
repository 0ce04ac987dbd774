// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/query_weeks.hpp"
#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/warehouse/own_measures.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

// Friday 20 November 2026 is in week 47; week 46 is the last complete one.

namespace {

checks::Kpi kpi(std::string name, double target) {
    checks::Kpi made;
    made.name = made.label = std::move(name);
    made.targets[""] = target;
    made.why = "It matters.";
    return made;
}

checks::Kpi query(std::string sql, double target = 10) {
    auto made = kpi("told", target);
    made.query = {std::move(sql), {"kpis.toml", 7, 7}};
    return made;
}

checks::ScorecardKpi of_ana(Office& office, std::string_view name, int weeks = 2) {
    const auto card = office.scorecard(weeks, "north", "ana");
    for (const auto& one : card.reps.at(0).kpis)
        if (one.name == name) return one;
    throw std::runtime_error("no such KPI");
}

/// Held for a KPI, and why.
std::string held(Office& office) {
    std::string text;
    for (const auto& one : office.evaluate("kpi.attainment").held)
        text += fmt::format("{}: {}\n", one.source, one.reason);
    return text;
}

const std::string dials_by_query =
    "SELECT person_id, week, value FROM v_rep_week WHERE measure = 'dials'";

}  // namespace

TEST_CASE("a KPI may be of a measure of the admin's own") {
    Office office;
    warehouse::OwnMeasure own;
    own.name = "long_calls";
    own.where = {{"duration_s", warehouse::MeasureTest::at_least, {"120"}, {}}};
    office.options.measures = warehouse::MeasureList{{own}};
    auto& made = office.options.kpis.emplace_back(kpi("long", 10));
    made.measure = "long_calls";
    office.week_of_calls("ana", "2026-W45", 5);
    const auto call = [&](const char* id, std::chrono::seconds length) {
        office.world.call(id).owner("ana").at(noon(2026y / 11 / 11)).lasting(length);
    };
    call("a", 119s);
    call("b", 120s);
    SECTION("as the daemon has taken it up") {
        auto& database = office.world.database();
        warehouse::Transaction transaction{database};
        warehouse::apply_measures(database, office.options.measures);
        transaction.commit();
        const auto week = of_ana(office, "long").weeks.at(0);
        CHECK(week.value == 1);
        CHECK(week.target == 10);
        CHECK(week.is_usable());
    }
    SECTION("and until then it is not proven, which is not zero") {
        const auto week = of_ana(office, "long").weeks.at(0);
        CHECK_FALSE(week.value);
        CHECK(week.excluded == "not proven: counted anew, 0 % done");
    }
}

TEST_CASE("a KPI may be what a query says of each person and week") {
    Office office;
    office.week_of_calls("ana", "2026-W44", 40);
    office.week_of_calls("ana", "2026-W46", 50);
    office.options.kpis.push_back(query(dials_by_query, 100));
    const auto told = of_ana(office, "told", 4);
    CHECK(told.weeks.at(0).value == 40);
    CHECK(told.weeks.at(0).attainment == 0.4);
    CHECK(told.weeks.at(0).target == 100);
    CHECK(told.weeks.at(2).value == 50);
    // A week of which it says nothing is not zero.
    CHECK_FALSE(told.weeks.at(1).value);
    CHECK(told.weeks.at(1).excluded == "the query gives no value");
    CHECK(office.scorecard(2, "north", "bob").reps.at(0).kpis.at(0).has_data == false);
    CHECK(held(office).empty());
}

TEST_CASE("the target of a query shrinks with the days worked where the admin says so") {
    Office office;
    office.week_of_calls("ana", "2026-W45", 10);
    office.week_of_calls("ana", "2026-W46", 50);
    auto roster = office.world.roster();
    roster.teams[0].holidays.insert(day(2026y / 11 / 11));
    office.world.set_roster(roster);
    auto& made = office.options.kpis.emplace_back(query(dials_by_query, 100));
    CHECK(of_ana(office, "told").weeks.at(0).target == 100);
    made.is_prorated_query = true;
    CHECK(of_ana(office, "told").weeks.at(0).target == 80);
}

TEST_CASE("a query is told which weeks are asked about, and names a week or a day of it") {
    Office office;
    office.deal("d");
    // The scorecard looks at 16 weeks: the first of them is 2026-W32, which begins on 3 August.
    office.options.kpis.push_back(
        query("SELECT person_id, :from AS week, julianday(:until) - julianday(:from) AS value "
              "FROM v_opportunity UNION ALL "
              "SELECT person_id, '2026-W46', 7.5 FROM v_opportunity"));
    const auto told = of_ana(office, "told", 16);
    CHECK(told.weeks.at(0).week.str() == "2026-W32");
    CHECK(told.weeks.at(0).value == 16 * 7);
    CHECK(told.weeks.at(14).value == 7.5);
}

TEST_CASE("a query that does not work leaves its KPI unproven, and says why and where") {
    struct Case {
        const char* name;
        std::string sql;
        const char* says;
    };
    const auto c = GENERATE(values<Case>({
        {"no SQL", "SELEC 1", "does not work: near \"SELEC\""},
        {"no week", "SELECT person_id, 1 AS value FROM v_person", "has no column week; it needs"},
        {"two weeks", "SELECT person_id, '2026-W46' AS week, 1 AS value, 2 AS value FROM v_person",
         "has two columns \"value\""},
        {"a month", "SELECT person_id, '2026-11' AS week, 1 AS value FROM v_person",
         "gives a row 1 whose week is neither"},
        {"a name", "SELECT name AS person_id, '2026-W46' AS week, 1 AS value FROM v_person",
         "gives a row 1 whose person_id is no person_id"},
        {"a word", "SELECT person_id, '2026-W46' AS week, 'much' AS value FROM v_person",
         "gives a row 1 whose value is no number"},
        {"twice",
         "SELECT person_id, '2026-W46' AS week, 1 AS value FROM v_person UNION ALL "
         "SELECT person_id, '2026-11-09', 2 FROM v_person",
         "gives two values of one person for 2026-W46"},
        {"what is private",
         "SELECT note_id AS person_id, '2026-W46' AS week, length(body) AS value "
         "FROM note_revision",
         "reads note_revision, which is none of the views"},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        office.calls("ana", day(2026y / 11 / 11), 1);
        office.options.kpis.push_back(query(c.sql));
        const auto told = held(office);
        CHECK(told.find("kpis.toml:7:7: the query of the KPI \"told\" ") != told.npos);
        CHECK(told.find(c.says) != told.npos);
        CHECK_FALSE(of_ana(office, "told").weeks.at(0).value);
    }
}

TEST_CASE("what a query rests on must have been read since the week was complete") {
    Office office;
    office.week_of_calls("ana", "2026-W45", 10);
    office.week_of_calls("ana", "2026-W46", 50);
    office.options.kpis.push_back(
        query("SELECT person_id, date(started_at) AS week, count(*) AS value FROM v_call "
              "GROUP BY person_id, strftime('%Y%W', started_at)"));
    CHECK(of_ana(office, "told").weeks.at(0).is_usable());
    // Week 46 has settled on Tuesday at noon.
    office.world.mark_complete(model::Entity::call, noon(2026y / 11 / 16));
    const auto week = of_ana(office, "told").weeks.at(0);
    CHECK(week.excluded.starts_with("not proven: "));
    CHECK(week.value == 50);
}

TEST_CASE("a score is the weighted sum of what was reached of each target") {
    // Four deals of weight 20 % and 20,000 of weight 80 %: 2 deals and 40,000 are 10 + 160 = 170.
    Office office;
    office.stages();
    for (int i = 0; i < 3; ++i)
        office.deal(fmt::format("d{}", i))
            .won()
            .amount("20000")
            .closed_at(noon(i == 0 ? 2026y / 11 / 4 : 2026y / 11 / 11));
    auto score = kpi("score", 100);
    score.score = {{"deals", 0.2}, {"revenue", 0.8}};
    score.score_cap = 10;
    office.options.kpis.push_back(score);  // may stand before its parts
    auto& deals = office.options.kpis.emplace_back(kpi("deals", 4));
    deals.measure = "wins";
    auto& revenue = office.options.kpis.emplace_back(kpi("revenue", 20000));
    revenue.measure = "won_amount";
    const auto shown = office.scorecard(2, "north", "ana").reps.at(0).kpis;
    REQUIRE(shown.size() == 3);
    CHECK(shown[0].name == "score");
    CHECK(*shown[0].weeks.at(0).value == Approx(170));
    CHECK(*shown[0].weeks.at(0).attainment == Approx(1.7));
    SECTION("no part counts for more than the cap") {
        office.options.kpis[0].score_cap = 1;
        // 2 of 4 deals, and all of the revenue: 10 + 80.
        CHECK(*of_ana(office, "score").weeks.at(0).value == Approx(90));
    }
    SECTION("a part that is not known leaves no score") {
        office.options.kpis[1].targets.clear();
        const auto week = of_ana(office, "score").weeks.at(0);
        CHECK_FALSE(week.value);
        CHECK(week.excluded == "deals has no target");
    }
    SECTION("a short week asks less of its parts, and nothing less of the score") {
        auto roster = office.world.roster();
        roster.teams[0].holidays.insert(day(2026y / 11 / 10));
        office.world.set_roster(roster);
        const auto week = of_ana(office, "score").weeks.at(0);
        // 2 of 3.2 deals and 40,000 of 16,000: 0.2 × 0.625 + 0.8 × 2.5 = 2.125.
        CHECK(*week.value == Approx(212.5));
        CHECK(week.target == 100);
    }
}
