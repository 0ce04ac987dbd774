// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/surprise.hpp"
#include "daemon/checks/statistics/rates.hpp"
#include "tests/daemon/checks/scene.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace nudged;
using namespace nudged::checks;

// How often rules would speak about chance alone, on published data: the 30 agents of Maven
// Analytics' "CRM Sales Opportunities" and their wins in the 43 full weeks 2017-W10 … W52.

namespace {

const std::string file = NUDGED_SOURCE_DIR "/../shared/data/maven-crm/sales_pipeline.csv";
constexpr int first_week = 10, first_judged = 18, last_week = 52;

using Wins = std::map<std::string, std::vector<int>>;  // by agent; of each week of 2017

bool is_absent() {
    if (std::filesystem::exists(file)) return false;
    WARN("skipped: " << file << " is not there");
    return true;
}

Wins read_wins() {
    std::ifstream lines{file};
    std::string line;
    std::getline(lines, line);
    Wins wins;
    while (std::getline(lines, line)) {
        std::vector<std::string> cells;
        std::istringstream columns{line};
        for (std::string cell; std::getline(columns, cell, ',');) cells.push_back(cell);
        REQUIRE(cells.size() >= 5);
        auto& weeks = wins.try_emplace(cells[1], last_week + 2, 0).first->second;
        if (cells[4] != "Won") continue;
        const auto week = IsoWeek::of(parse_date(cells[6]).value());
        REQUIRE(week.year() == 2017);
        ++weeks.at(static_cast<std::size_t>(week.week()));
    }
    REQUIRE(wins.size() == 30);
    return wins;
}

int in_week(const std::vector<int>& weeks, int week) {
    return weeks[static_cast<std::size_t>(week)];
}

/// The mean of the eight weeks before.
double mean_before(const std::vector<int>& weeks, int week) {
    double sum = 0;
    for (int before = week - 8; before < week; ++before) sum += in_week(weeks, before);
    return sum / 8;
}

std::vector<int> totals(const Wins& wins) {
    std::vector<int> sum(last_week + 2, 0);
    for (const auto& [agent, weeks] : wins)
        for (std::size_t week = 0; week < weeks.size(); ++week) sum[week] += weeks[week];
    return sum;
}

/// Rep-weeks with a quarter less than the week before.
int naive(const Wins& wins, int from) {
    int found = 0;
    for (const auto& [agent, weeks] : wins)
        for (int week = from; week <= last_week; ++week) {
            const int before = in_week(weeks, week - 1);
            found += before >= 1 && in_week(weeks, week) <= 0.75 * before;
        }
    return found;
}

/// The lower tails of all agents in one week, against their own eight weeks.
std::vector<double> chances(const Wins& wins, int week) {
    std::vector<double> all;
    for (const auto& [agent, weeks] : wins)
        all.push_back(lower_tail({mean_before(weeks, week)}, in_week(weeks, week)));
    return all;
}

}  // namespace

TEST_CASE("a bank's agent who was away for a week is asked about it only without the leave") {
    // "Anonymous Bank", February 1999: Michal took 601 and 520 calls in weeks 5 and 6, none in 7.
    const std::string calls =
        NUDGED_SOURCE_DIR "/../shared/data/anonymous-bank-calls/february-1999.tsv";
    if (!std::filesystem::exists(calls)) {
        WARN("skipped: " << calls << " is not there");
        return;
    }
    tests::Office office;
    office.world.team("bank").manager("mia").rep("michal");
    std::ifstream lines{calls};
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        std::vector<std::string> cells;
        std::istringstream columns{line};
        for (std::string cell; std::getline(columns, cell, '\t');) cells.push_back(cell);
        if (!cells.at(16).starts_with("MICHAL")) continue;
        const int day_of_month = std::stoi(cells[5].substr(4, 2));  // "990201"
        office.world.call("call" + std::to_string(++number))
            .owner("michal")
            .at(tests::noon(std::chrono::year{1999} / 2 / day_of_month))
            .direction("inbound");
    }
    CHECK(number == 1121);
    auto& kpi = office.dials(500);
    kpi.name = kpi.measure = "inbound_calls";
    kpi.label = "Calls taken";
    office.options.kpi_baseline.minimum = 2;  // there are four weeks in all
    const auto wednesday = tests::noon(std::chrono::year{1999} / 2 / 24);
    const auto asked = office.find("kpi.unusual_week", wednesday);
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].summary ==
          "Calls taken in 1999-W07: 0, where about 561 are usual (5 days worked).");
    auto roster = office.world.roster();
    for (unsigned date = 15; date <= 19; ++date)
        roster.teams[1].members[0].away[tests::day(std::chrono::year{1999} / 2 / date)] = 1;
    office.world.set_roster(roster);
    const auto excused = office.evaluate("kpi.unusual_week", wednesday);
    CHECK(excused.findings.empty());
    REQUIRE(excused.held_back.size() == 1);
    CHECK(excused.held_back[0].reason == "away");
}

TEST_CASE("comparing with last week would speak of every third rep-week, never of none") {
    if (is_absent()) return;
    const auto wins = read_wins();
    CHECK(naive(wins, first_week + 1) == 470);  // of 30 × 42 = 1,260
    CHECK(naive(wins, first_judged) == 388);    // of 30 × 35 = 1,050
    for (int week = first_week + 1; week <= last_week; ++week) {
        int found = 0;
        for (const auto& [agent, weeks] : wins)
            found += in_week(weeks, week - 1) >= 1 &&
                     in_week(weeks, week) <= 0.75 * in_week(weeks, week - 1);
        CAPTURE(week);
        CHECK(found > 0);
    }
}

TEST_CASE("against their own eight weeks the same rep-weeks are luck") {
    if (is_absent()) return;
    const auto wins = read_wins();
    int below_5 = 0, below_half = 0, rejected = 0, tests = 0;
    for (int week = first_judged; week <= last_week; ++week) {
        const auto all = chances(wins, week);
        const double limit = largest_rejected(all, 0.05);
        for (const double chance : all) {
            ++tests;
            below_5 += chance < 0.05;
            below_half += chance < 0.005;
            rejected += chance <= limit;
        }
    }
    CHECK(tests == 1050);
    CHECK(below_5 == 25);
    CHECK(below_half == 0);
    CHECK(rejected == 0);
}

TEST_CASE("the whole team's total is low exactly in the first weeks of two quarters") {
    if (is_absent()) return;
    const auto sum = totals(read_wins());
    std::map<int, int> low;
    for (int week = first_judged; week <= last_week; ++week)
        if (lower_tail({mean_before(sum, week)}, in_week(sum, week)) < 0.005)
            low[week] = in_week(sum, week);
    CHECK(low == std::map<int, int>{{27, 71}, {28, 60}, {29, 56}, {40, 60}, {41, 67}, {42, 53}});
}

TEST_CASE("given the team's total exactly one rep-week is beyond luck") {
    if (is_absent()) return;
    const auto wins = read_wins();
    const auto sum = totals(wins);
    std::vector<std::string> found;
    for (int week = first_judged; week <= last_week; ++week) {
        std::vector<double> all;
        for (const auto& [agent, weeks] : wins)
            all.push_back(binomial_lower(in_week(sum, week),
                                         mean_before(weeks, week) / mean_before(sum, week),
                                         in_week(weeks, week)));
        const double limit = largest_rejected(all, 0.05);
        std::size_t place = 0;
        for (const auto& [agent, weeks] : wins) {
            const double chance = all[place++];
            if (chance > limit) continue;
            found.push_back(agent);
            CHECK(week == 38);
            CHECK(in_week(weeks, week) == 3);
            CHECK(mean_before(weeks, week) == 10.75);
            CHECK(chance == Approx(0.0014).margin(5e-5));
        }
    }
    CHECK(found == std::vector<std::string>{"Darcel Schlecht"});
}

TEST_CASE("the checks tell those six weeks and that one, of the weeks 26 to 43") {
    if (is_absent()) return;
    tests::Office office;
    auto& world = office.world;
    const auto wins = read_wins();
    auto team = world.team("agents");
    team.manager("mia");
    int number = 0;
    std::map<std::string, std::string> user_of;
    for (const auto& [agent, weeks] : wins) {
        const auto user = user_of[agent] = "agent" + std::to_string(number++);
        team.rep(user);
        for (int week = 9; week <= last_week; ++week)
            for (int deal = 0; deal < std::max(week == 9 ? 1 : 0, in_week(weeks, week)); ++deal) {
                const auto monday = IsoWeek::parse("2017-W" + std::string(week < 10 ? "0" : "") +
                                                   std::to_string(week))
                                        .value()
                                        .monday();
                world.opportunity(user + "-" + std::to_string(week) + "-" + std::to_string(deal))
                    .owner(user)
                    .won()
                    .close_date(monday);
            }
    }
    auto& kpi = office.dials(4);
    kpi.name = kpi.measure = "wins";
    kpi.label = "Wins";
    std::vector<std::string> teams, reps;
    const auto people = world.people();
    for (int week = 26; week <= 43; ++week) {
        const auto name = "2017-W" + std::to_string(week);
        const auto day = IsoWeek::parse(name).value().plus(1).monday() + std::chrono::days{4};
        const auto reader = world.reader();
        const checks::Scene scene{reader, people, office.options,
                                  std::chrono::sys_days{day.time_since_epoch()}};
        for (const auto& finding : checks::surprises_of(scene).findings) {
            if (finding.check == "kpi.team_week" && finding.team == "agents") teams.push_back(name);
            if (finding.check == "kpi.unusual_week" && !finding.is_praise &&
                finding.summary.find(" weeks to ") == std::string::npos)
                reps.push_back(name + " " + finding.summary);
        }
    }
    CHECK(teams == std::vector<std::string>{"2017-W27", "2017-W28", "2017-W29", "2017-W40",
                                            "2017-W41", "2017-W42"});
    REQUIRE(reps.size() == 1);
    CHECK(reps[0] == "2017-W38 Wins in 2017-W38: 3, where about 11 are usual (5 days worked).");
}
