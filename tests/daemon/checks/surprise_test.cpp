// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/surprise.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::Severity;

// Friday 20 November 2026 is in week 47; week 46 is the last complete one.

namespace {

// Sales practice §8.3: mean 60.5, no more spread than luck's.
const std::vector<int> usual{52, 66, 58, 71, 49, 63, 60, 65};

/// Dials of the weeks that end with week 46.
void dials_of(Office& office, std::string_view rep, std::vector<int> weeks) {
    auto week = IsoWeek::parse("2026-W46").value().plus(1 - static_cast<int>(weeks.size()));
    for (const int dials : weeks) {
        office.week_of_calls(rep, week.str(), dials);
        week = week.plus(1);
    }
}

std::vector<int> after(std::vector<int> weeks, const std::vector<int>& more) {
    weeks.insert(weeks.end(), more.begin(), more.end());
    return weeks;
}

checks::Findings unusual(Office& office, std::string_view check = "kpi.unusual_week") {
    return office.find(check);
}

const checks::HeldBack& kept(const checks::Evaluation& evaluation, std::string_view name) {
    const auto found = std::find_if(evaluation.held_back.begin(), evaluation.held_back.end(),
                                    [&](const auto& one) { return one.name == name; });
    REQUIRE(found != evaluation.held_back.end());
    return *found;
}

/// A team of reps "r0" …, `count` of them with these weeks, and one more with others.
void team_of(Office& office, int count, const std::vector<int>& weeks,
             const std::vector<int>& other = {}) {
    const int all = count + (other.empty() ? 0 : 1);
    auto team = office.world.team("south");
    team.manager("mia");
    for (int i = 0; i < all; ++i) team.rep("r" + std::to_string(i));
    for (int i = 0; i < all; ++i)
        dials_of(office, "r" + std::to_string(i), i < count ? weeks : other);
}

}  // namespace

TEST_CASE("a week is told as unusual when luck hardly brings it about and the change is large") {
    struct Case {
        const char* name;
        int last;
        bool is_told;
        bool is_praise;
        std::string reason;
    };
    const auto c = GENERATE(values<Case>({
        {"a third less", 41, true, false, ""},  // p = 0.00511
        {"a quarter less", 46, false, false, "luck does that in 3.18 of 100 weeks"},
        {"as usual", 60, false, false, ""},
        {"half as much again", 90, true, true, ""},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        office.dials(90);
        dials_of(office, "ana", after(usual, {c.last}));
        const auto evaluation = office.evaluate("kpi.unusual_week");
        REQUIRE(evaluation.findings.size() == (c.is_told ? 1 : 0));
        CHECK(evaluation.held_back.size() == (c.is_told ? 0 : 1));
        if (!c.reason.empty()) CHECK(kept(evaluation, "ana").reason == c.reason);
        if (!c.is_told) return;
        const auto& finding = evaluation.findings[0];
        CHECK(finding.is_praise == c.is_praise);
        CHECK(finding.severity == (c.is_praise ? Severity::info : Severity::attention));
        CHECK(finding.owner == office.world.person("ana"));
    }
}

TEST_CASE("an unusual week is told with what is usual, and a question") {
    Office office;
    office.dials(90);
    dials_of(office, "ana", after(usual, {41}));
    const auto finding = unusual(office).at(0);
    CHECK(finding.summary == "Dials in 2026-W46: 41, where about 61 are usual (5 days worked).");
    CHECK(finding.question == "What was different, and what would help?");
    CHECK(finding.aspect == "dials/low/2026-W46");
    REQUIRE(finding.evidence.size() >= 3);
    CHECK(finding.evidence[0].value == "-32 %");
    CHECK(finding.evidence[1].value == "60.5 a week of five days, over 8 weeks");
    CHECK(finding.evidence[2].value == "0.51 of 100 weeks");
    CHECK(finding.evidence.back().value == "Ninety dials a week become one deal.");
}

TEST_CASE("a week of three days is compared with three days") {
    // 25 of a usual 36.3 look like 59 % less than 60.5, and are luck in 3.1 of 100 weeks.
    Office office;
    office.dials(90);
    dials_of(office, "ana", after(usual, {0}));
    office.week_of_calls("ana", "2026-W46", 25, 3);
    auto roster = office.world.roster();
    for (unsigned date = 12; date <= 13; ++date)
        roster.teams[0].members[0].away[day(2026y / 11 / date)] = 1;
    office.world.set_roster(roster);
    const auto evaluation = office.evaluate("kpi.unusual_week");
    CHECK(evaluation.findings.empty());
    CHECK(kept(evaluation, "ana").reason == "luck does that in 3.11 of 100 weeks");
}

TEST_CASE("a week away is not a collapse") {
    Office office;
    office.dials(90);
    dials_of(office, "ana", after(usual, {0}));
    office.calls("ana", day(2026y / 11 / 17), 1);
    REQUIRE(unusual(office).size() == 1);
    auto roster = office.world.roster();
    for (unsigned date = 9; date <= 13; ++date)
        roster.teams[0].members[0].away[day(2026y / 11 / date)] = 1;
    office.world.set_roster(roster);
    const auto evaluation = office.evaluate("kpi.unusual_week");
    CHECK(evaluation.findings.empty());
    CHECK(kept(evaluation, "ana").reason == "away");
}

TEST_CASE("fewer than six weeks are still learned") {
    Office office;
    office.dials(90);
    dials_of(office, "ana", {60, 60, 60, 60, 60, 5});
    const auto evaluation = office.evaluate("kpi.unusual_week");
    CHECK(evaluation.findings.empty());
    CHECK(kept(evaluation, "ana").reason == "still learning, 5 of 6 weeks");
}

TEST_CASE("a small count needs four weeks, and five less than usual") {
    Office office;
    office.dials(90);
    const std::vector<int> few{3, 3, 3, 3, 3, 3, 3, 3};
    SECTION("one empty week says nothing") {
        dials_of(office, "ana", after(few, {3, 3, 3, 0}));
        CHECK(unusual(office).empty());
    }
    SECTION("four weeks that come to little do") {
        dials_of(office, "ana", after(few, {3, 1, 0, 0}));
        const auto finding = unusual(office).at(0);
        CHECK(finding.summary ==
              "Dials in the 4 weeks to 2026-W46: 4, where about 12 are usual (20 days worked).");
    }
}

TEST_CASE("the same is not told again within three weeks") {
    Office office;
    office.dials(90);
    SECTION("the week after") {
        dials_of(office, "ana", after(usual, {38, 38}));
        const auto evaluation = office.evaluate("kpi.unusual_week");
        CHECK(evaluation.findings.empty());
        CHECK(kept(evaluation, "ana").reason == "told within the last 3 weeks");
        // A week earlier it was told.
        const auto before = office.find("kpi.unusual_week", friday - std::chrono::days{7});
        CHECK(before.size() == 1);
    }
    SECTION("four weeks after") {
        dials_of(office, "ana", after(usual, {35, 60, 61, 59, 35}));
        CHECK(unusual(office).size() == 1);
    }
    SECTION("the other way is something else") {
        dials_of(office, "ana", after(usual, {38, 95}));
        CHECK(unusual(office).size() == 1);
    }
}

TEST_CASE("a week that was low for everybody is one note about the team") {
    Office office;
    office.dials(90);
    team_of(office, 6, after(usual, {38}));
    CHECK(unusual(office).empty());
    const auto evaluation = office.evaluate("kpi.unusual_week");
    CHECK_THAT(kept(evaluation, "r0").reason, Catch::StartsWith("the team moved as well: "));
    const auto notes = office.find("kpi.team_week");
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].subject.type == "team");
    CHECK(notes[0].team == "south");
    CHECK(notes[0].owner == warehouse::PersonId::nobody);
    // 6 × 38 = 228, 6 × 60.5 = 363.
    CHECK(notes[0].summary == "Dials in 2026-W46: 228, where about 363 are usual, for the whole "
                              "team; nobody is asked about it one by one.");
    CHECK_THAT(notes[0].question, Catch::EndsWith("?"));
}

TEST_CASE("one low week among a team's usual ones is the rep's") {
    Office office;
    office.dials(90);
    team_of(office, 6, after(usual, {60}), after(usual, {35}));
    const auto findings = unusual(office);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].owner == office.world.person("r6"));
    CHECK(office.find("kpi.team_week").empty());
    const auto others =
        std::find_if(findings[0].evidence.begin(), findings[0].evidence.end(),
                     [](const auto& evidence) { return evidence.label == "most of the others"; });
    // 63 + 60 + 65 + 35 in four weeks are 55.75; the others' 62 is not 20 % away.
    CHECK(others == findings[0].evidence.end());
}

TEST_CASE("of many tests at once a few low ones are luck") {
    // The same, and of what is told at most one in a thousand may be luck: of seven tests the
    // lowest has to be below 0.001 / 7. Given the team's 395, 35 have a chance of about 0.0008.
    Office office;
    office.options.kpi_unusual_week.false_share = 0.001;
    office.dials(90);
    team_of(office, 6, after(usual, {60}), after(usual, {35}));
    const auto evaluation = office.evaluate("kpi.unusual_week");
    CHECK(evaluation.findings.empty());
    CHECK(kept(evaluation, "r6").reason == "of 7 tests at once so much may be luck");
}

TEST_CASE("only what is counted one by one is tested, and only the first five KPIs") {
    Office office;
    office.dials(90);
    dials_of(office, "ana", after(usual, {38}));
    SECTION("seconds are no counts") {
        office.options.kpis[0].measure = "talk_seconds";
        CHECK(office.evaluate("kpi.unusual_week").held_back.empty());
    }
    SECTION("a KPI that is not among the first") {
        office.options.kpi_unusual_week.most_kpis = 1;
        auto other = office.options.kpis[0];
        office.options.kpis[0].name = "connects";
        office.options.kpis[0].measure = "connects";
        office.options.kpis.push_back(other);
        CHECK(unusual(office).empty());
    }
}

TEST_CASE("a slow drift is told when it has added up") {
    Office office;
    office.dials(90);
    // After eight weeks of 60: the published signal is in the third week of about a quarter less.
    const std::vector<int> sixties{60, 60, 60, 60, 60, 60, 60, 60};
    office.options.kpi_attainment.enabled = false;  // it would tell the decline
    SECTION("in its third week") {
        dials_of(office, "ana", after(sixties, {60, 58, 61, 46, 44, 45}));
        const auto finding = unusual(office, "kpi.drift").at(0);
        CHECK(finding.summary ==
              "Dials: about 45 a week over 3 weeks to 2026-W46, after about 60 before.");
        CHECK(finding.severity == Severity::attention);
        CHECK(finding.since == at(2026y / 10 / 26, 0));
    }
    SECTION("not before") {
        dials_of(office, "ana", after(sixties, {60, 58, 61, 46, 44}));
        CHECK(unusual(office, "kpi.drift").empty());
    }
    SECTION("and once") {
        dials_of(office, "ana", after(sixties, {60, 58, 61, 46, 44, 45, 47}));
        CHECK(unusual(office, "kpi.drift").empty());
    }
    SECTION("what the trend tells is not told twice") {
        office.options.kpi_attainment.enabled = true;
        dials_of(office, "ana", after(sixties, {60, 58, 61, 46, 44, 45}));
        const auto evaluation = office.evaluate("kpi.drift");
        CHECK(evaluation.findings.empty());
        CHECK(kept(evaluation, "ana").reason == "told as a decline");
    }
}

TEST_CASE("the baseline is frozen while a decline adds up") {
    // Eight weeks of 60, then one of 51 after another: a chart that learned would come to call 51
    // usual. z of 51 against 60 is −1.205, so each week adds 0.705: the sixth passes 4.
    std::vector<checks::CountWeek> weeks;
    for (int week = 0; week < 20; ++week) weeks.push_back({week, week < 8 ? 60.0 : 51.0, 5});
    const auto drifts = checks::find_drifts(weeks, {}, {}, 4);
    REQUIRE_FALSE(drifts.empty());
    CHECK(drifts[0].first_week == 8);
    CHECK(drifts[0].week == 13);
    CHECK(drifts[0].weeks == 6);
    CHECK(drifts[0].baseline.mean == 60);
    CHECK(drifts.size() == 1);  // 51 is the new level
}

TEST_CASE("while a source is behind, nothing is said of its weeks and nothing is resolved") {
    Office office;
    office.dials(90);
    dials_of(office, "ana", after(usual, {38}));
    office.world.mark_complete(model::Entity::call, noon(2026y / 11 / 14));
    const auto evaluation = office.evaluate("kpi.unusual_week");
    CHECK(evaluation.findings.empty());
    REQUIRE(evaluation.held.size() == 1);
    CHECK(evaluation.held[0].check == "kpi.unusual_week");
    CHECK(evaluation.held[0].source == "crm");
}

TEST_CASE("last week is judged from Tuesday noon on, not on Monday morning") {
    Office office;
    office.dials(90);
    dials_of(office, "ana", after(usual, {38}));
    office.world.mark_all_complete(at(2026y / 11 / 17, 18));
    CHECK(office.find("kpi.unusual_week", at(2026y / 11 / 16, 7, 30)).empty());
    CHECK(office.find("kpi.unusual_week", at(2026y / 11 / 17, 12, 1)).size() == 1);
}
