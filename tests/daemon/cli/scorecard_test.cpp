// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/columns.hpp"
#include "daemon/cli/scorecard_screen.hpp"
#include "tests/support/time_zone.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <sstream>

using namespace nudged;
using checks::KpiWeek;
using checks::ScorecardKpi;
using checks::TrendClass;

namespace {

KpiWeek week(const char* name, std::optional<double> value, double worked, double target) {
    KpiWeek made{.week = IsoWeek::parse(name).value()};
    made.value = value;
    made.working_days = worked;
    if (value) made.target = target;
    if (!value) made.excluded = "away";
    return made;
}

/// Weeks 41 to 46, and the running one.
ScorecardKpi dials(const std::vector<std::optional<double>>& values, double worked_last) {
    ScorecardKpi kpi;
    kpi.label = "Dials";
    kpi.week_target = 7;
    kpi.has_data = true;
    for (int i = 0; i < 6; ++i)
        kpi.weeks.push_back(week(fmt::format("2026-W{}", 41 + i).c_str(), values.at(i),
                                 i == 5 ? worked_last : 5, i == 5 ? 7 * worked_last / 5 : 7));
    auto& running = kpi.weeks.emplace_back(week("2026-W47", 2, 5, 7));
    running.provisional = true;
    running.excluded = "not complete until 2026-11-24 12:00";
    return kpi;
}

checks::ScorecardRep rep(const char* name) {
    checks::ScorecardRep made;
    made.name = name;
    return made;
}

}  // namespace

TEST_CASE("a scorecard has a line a rep: figure, target by the days worked, course and trend") {
    checks::Scorecard card;
    card.as_of = parse_instant("2026-11-20T12:00:00Z").value();
    auto ana = rep("Ana");
    ana.kpis.push_back(dials({0, 1, 3, 5, 6, 7}, 5));
    ana.kpis[0].trend.kind = TrendClass::improving;
    auto& rate = ana.kpis.emplace_back(dials({{}, {}, {}, {}, {}, 0.3}, 5));
    rate.label = "Win rate";
    rate.week_target.reset();
    rate.weeks[5].cases = checks::Cases{3, 10};
    rate.trend.kind = TrendClass::learning;
    ana.opportunities = checks::Coverage{8, 10};
    ana.accounts = checks::Coverage{20, 20};
    ana.clean = checks::Coverage{27, 30};
    ana.findings = {.info = 1, .attention = 2, .high = 1};
    auto bob = rep("Bob");
    // Of seven a week; away in week 42, and three days worked in week 46: 3 of 4.2, as 5 of 7.
    bob.kpis.push_back(dials({7, {}, 3, 3, 3, 3}, 3));
    bob.kpis[0].trend.kind = TrendClass::steady;
    bob.kpis.emplace_back().label = "Win rate";
    bob.accounts = checks::Coverage{0, 0};
    card.reps = {ana, bob};
    card.held = {{"opp.idle", "sales", "sales is behind"},
                 {"acct.no_next_step", "", "sales is behind"}};
    card.sources = {{"crm", parse_instant("2026-11-20T11:55:00Z")}, {"sales", std::nullopt}};
    const tests::TimeZone zone("Europe/Berlin");
    CHECK(cli::scorecard_screen(card) ==
          "Week 2026-W46, the last complete one; as of 2026-11-20 13:00 CET\n"
          "\n"
          "rep  Dials           Win rate\n"
          "Ana    7/7 ▁▂▄▆▇█ ↗  3 of 10 ·····█ …\n"
          "Bob  3/4.2 █·▄▄▄▆ →  no data\n"
          "\n"
          "value/target by the days worked, the weeks up to it, ✓ ↗ → ↘ ◆ … trend; – does not "
          "count: --format long says why\n"
          "Read to: sales not finished; crm 2026-11-20 12:55 CET\n"
          "\n"
          "rep  deals with a next step  accounts with one     hygiene  findings  of them high\n"
          "Ana                    8/10              20/20          90         4             1\n"
          "Bob              not proven          none open  not proven         0             0\n"
          "held back: sales is behind\n");
}

TEST_CASE("twelve reps with five KPIs fit a terminal of 120 columns and 40 lines") {
    checks::Scorecard card;
    for (int i = 0; i < 12; ++i) {
        auto& one = card.reps.emplace_back(rep("Maximiliane Oberhuber-Castellanos"));
        for (int k = 0; k < 5; ++k) {
            auto& kpi = one.kpis.emplace_back(dials({9999, 123'456, 1, 0, 98'765, 123'456.78}, 4));
            kpi.label = "Opportunities that were created";
            kpi.weeks[5].target = 99'999;
        }
    }
    for (int i = 0; i < 9; ++i) {
        card.sources.push_back({"a source with a long name", card.as_of});
        card.held.push_back({"opp.idle", "", fmt::format("{}{}", i, std::string(300, 'x'))});
    }
    const tests::TimeZone zone("America/Sao_Paulo");
    std::istringstream text(cli::scorecard_screen(card));
    std::size_t lines = 0, widest = 0;
    for (std::string line; std::getline(text, line); ++lines)
        widest = std::max(widest, cli::display_width(line));
    CHECK(lines <= 40);
    CHECK(lines > 24);
    CHECK(widest <= 120);
    CHECK(widest > 100);
}
