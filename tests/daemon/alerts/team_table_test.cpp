// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/team_table.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using checks::KpiWeek;
using checks::TrendClass;

namespace {

KpiWeek week(const char* name, double value, double days, double target) {
    KpiWeek week{.week = IsoWeek::parse(name).value()};
    week.value = value;
    week.working_days = days;
    week.target = target;
    return week;
}

checks::ScorecardRep rep(const std::string& name, TrendClass kind, std::vector<KpiWeek> weeks) {
    checks::ScorecardRep rep;
    rep.name = name;
    rep.team = "North";
    checks::ScorecardKpi kpi;
    kpi.name = "dials";
    kpi.label = "Dials";
    kpi.has_data = true;
    kpi.trend.kind = kind;
    kpi.weeks = std::move(weeks);
    rep.kpis = {kpi};
    rep.opportunities = checks::Coverage{9, 10};
    rep.accounts = checks::Coverage{108, 120};
    return rep;
}

}  // namespace

TEST_CASE("the team's table has a line a rep, about the last complete week") {
    auto running = week("2026-W48", 7, 1, 18);
    running.provisional = true;
    checks::Scorecard scorecard{};
    // On leave for two days: 90 · 3/5 = 54.
    scorecard.reps = {rep("Cleo", TrendClass::improving, {week("2026-W47", 36, 3, 54), running}),
                      rep("Ana", TrendClass::low_flat, {week("2026-W47", 40, 5, 90), running}),
                      rep("Ben", TrendClass::learning, {})};
    scorecard.reps[0].findings = {4, 2, 1, 0};
    scorecard.reps[0].opportunities = checks::Coverage{0, 0};
    scorecard.reps[1].findings = {0, 3, 0, 1};
    scorecard.reps[2].no_data = true;
    scorecard.reps[2].opportunities.reset();
    scorecard.reps.push_back(rep("Zed", TrendClass::steady, {}));
    scorecard.reps.back().team = "South";

    const auto section = alerts::team_table(scorecard, "North", alerts::Texts{});
    CHECK(section.text == "Week 2026-W47, the last complete one");
    CHECK(section.columns ==
          std::vector<std::string>{"Rep", "Dials", "Deals planned", "Accounts planned", "Open"});
    CHECK(section.rows == std::vector<std::vector<std::string>>{
                              {"Ana", "40 / 90 →", "9 / 10", "108 / 120", "3 A"},
                              {"Ben", "no data", "not proven", "108 / 120", "–"},
                              {"Cleo", "36 / 54 (3 d) ↗", "–", "108 / 120", "1 H 2 A"}});
}

TEST_CASE("the running week shows how it stands against the days that are over") {
    auto running = week("2026-W48", 27, 5, 90);
    running.provisional = true;
    running.pace = 0.75;
    checks::Scorecard scorecard{};
    scorecard.reps = {rep("Ana", TrendClass::declining, {running})};
    const auto section = alerts::team_table(scorecard, "North", alerts::Texts{},
                                            {.week = alerts::ShownWeek::running});
    CHECK(section.rows[0][1] == "27 / 90 75 % of pace *");
}

TEST_CASE("a week that does not count and one that is not known are no zeros") {
    auto away = week("2026-W47", 3, 1, 18);
    away.excluded = "1 working day";
    auto unknown = week("2026-W47", 0, 5, 90);
    unknown.value.reset();
    checks::Scorecard scorecard{};
    scorecard.reps = {rep("Ana", TrendClass::steady, {away}),
                      rep("Ben", TrendClass::spike, {unknown})};
    const auto section = alerts::team_table(scorecard, "North", alerts::Texts{});
    CHECK(section.rows[0][1] == "not counted");
    CHECK(section.rows[1][1] == "not proven");
}

TEST_CASE("a column of accounts is left out where nobody has any, and a team may be empty") {
    checks::Scorecard scorecard{};
    scorecard.reps = {rep("Ana", TrendClass::steady, {week("2026-W47", 40.25, 5, 90)})};
    scorecard.reps[0].accounts = checks::Coverage{0, 0};
    const auto section = alerts::team_table(scorecard, "North", alerts::Texts{});
    CHECK(section.columns.size() == 4);
    CHECK(section.rows[0][1] == "40.3 / 90 →");
    CHECK(alerts::team_table(scorecard, "South", alerts::Texts{}).rows.empty());
}
