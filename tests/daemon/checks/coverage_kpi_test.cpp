// SPDX-License-Identifier: Apache-2.0
// The share of accounts and deals with a next step, as a KPI with weeks and a trend.
#include "daemon/checks/kpi/coverage_weeks.hpp"

#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/warehouse/coverage_weeks.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using warehouse::CoverageObject;
using warehouse::CoverageWeek;

// Friday 20 November 2026 is in week 47. A week has settled on Tuesday at 12:00.

namespace {

const Instant tuesday = at(2026y / 11 / 24, 12, 1);

/// Forty accounts of ana's, of which so many have a task in March.
struct Book : Office {
    explicit Book(int covered) {
        checks::Kpi kpi;
        kpi.name = "coverage";
        kpi.label = "Next steps";
        kpi.measure = "account_coverage";
        kpi.targets[""] = 0.9;
        kpi.why = "Nobody calls an account that nothing reminds them of.";
        options.kpis.push_back(kpi);
        for (int i = 0; i < 40; ++i)
            world.account(fmt::format("a{}", i)).owner("ana").created(noon(2026y / 9 / 1));
        for (int i = 0; i < covered; ++i)
            world.task(fmt::format("t{}", i))
                .owner("ana")
                .account(fmt::format("a{}", i))
                .due_on(day(2027y / 3 / 1));
    }
    void done(int task, Instant when) { world.task(fmt::format("t{}", task)).done_at(when); }

    std::vector<CoverageWeek> count(Instant as_of) {
        const auto people = world.people();
        const auto reader = world.reader();
        return checks::count_coverage({reader, people, options, as_of});
    }
    /// What an evaluation of the daemon does; how many rows it writes.
    std::size_t evaluated(Instant as_of) {
        world.mark_all_complete(as_of);
        auto weeks = count(as_of);
        const auto reader = world.reader();
        const auto news = warehouse::read_coverage_news(reader, std::move(weeks));
        warehouse::note_coverage(world.database(), news);
        return news.size();
    }
    /// A week of which this was noted at its end.
    void noted(const char* week, int covered) {
        const auto at = *IsoWeek::parse(week);
        const auto friday = at.monday() + std::chrono::days{4};
        const Instant noon_then = std::chrono::sys_days{friday.time_since_epoch()} + 12h;
        world.reader();
        const CoverageWeek row{
            world.person("ana"), CoverageObject::account, at, covered, 40, friday, noon_then};
        warehouse::note_coverage(world.database(), {&row, 1});
    }
    checks::ScorecardKpi card(int weeks, Instant as_of) {
        world.mark_all_complete(as_of);
        return scorecard(weeks, "north", "ana", as_of).reps.at(0).kpis.at(0);
    }
};

}  // namespace

TEST_CASE(
    "the share of accounts with a next step is a KPI, which stays what it was at its week's end") {
    Book office{36};
    office.evaluated(friday);
    office.done(0, at(2026y / 11 / 23, 9));
    office.done(1, at(2026y / 11 / 23, 9));
    const auto kpi = office.card(2, tuesday);
    REQUIRE(kpi.weeks.size() == 2);
    // 36 of 40, whatever has been done since; 34 of 40 so far.
    CHECK(kpi.weeks[0].is_usable());
    CHECK(checks::value_text(kpi.weeks[0]) == "90 %");
    CHECK(kpi.weeks[0].attainment.value() == Approx(1));
    CHECK(kpi.weeks[1].provisional);
    CHECK(checks::value_text(kpi.weeks[1]) == "85 %");
}

TEST_CASE("a target of a share asks for the same in a short week") {
    Book office{36};
    office.evaluated(friday);
    auto roster = office.world.roster();
    roster.teams[0].holidays = {day(2026y / 11 / 16), day(2026y / 11 / 17)};
    office.world.set_roster(roster);
    const auto week = office.card(2, tuesday).weeks[0];
    CHECK(week.working_days == 3);
    CHECK(week.target.value() == Approx(0.9));
}

TEST_CASE(
    "a week of which only its middle is known is not proven, and so is one that nobody counted") {
    Book office{36};
    office.evaluated(noon(2026y / 11 / 6));   // Friday of week 45
    office.evaluated(noon(2026y / 11 / 18));  // Wednesday of week 47
    const auto kpi = office.card(4, tuesday);
    CHECK(kpi.weeks[0].is_usable());
    for (const std::size_t week : {1, 2}) {
        CHECK_FALSE(kpi.weeks[week].value);
        CHECK(kpi.weeks[week].excluded == "not proven: next steps were not counted at its end");
    }
}

TEST_CASE("a week that has not settled is provisional, as of other KPIs") {
    Book office{36};
    office.evaluated(friday);
    const auto week = office.card(2, at(2026y / 11 / 24, 11, 59)).weeks[0];
    CHECK(week.excluded == "not complete until 2026-11-24 12:00");
    CHECK(checks::value_text(week) == "90 %");
}

TEST_CASE("the past is shown as it was known: what is noted later does not change it") {
    Book office{36};
    office.evaluated(friday);
    const Instant then = noon(2026y / 11 / 17);
    office.world.mark_all_complete(friday);
    const auto kpi = office.scorecard(1, "north", "ana", then).reps.at(0).kpis.at(0);
    CHECK(kpi.weeks[0].provisional);
    CHECK(kpi.weeks[0].cases->hits == 36);  // counted as of then
    CHECK(warehouse::read_coverage_weeks(office.world.reader(), CoverageObject::account,
                                         *IsoWeek::parse("2026-W40"), then)
              .empty());
}

TEST_CASE("coverage has a trend: six weeks upwards are improving") {
    Book office{36};
    // 24, 26, … 34 of 40: 5 points a week, all fifteen pairs rise.
    int covered = 24;
    for (const char* week :
         {"2026-W41", "2026-W42", "2026-W43", "2026-W44", "2026-W45", "2026-W46"}) {
        office.noted(week, covered);
        covered += 2;
    }
    const auto kpi = office.card(8, friday);
    CHECK(kpi.trend.kind == checks::TrendClass::improving);
    CHECK(kpi.trend.slope == Approx(0.05));
    CHECK(kpi.trend.s == 15);
    CHECK(kpi.weeks[0].excluded == "no data before 2026-10-05");
}

TEST_CASE("nothing is noted while a source does not prove what is planned") {
    Book office{36};
    office.world.mark_all_complete(friday);
    CHECK(office.count(friday + 6h).size() == 4);  // accounts and deals of two reps
    const auto later = office.count(friday + 6h + 1min);
    for (const auto& one : later)
        CHECK((one.person != office.world.person("ana") || one.object != CoverageObject::account));
}

TEST_CASE("an evaluation writes what has changed, and once a day that it has not") {
    Book office{36};
    CHECK(office.evaluated(friday) == 1);  // who has no accounts and no deals has no row
    CHECK(office.evaluated(friday + 1h) == 0);
    CHECK(office.evaluated(friday + 24h) == 1);
    office.done(0, friday + 24h);
    CHECK(office.evaluated(friday + 25h) == 1);
    const auto weeks = warehouse::read_coverage_weeks(
        office.world.reader(), CoverageObject::account, *IsoWeek::parse("2026-W40"), friday + 48h);
    REQUIRE(weeks.size() == 1);
    CHECK(weeks[0].covered == 35);
    CHECK(weeks[0].seen_on == day(2026y / 11 / 21));
    // An earlier moment, such as a replay's, changes nothing.
    auto replayed = weeks;
    replayed[0].covered = 1;
    replayed[0].seen_at = friday;
    warehouse::note_coverage(office.world.database(), replayed);
    CHECK(office.evaluated(friday + 25h) == 0);
}

TEST_CASE("open deals with a next step are a KPI as well") {
    Book office{0};
    office.options.kpis[0].measure = "opportunity_coverage";
    office.deal("Acme");
    office.deal("Brill");
    office.world.meeting("m").owner("ana").opportunity("Acme").at(noon(2026y / 12 / 1));
    const auto kpi = office.card(1, friday);
    CHECK(kpi.weeks[0].cases->hits == 1);
    CHECK(kpi.weeks[0].cases->all == 2);
    CHECK(checks::value_text(kpi.weeks[0]) == "1 of 2");
}
