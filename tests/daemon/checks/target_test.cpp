// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/targets.hpp"

#include "daemon/checks/kpi/weeks.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

// Friday 20 November 2026 is in week 47; week 46 begins on Monday 9 November.

namespace {

checks::ScorecardKpi kpi_of(Office& office, std::string_view rep, int weeks) {
    return office.scorecard(weeks, "", rep).reps.at(0).kpis.at(0);
}

std::optional<double> target_in(Office& office, std::string_view rep, std::string_view week) {
    for (const auto& one : kpi_of(office, rep, 12).weeks)
        if (one.week.str() == week) return one.target;
    return std::nullopt;
}

checks::DatedTarget target(double value, std::optional<std::chrono::local_days> from = {}) {
    checks::DatedTarget made;
    made.value = value;
    made.from = from;
    return made;
}

void change_ana(Office& office, const std::function<void(warehouse::RosterPerson&)>& change) {
    auto roster = office.world.roster();
    change(roster.teams[0].members[0]);
    office.world.set_roster(roster);
}

}  // namespace

TEST_CASE("a new target counts from its first Monday on, and old weeks keep their old one") {
    Office office;
    auto& kpi = office.dials(60);
    kpi.dated_targets = {target(90, day(2026y / 11 / 9)), target(75, day(2026y / 10 / 28))};
    office.week_of_calls("ana", "2026-W42", 40);
    CHECK(target_in(office, "ana", "2026-W43") == 60);
    CHECK(target_in(office, "ana", "2026-W44") == 60);  // the 28th is a Wednesday
    CHECK(target_in(office, "ana", "2026-W45") == 75);
    CHECK(target_in(office, "ana", "2026-W46") == 90);
    CHECK(kpi_of(office, "ana", 2).week_target == 90);
}

TEST_CASE("the target that is meant most closely for a rep is theirs") {
    Office office;
    auto& kpi = office.dials(60);
    kpi.targets["north"] = 50;
    office.week_of_calls("ana", "2026-W42", 40);
    CHECK(target_in(office, "ana", "2026-W46") == 50);
    auto of_role = target(70);
    of_role.role = "sdr";
    kpi.dated_targets.push_back(of_role);
    CHECK(target_in(office, "ana", "2026-W46") == 50);
    change_ana(office, [](auto& ana) { ana.role = "sdr"; });
    CHECK(target_in(office, "ana", "2026-W46") == 70);
    auto of_rep = target(65, day(2026y / 11 / 2));
    of_rep.rep = "Ana@example.com";
    kpi.dated_targets.push_back(of_rep);
    CHECK(target_in(office, "ana", "2026-W46") == 65);
    CHECK(target_in(office, "ana", "2026-W44") == 70);  // theirs is not in force yet
}

TEST_CASE("full months in the role ask for more of the target") {
    struct Case {
        const char* name;
        std::chrono::year_month_day since;
        double ramp;
    };
    // On Monday 9 November 2026.
    const auto c = GENERATE(values<Case>({
        {"the first month", 2026y / 10 / 12, 0},
        {"one full month to the day", 2026y / 10 / 9, 0.25},
        {"a day short of two", 2026y / 9 / 10, 0.25},
        {"three", 2026y / 8 / 9, 0.75},
        {"four", 2026y / 7 / 9, 1},
        {"years", 2021y / 7 / 9, 1},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        office.dials(90);
        office.week_of_calls("ana", "2026-W45", 20);
        office.week_of_calls("ana", "2026-W46", 45);
        change_ana(office, [&](auto& ana) { ana.from = day(c.since); });
        const auto week = kpi_of(office, "ana", 2).weeks.at(0);
        CHECK(week.ramp == c.ramp);
        CHECK(week.target == 90 * c.ramp);
        CHECK(week.attainment.has_value() == (c.ramp > 0));
        if (c.ramp > 0) CHECK(*week.attainment == Approx(45 / (90 * c.ramp)));
    }
}

TEST_CASE("a role may have a ramp of its own, and who keeps the role keeps the months") {
    Office office;
    office.dials(90);
    office.week_of_calls("ana", "2026-W45", 20);
    office.options.roles.push_back({.name = "ae", .ramp = {0.5, 1}, .place = {}});
    change_ana(office, [&](auto& ana) {
        ana.role = "ae";
        ana.from = day(2026y / 11 / 2);
    });
    CHECK(kpi_of(office, "ana", 2).weeks.at(0).ramp == 0.5);
    change_ana(office, [&](auto& ana) { ana.role_since = day(2026y / 6 / 1); });
    CHECK(kpi_of(office, "ana", 2).weeks.at(0).ramp == 1);
}

TEST_CASE("who changes teams in one role begins no new ramp") {
    Office office;
    office.dials(90);
    office.world.team("south").manager("mia").member("ana", day(2026y / 11 / 2));
    auto roster = office.world.roster();
    roster.teams[0].members[0].until = day(2026y / 11 / 2);
    office.world.set_roster(roster);
    office.week_of_calls("ana", "2026-W44", 20);
    const auto card = office.scorecard(2, "south", "ana");
    CHECK(card.reps.at(0).kpis.at(0).weeks.at(0).ramp == 1);
}

TEST_CASE("a share of too few cases is told as cases and never judged") {
    Office office;
    auto& kpi = office.dials(0.5);
    kpi.name = "reached";
    kpi.measure.clear();
    kpi.ratio = checks::KpiRatio{"connects", {"dials"}};
    int number = 0;
    const auto calls = [&](std::string_view week, int dials, int connects) {
        const auto monday = IsoWeek::parse(week).value().monday();
        for (int i = 0; i < dials; ++i)
            office.world.call("c" + std::to_string(++number))
                .owner("ana")
                .at(std::chrono::sys_days{monday.time_since_epoch()} + std::chrono::hours{12})
                .direction("outbound")
                .outcome(i < connects ? "connected" : "no_answer");
    };
    calls("2026-W43", 5, 1);
    calls("2026-W44", 40, 10);
    calls("2026-W45", 10, 3);
    const auto shown = kpi_of(office, "ana", 4);
    const auto& enough = shown.weeks.at(0);
    CHECK(enough.is_usable());
    CHECK(*enough.value == 0.25);
    CHECK(*enough.attainment == 0.5);
    CHECK(checks::value_text(enough) == "25 %");
    CHECK(checks::target_text(enough) == "50 %");
    const auto& few = shown.weeks.at(1);
    CHECK(few.excluded == "3 of 10: 30 cases make a rate");
    CHECK(checks::value_text(few) == "3 of 10");
    const auto& none = shown.weeks.at(2);
    CHECK_FALSE(none.value);  // by nothing: not zero
    CHECK(none.excluded == "nothing to divide by");
    REQUIRE(shown.cases);
    CHECK(shown.cases->hits == 14);
    CHECK(shown.cases->all == 55);
}

TEST_CASE("neither a ratio nor what is better the lower it is is prorated") {
    Office office;
    auto& kpi = office.dials(20);
    kpi.lower_is_better = true;
    office.week_of_calls("ana", "2026-W45", 10);
    office.week_of_calls("ana", "2026-W46", 25, 3);
    change_ana(office, [](auto& ana) {
        ana.away[day(2026y / 11 / 12)] = 1;
        ana.away[day(2026y / 11 / 13)] = 1;
    });
    const auto week = kpi_of(office, "ana", 2).weeks.at(0);
    CHECK(week.working_days == 3);
    CHECK(week.target == 20);
    CHECK(*week.attainment == 0.8);  // 20 of 25
}

TEST_CASE("of what is better the lower it is a fall is an improvement") {
    std::vector<checks::TrendWeek> weeks;
    const std::vector<double> falling{60, 58, 61, 55, 52, 54, 49, 47};
    for (std::size_t i = 0; i < falling.size(); ++i)
        weeks.push_back({static_cast<int>(i), falling[i], std::nullopt});
    CHECK(checks::decide_trend(weeks, {}).kind == checks::TrendClass::declining);
    checks::LowRule lower;
    lower.lower_is_better = true;
    CHECK(checks::decide_trend(weeks, lower).kind == checks::TrendClass::improving);
}

TEST_CASE("a quantile lies between its neighbours") {
    CHECK(checks::quantile({4, 1, 3, 2}, 0.5) == 2.5);
    CHECK(checks::quantile({1, 2, 3, 4, 5, 6}, 0.8) == 5);
    CHECK(checks::quantile({7}, 0.8) == 7);
}

TEST_CASE("what four of five weeks of the peers stay below is suggested as a target") {
    Office office;
    office.dials(90);
    auto team = office.world.team("south");
    team.manager("mia");
    for (const auto* rep : {"r1", "r2", "r3", "r4", "r5", "r6"}) team.rep(rep);
    // One usable week each: 10, 20, 30, 40, 50; r6's own is left out.
    int dials = 0;
    for (const auto* rep : {"r1", "r2", "r3", "r4", "r5"})
        office.week_of_calls(rep, "2026-W46", dials += 10);
    office.week_of_calls("r6", "2026-W46", 500);
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const checks::Scene scene{reader, people, office.options, friday};
    const auto all = checks::read_kpi_series(scene, 2);
    const auto of = [&](std::string_view name) -> const checks::KpiSeries& {
        return *std::find_if(all.begin(), all.end(),
                             [&](const auto& series) { return series.rep->name == name; });
    };
    CHECK(checks::suggested_target(scene, all, of("r6")) == 42);   // 40 + 0.2 × 10
    CHECK_FALSE(checks::suggested_target(scene, all, of("ana")));  // one peer
    // A proposal is shown where there is no target, and never taken for one.
    office.options.kpis[0].targets = {{"north", 90}};
    const auto shown = kpi_of(office, "r6", 2);
    CHECK_FALSE(shown.week_target);
    CHECK(shown.suggested_target == 42);
    CHECK_FALSE(shown.weeks.at(0).attainment);
}

TEST_CASE("the running week's pace is asked of the days that are over, and no verdict") {
    Office office;
    office.dials(90);
    // Monday and Tuesday ask for 90 * 2/5 = 36; 27 are 75 %. Against the whole week they would be
    // 30 %.
    office.calls("ana", day(2026y / 11 / 16), 20);
    office.calls("ana", day(2026y / 11 / 17), 7);
    const auto week_as_of = [&](Instant moment) {
        return office.scorecard(1, "north", "ana", moment).reps.at(0).kpis.at(0).weeks.at(0);
    };
    const auto wednesday = week_as_of(noon(2026y / 11 / 18));
    REQUIRE(wednesday.pace);
    CHECK(*wednesday.pace == Approx(0.75));
    CHECK(wednesday.provisional);
    CHECK_FALSE(wednesday.is_usable());
    CHECK_FALSE(week_as_of(noon(2026y / 11 / 16)).pace);  // no day of it is over
    // With Tuesday off, Monday alone asks for 18: 27 are half as much again.
    auto roster = office.world.roster();
    roster.teams[0].members[0].away[day(2026y / 11 / 17)] = 1;
    office.world.set_roster(roster);
    CHECK(*week_as_of(noon(2026y / 11 / 18)).pace == Approx(1.5));
}
