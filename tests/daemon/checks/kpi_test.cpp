// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/warehouse/recount.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::Severity;
using checks::TrendClass;

// Friday 20 November 2026 is in week 47; week 46 is the last complete one.

namespace {

/// Ana's dials of the weeks before week 47, the last one in week 46.
void dials_of_ana(Office& office, const std::vector<int>& weeks) {
    auto week = IsoWeek::parse("2026-W46").value().plus(1 - static_cast<int>(weeks.size()));
    for (const int dials : weeks) {
        office.week_of_calls("ana", week.str(), dials);
        week = week.plus(1);
    }
}

checks::ScorecardKpi kpi_of_ana(Office& office, int weeks, Instant as_of = friday) {
    return office.scorecard(weeks, "north", "ana", as_of).reps.at(0).kpis.at(0);
}

void set_away(Office& office, std::initializer_list<std::chrono::year_month_day> days) {
    auto roster = office.world.roster();
    for (const auto& date : days) roster.teams[0].members[0].away[day(date)] = 1;
    office.world.set_roster(roster);
}

}  // namespace

TEST_CASE("a week's target is prorated by the days worked") {
    // Target 90, one holiday and one day off: 3 days, 54. 36 dials are 66.7 %.
    Office office;
    office.dials(90);
    office.week_of_calls("ana", "2026-W45", 36);
    office.calls("ana", day(2026y / 11 / 9), 36);
    auto roster = office.world.roster();
    roster.teams[0].holidays.insert(day(2026y / 11 / 11));
    roster.teams[0].members[0].away[day(2026y / 11 / 12)] = 1;
    office.world.set_roster(roster);
    const auto week = kpi_of_ana(office, 2).weeks.at(0);
    CHECK(week.week.str() == "2026-W46");
    CHECK(week.value == 36);
    CHECK(week.working_days == 3);
    CHECK(week.target == 54);
    CHECK(*week.attainment == Approx(0.6667).epsilon(1e-3));
    CHECK(week.is_usable());
}

TEST_CASE("a meeting without an outcome counts as held once its day is over") {
    Office office;
    auto& kpi = office.dials(5);
    kpi.name = kpi.measure = "meetings_held";
    // The week of the 16th, in UTC; as of Friday noon. Whoever counts all that are planned has 4.
    office.world.meeting("thursday").owner("ana").at(at(2026y / 11 / 19, 9));
    office.world.meeting("no show").owner("ana").at(at(2026y / 11 / 19, 10)).outcome("no_show");
    office.world.meeting("today").owner("ana").at(at(2026y / 11 / 20, 15));
    office.world.meeting("tomorrow").owner("ana").at(at(2026y / 11 / 21, 9));
    office.world.meeting("sunday").owner("ana").at(at(2026y / 11 / 22, 9));
    CHECK(kpi_of_ana(office, 1).weeks.at(0).value == 1);
    CHECK(kpi_of_ana(office, 1, at(2026y / 11 / 21, 0, 30)).weeks.at(0).value == 2);
    // Tuesday, when the week is over and has settled.
    CHECK(kpi_of_ana(office, 2, at(2026y / 11 / 24, 13)).weeks.at(0).value == 4);
}

TEST_CASE("of a rep who was in two teams a week's figures count once in each") {
    Office office;
    office.dials(90);
    office.week_of_calls("ana", "2026-W45", 10);
    office.week_of_calls("ana", "2026-W46", 41);
    auto roster = office.world.roster();
    roster.teams[0].members[0].until = day(2026y / 11 / 9);
    auto& south = roster.teams.emplace_back(roster.teams[0]);
    south.name = "south";
    south.members.resize(1);
    south.members[0].from = day(2026y / 11 / 9);
    south.members[0].until.reset();
    office.world.set_roster(roster);
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const checks::Scene scene{reader, people, office.options, friday};
    int stays = 0;
    for (const auto& series : checks::read_kpi_series(scene, 3)) {
        if (series.rep->id != office.world.person("ana")) continue;
        ++stays;
        CHECK(series.weeks.at(0).value == 10);
        CHECK(series.weeks.at(1).value == 41);
    }
    CHECK(stays == 2);
}

TEST_CASE("a scorecard goes by what has been evaluated already") {
    Office office;
    office.dials(90);
    office.week_of_calls("ana", "2026-W46", 41);
    office.deal("bare").close_date(day(2026y / 12 / 1));
    office.deal("planned");
    office.world.task("t").owner("ana").opportunity("planned").due_on(day(2026y / 11 / 27));
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const checks::Scene scene{reader, people, office.options, friday};
    auto evaluation = checks::evaluate(scene);
    // One that no check would make, so that it shows whose findings are counted.
    auto& made_up = evaluation.findings.emplace_back();
    made_up.owner = office.world.person("ana");
    made_up.severity = Severity::high;
    const auto basis = checks::make_scorecard_basis(scene, evaluation);
    const auto before = checks::make_scorecard(scene, 3, "north", "ana").reps.at(0);
    const auto row = checks::make_scorecard(scene, basis, 3, "north", "ana").reps.at(0);
    CHECK(row.findings.high == before.findings.high + 1);
    CHECK(row.findings.attention == before.findings.attention);
    // Two deals are open, and one of them has a step.
    CHECK(row.opportunities->in_scope == 2);
    CHECK(row.opportunities->covered == 1);
    CHECK(row.kpis.at(0).weeks.at(1).value == before.kpis.at(0).weeks.at(1).value);
}

TEST_CASE("half a day off counts half") {
    Office office;
    office.dials(90);
    office.week_of_calls("ana", "2026-W45", 10);
    auto roster = office.world.roster();
    roster.teams[0].members[0].away[day(2026y / 11 / 12)] = 0.5;
    office.world.set_roster(roster);
    const auto week = kpi_of_ana(office, 2).weeks.at(0);
    CHECK(week.working_days == 4.5);
    CHECK(week.target == 81);
    CHECK(week.value == 0);  // proven, so zero it is
}

TEST_CASE("a week counts once it is over and has had 36 hours to settle") {
    Office office;
    office.dials(90);
    dials_of_ana(office, {50, 50});
    office.world.mark_all_complete(at(2026y / 11 / 17, 18));
    // Week 46 ends on Monday at 0:00 and settles on Tuesday at noon.
    const auto before = kpi_of_ana(office, 2, at(2026y / 11 / 17, 11, 59)).weeks.at(0);
    CHECK(before.provisional);
    CHECK(before.excluded == "not complete until 2026-11-17 12:00");
    CHECK(before.value == 50);
    const auto after = kpi_of_ana(office, 2, noon(2026y / 11 / 17)).weeks.at(0);
    CHECK_FALSE(after.provisional);
    CHECK(after.is_usable());
    const auto running = kpi_of_ana(office, 2, noon(2026y / 11 / 17)).weeks.at(1);
    CHECK(running.provisional);
    CHECK(running.excluded == "not complete until 2026-11-24 12:00");
}

TEST_CASE("a week ends where the rep lives") {
    Office office;
    auto roster = office.world.roster();
    roster.teams[0].zone = Zone::find("America/Los_Angeles").value();
    office.world.set_roster(roster);
    office.dials(90);
    dials_of_ana(office, {50, 50});
    // Sunday 15 November 23:30 in Los Angeles is Monday 7:30 in UTC.
    office.world.call("late").owner("ana").at(at(2026y / 11 / 16, 7, 30)).direction("outbound");
    office.world.call("next").owner("ana").at(at(2026y / 11 / 16, 8, 30)).direction("outbound");
    const auto kpi = kpi_of_ana(office, 2);
    CHECK(kpi.weeks.at(0).value == 51);
    CHECK(kpi.weeks.at(1).value == 1);
    CHECK(kpi.weeks.at(0).provisional == false);
}

TEST_CASE("a week that says nothing says why") {
    Office office;
    office.dials(90);
    dials_of_ana(office, {50, 50, 50, 50});
    auto& world = office.world;
    SECTION("leave") {
        set_away(office, {2026y / 11 / 9, 2026y / 11 / 10, 2026y / 11 / 11, 2026y / 11 / 12,
                          2026y / 11 / 13});
        CHECK(kpi_of_ana(office, 2).weeks.at(0).excluded == "away");
    }
    SECTION("a single day of work") {
        set_away(office, {2026y / 11 / 9, 2026y / 11 / 10, 2026y / 11 / 11, 2026y / 11 / 12});
        CHECK(kpi_of_ana(office, 2).weeks.at(0).excluded == "1 of 5 days worked");
    }
    SECTION("two days are enough") {
        set_away(office, {2026y / 11 / 9, 2026y / 11 / 10, 2026y / 11 / 11});
        CHECK(kpi_of_ana(office, 2).weeks.at(0).is_usable());
    }
    SECTION("not in the team yet") {
        auto roster = world.roster();
        roster.teams[0].members[0].from = day(2026y / 11 / 11);
        world.set_roster(roster);
        const auto kpi = kpi_of_ana(office, 3);
        CHECK(kpi.weeks.at(0).excluded == "not in the team yet");
        CHECK(kpi.weeks.at(1).excluded == "joined the team on 2026-11-11");
        CHECK(kpi.weeks.at(1).working_days == 3);
    }
    SECTION("joined on its Monday: a whole week") {
        auto roster = world.roster();
        roster.teams[0].members[0].from = day(2026y / 11 / 9);
        world.set_roster(roster);
        CHECK(kpi_of_ana(office, 2).weeks.at(0).is_usable());
    }
    SECTION("left") {
        auto roster = world.roster();
        roster.teams[0].members[0].until = day(2026y / 11 / 12);
        world.set_roster(roster);
        const auto kpi = kpi_of_ana(office, 2);
        CHECK(kpi.weeks.at(0).excluded == "left the team on 2026-11-12");
        CHECK(kpi.weeks.at(1).excluded == "no longer in the team");
    }
    SECTION("the data begins in its middle") {
        const auto kpi = kpi_of_ana(office, 6);
        CHECK(kpi.weeks.at(0).excluded == "no data before 2026-10-19");
        CHECK_FALSE(kpi.weeks.at(0).value);
        CHECK(kpi.weeks.at(1).is_usable());  // on a Monday
    }
    SECTION("the source is behind") {
        world.mark_complete(model::Entity::call, noon(2026y / 11 / 14));
        const auto kpi = kpi_of_ana(office, 3);
        CHECK(kpi.weeks.at(1).excluded ==
              "not proven: crm's calls were last complete at 2026-11-14T12:00:00Z");
        CHECK(kpi.weeks.at(0).is_usable());  // it settled before
        const auto evaluation = office.evaluate("kpi.attainment");
        CHECK(evaluation.findings.empty());
        REQUIRE(evaluation.held.size() == 1);
        CHECK(evaluation.held[0].source == "crm");
    }
    SECTION("another entity being behind does no harm") {
        world.mark_complete(model::Entity::task, noon(2026y / 11 / 1));
        CHECK(kpi_of_ana(office, 2).weeks.at(0).is_usable());
    }
    SECTION("a week without a single call, proven") {
        office.calls("ana", day(2026y / 11 / 20), 1);
        const auto week = kpi_of_ana(office, 2).weeks.at(1);
        CHECK(week.value == 1);
    }
}

TEST_CASE("somebody of whom nothing is known has no figures, rather than zeros") {
    Office office;
    office.dials(90);
    dials_of_ana(office, {50, 50});
    const auto card = office.scorecard(2);
    REQUIRE(card.reps.size() == 2);
    const auto& bob = card.reps[1];
    CHECK(bob.name == "bob");
    CHECK(bob.no_data);
    REQUIRE(bob.kpis.size() == 1);
    CHECK_FALSE(bob.kpis[0].has_data);
    for (const auto& week : bob.kpis[0].weeks) {
        CHECK_FALSE(week.value);
        CHECK_FALSE(week.attainment);
        CHECK(week.excluded == "no data");
    }
}

TEST_CASE("what a rep's weeks amount to decides what is told") {
    struct Case {
        const char* name;
        std::vector<int> weeks;
        const char* aspect;  // empty: nothing is told
        bool praise;
        Severity severity;
    };
    const auto c = GENERATE(values<Case>({
        {"a first week of data", {20}, "", false, {}},
        {"three low weeks are still learning", {40, 41, 40}, "", false, {}},
        {"on the way, 40, 50, 60", {40, 50, 60}, "", false, {}},
        {"climbing", {40, 50, 60, 72, 81, 86}, "dials/improving", true, Severity::info},
        {"flat and low",
         {42, 39, 41, 40, 38, 43, 40, 41},
         "dials/low_flat",
         false,
         Severity::attention},
        {"sliding",
         {60, 58, 61, 55, 52, 54, 49, 47},
         "dials/declining",
         false,
         Severity::attention},
        {"one strong week", {40, 41, 100, 42}, "dials/spike", false, Severity::info},
        {"on target", {92, 95, 91, 90}, "", false, {}},
        {"one low week among good ones", {92, 88, 91, 45, 90}, "", false, {}},
        {"noise near the target", {80, 88, 76, 91, 79, 84}, "", false, {}},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        office.dials(90);
        dials_of_ana(office, c.weeks);
        const auto findings = office.find("kpi.attainment");
        if (!*c.aspect) {
            CHECK(findings.empty());
        } else {
            REQUIRE(findings.size() == 1);
            CHECK(findings[0].aspect == c.aspect);
            CHECK(findings[0].is_praise == c.praise);
            CHECK(findings[0].severity == c.severity);
            CHECK(findings[0].owner == office.world.person("ana"));
        }
    }
}

TEST_CASE("a spike of a small count is luck and is not told") {
    Office office;
    office.dials(90).targets[""] = 5;
    dials_of_ana(office, {3, 3, 6, 3});  // 6 ≥ 1.5 × 3, but 6 − 3 < 5
    CHECK(office.scorecard(4, "", "ana").reps[0].kpis[0].trend.kind == TrendClass::spike);
    CHECK(office.find("kpi.attainment").empty());
}

TEST_CASE("low and flat weeks are told with the next rung of a ladder") {
    Office office;
    office.dials(90);
    dials_of_ana(office, {42, 39, 41, 40, 38, 43, 40, 41});
    const auto finding = office.find("kpi.attainment").at(0);
    CHECK(finding.summary == "Dials in the last 3 full weeks: 43 of 90, 40 of 90, 41 of 90.");
    // The median is 40.5, so 41; a fifth of the way from 41 to 90 is 9.8, so 10.
    CHECK(finding.question ==
          "What would make 51 realistic next week, and what would have to give?");
    CHECK(finding.evidence.back().value == "Ninety dials a week become one deal.");
}

TEST_CASE("a week of leave between low weeks changes nothing and blames nobody") {
    Office office;
    office.dials(90);
    dials_of_ana(office, {42, 39, 41, 40, 0, 40, 41});
    REQUIRE(kpi_of_ana(office, 4).weeks.at(0).value == 0);
    set_away(office,
             {2026y / 10 / 26, 2026y / 10 / 27, 2026y / 10 / 28, 2026y / 10 / 29, 2026y / 10 / 30});
    const auto kpi = kpi_of_ana(office, 4);
    CHECK(kpi.weeks.at(0).excluded == "away");
    CHECK(kpi.trend.usable_weeks == 6);
    CHECK(kpi.trend.kind == TrendClass::low_flat);
    const auto finding = office.find("kpi.attainment").at(0);
    CHECK(finding.summary == "Dials in the last 3 full weeks: 40 of 90, 40 of 90, 41 of 90.");
}

TEST_CASE("the running week never changes a verdict") {
    Office office;
    office.dials(90);
    dials_of_ana(office, {92, 95, 91, 90});
    const auto quiet = office.find("kpi.attainment");
    office.calls("ana", day(2026y / 11 / 16), 3);
    CHECK(office.find("kpi.attainment").size() == quiet.size());
}

TEST_CASE("a team's own target goes before everybody's") {
    Office office;
    office.dials(90).targets["north"] = 50;
    dials_of_ana(office, {45, 45});
    const auto kpi = kpi_of_ana(office, 2);
    CHECK(kpi.week_target == 50);
    CHECK(*kpi.weeks.at(0).attainment == Approx(0.9));
}

TEST_CASE("while sums are counted anew a KPI has no value, no verdict, and says so") {
    Office office;
    office.dials(90);
    dials_of_ana(office, {90, 80, 70, 60, 50, 40, 30, 20});
    REQUIRE(kpi_of_ana(office, 2).weeks.at(0).value == 20);
    const auto check_unproven = [&] {
        const auto card = office.scorecard(2, "north", "ana");
        const auto& kpi = card.reps.at(0).kpis.at(0);
        for (const auto& week : kpi.weeks) {
            CHECK_FALSE(week.value);
            CHECK_THAT(week.excluded, Catch::StartsWith("not proven: counted anew"));
        }
        CHECK_FALSE(card.reps.at(0).no_data);
        CHECK(kpi.trend.kind == TrendClass::learning);
        CHECK(office.find("kpi.attainment").empty());
        CHECK(std::any_of(card.held.begin(), card.held.end(), [](const auto& held) {
            return held.check == "kpi.attainment" && held.reason.starts_with("counted anew");
        }));
    };
    auto& database = office.world.database();
    SECTION("a measure") {
        database.execute("UPDATE rollup_measure SET counted_to = 1 WHERE name = 'dials'");
        check_unproven();
    }
    SECTION("another measure of calls, which may begin earlier") {
        database.execute("UPDATE rollup_measure SET counted_to = 1 WHERE name = 'connects'");
        check_unproven();
    }
    SECTION("a person in another time zone") {
        warehouse::recount_user(database, office.world.source(), "ana");
        check_unproven();
    }
    warehouse::begin_rebuild(database);
    while (warehouse::recount_some(database, 100)) continue;
    CHECK(kpi_of_ana(office, 2).weeks.at(0).value == 20);
}
