// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/cadence.hpp"

#include "daemon/checks/coaching/cadence_read.hpp"
#include "daemon/checks/coaching/plan_progress.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::checks;
using namespace std::chrono_literals;
using std::chrono::days;
using tests::day;

namespace {

const auto monday = day(2026y / 10 / 26);  // of 2026-W44

std::string percent(const Kept& kept) {
    return kept.share() ? fmt::format("{:.1f}", 100 * *kept.share()) : "none";
}

/// Six reps and the four weeks before Monday 23 November.
CadenceInput six_reps() {
    CadenceInput input;
    input.first = monday;
    input.weeks = 4;
    input.today = monday + days{28};
    for (int i = 0; i < 6; ++i) {
        CadenceRep rep;
        rep.name = fmt::format("rep {}", i);
        input.reps.push_back(rep);
    }
    return input;
}

void be_away(CadenceRep& rep, int week) {
    for (int i = 0; i < 5; ++i) rep.calendar.away[monday + days{7 * week + i}] = 1;
}

}  // namespace

// Sales practice §10, worked example: 24 slots, 3 excused → 21; 17 held → 81.0 %; 14 logged in time
// → 82.4 %; 12 with a commitment → 70.6 %; 9 of 12 followed up → 75.0 %.
TEST_CASE("the published example of a manager's cadence comes to its published figures") {
    auto input = six_reps();
    for (int i = 0; i < 3; ++i) be_away(input.reps[static_cast<std::size_t>(i)], i + 1);
    int held = 0;
    for (std::size_t rep = 0; rep < 6; ++rep)
        for (int week = 0; week < 4; ++week) {
            const bool is_away = rep < 3 && week == static_cast<int>(rep) + 1;
            if (is_away || held == 17) continue;
            const auto wednesday = monday + days{7 * week + 2};
            const auto written = wednesday + days{held < 14 ? 1 : 6};
            input.reps[rep].one_on_ones.push_back({wednesday, written, held < 12});
            ++held;
        }
    input.follow_up = FollowUp{12, 9};
    const auto cadence = make_cadence(input);
    CHECK(cadence.excused == 3);
    CHECK(cadence.one_on_one.of == 21);
    CHECK(cadence.one_on_one.done == 17);
    CHECK(percent(cadence.one_on_one) == "81.0");
    CHECK(percent(cadence.logged) == "82.4");
    CHECK(percent(cadence.specific) == "70.6");
    CHECK(percent(cadence.followed_up) == "75.0");
}

TEST_CASE("the time spent coaching is what talks say that they took, of these weeks alone") {
    auto input = six_reps();
    input.talks = {{monday, 30},
                   {monday + days{1}, 45},
                   {monday + days{2}, std::nullopt},
                   {monday - days{1}, 60},
                   {monday + days{28}, 60}};
    const auto time = make_cadence(input).time;
    CHECK(time.minutes == 75);
    CHECK(time.timed == 2);
    CHECK(time.talks == 3);
}

TEST_CASE("what nobody records is not recorded, rather than nothing of it done") {
    const auto cadence = make_cadence(six_reps());
    for (const auto& kept :
         {cadence.one_on_one, cadence.logged, cadence.specific, cadence.followed_up, cadence.scrum,
          cadence.short_scrum, cadence.joint, cadence.career, cadence.plan_review, cadence.praise})
        CHECK_FALSE(kept.is_recorded);
    CHECK(cadence.gaps.empty());
}

TEST_CASE("what was recorded once, and not in these weeks, is 0 %") {
    auto input = six_reps();
    input.reps[0].one_on_ones.push_back({monday - days{30}, std::nullopt, false});
    const auto cadence = make_cadence(input);
    CHECK(percent(cadence.one_on_one) == "0.0");
    CHECK_FALSE(cadence.logged.is_recorded);
}

TEST_CASE("two 1:1s of one week fill one slot, and a manager's leave excuses everybody's") {
    auto input = six_reps();
    input.reps.resize(2);
    for (int i = 0; i < 5; ++i) input.manager.away[monday + days{i}] = 1;
    input.reps[0].one_on_ones.push_back({monday + days{8}, std::nullopt, true});
    input.reps[0].one_on_ones.push_back({monday + days{10}, std::nullopt, true});
    const auto cadence = make_cadence(input);
    CHECK(cadence.excused == 2);
    CHECK(cadence.one_on_one.of == 6);
    CHECK(cadence.one_on_one.done == 1);
    CHECK(cadence.specific.of == 2);  // both were talks
    // Every second week: two slots each; half a week of leave excuses nothing.
    input.one_on_one_days = 14;
    CHECK(make_cadence(input).one_on_one.of == 4);
    CHECK(make_cadence(input).excused == 0);
}

TEST_CASE("a rep counts from joining the team to leaving it") {
    auto input = six_reps();
    input.reps.resize(2);
    input.reps[0].from = monday + days{14};
    input.reps[1].until = monday + days{7};
    input.reps[0].one_on_ones.push_back({monday + days{15}, std::nullopt, false});
    const auto cadence = make_cadence(input);
    CHECK(cadence.one_on_one.of == 3);  // two weeks, and one
    CHECK(cadence.excused == 0);
    REQUIRE(cadence.gaps.size() == 1);  // whoever has left is not waited for
    CHECK(cadence.gaps[0].rep == "rep 0");
}

TEST_CASE("the gap is in working days, against one and a half times the cadence") {
    auto input = six_reps();
    input.reps.resize(2);
    // To Monday 23 November: from Wednesday 11 it is 2 + 5 + 1 working days, from Thursday 12
    // seven.
    input.reps[0].one_on_ones.push_back({day(2026y / 11 / 11), std::nullopt, false});
    input.reps[1].one_on_ones.push_back({day(2026y / 11 / 12), std::nullopt, false});
    auto cadence = make_cadence(input);
    REQUIRE(cadence.gaps.size() == 2);
    CHECK(cadence.gaps[0].working_days == 8);
    CHECK(cadence.gaps[1].working_days == 7);
    CHECK(cadence.gaps[0].limit == 7.5);
    CHECK(longest_gap(14, WorkCalendar{}) == 15.0);
    input.reps[0].calendar.holidays.insert(day(2026y / 11 / 13));
    cadence = make_cadence(input);
    CHECK(cadence.gaps[0].working_days == 7);
}

TEST_CASE("scrums, joint calls, career talks, plan reviews and praise each have their measure") {
    auto input = six_reps();
    input.scrums = {{monday, 30}, {monday + days{7}, 31}, {monday + days{21}, std::nullopt}};
    input.reps[0].joint_calls = {monday + days{3}};
    input.reps[1].joint_calls = {monday - days{1}};                // more than four weeks ago
    input.reps[0].career_talks = {monday + days{28} - days{183}};  // half a year, to the day
    input.reps[1].career_talks = {monday + days{28} - days{184}};
    input.reps[2].plan_reviews = {monday - days{28}};  // eight weeks, to the day
    input.reps[3].praises = {monday, monday + days{1}, monday + days{8}};
    const auto cadence = make_cadence(input);
    CHECK(cadence.scrum.done == 3);
    CHECK(cadence.scrum.of == 4);
    CHECK(cadence.short_scrum.done == 1);  // 30 minutes for six reps, and not 31
    CHECK(cadence.short_scrum.of == 2);
    CHECK(cadence.joint.done == 1);
    CHECK(cadence.joint.of == 6);
    CHECK(cadence.career.done == 1);
    CHECK(cadence.plan_review.done == 1);
    CHECK(cadence.praise.done == 2);
    CHECK(cadence.praise.of == 24);
}

TEST_CASE("the cadence of a team is read from what its own manager noted") {
    tests::Office office;
    auto& database = office.world.database();
    office.world.reader();
    const auto add = [&](const char* rep, const char* manager, warehouse::NoteType type,
                         std::chrono::local_days held) {
        warehouse::NoteDraft note;
        note.type = type;
        note.rep = rep ? office.world.person(rep) : warehouse::PersonId::nobody;
        note.team = "north";
        note.manager = office.world.person(manager);
        note.held_on = held;
        note.written_at = tests::friday;
        note.body = "a talk";
        note.agreed = "50 dials in 2026-W48";
        store_note(database, note, tests::friday - 24h * 7);
    };
    using warehouse::NoteType;
    add("ana", "max", NoteType::one_on_one, day(2026y / 11 / 11));
    add("bob", "ana", NoteType::one_on_one, day(2026y / 11 / 11));  // by somebody else
    add(nullptr, "max", NoteType::scrum, day(2026y / 11 / 9));
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const Scene scene{reader, people, office.options, tests::friday};
    const auto talks = read_talks_of_managers(scene);
    const auto input = read_cadence(scene, people.teams.at(0), talks, 4);
    CHECK(input.first == day(2026y / 10 / 19));
    const auto cadence = make_cadence(input);
    CHECK(cadence.one_on_one.done == 1);
    CHECK(cadence.one_on_one.of == 8);
    CHECK(cadence.scrum.done == 1);
    CHECK_FALSE(cadence.followed_up.is_recorded);
    CHECK(percent(cadence.specific) == "100.0");
}

TEST_CASE("a checkpoint stands at the mean of the two complete weeks before it") {
    KpiSeries series;
    const auto week = [](const char* name, std::optional<double> value, double worked) {
        KpiWeek made{.week = IsoWeek::parse(name).value()};
        made.value = value;
        made.working_days = worked;
        return made;
    };
    series.weeks = {week("2026-W44", 90, 5), week("2026-W45", 40, 5), week("2026-W46", 40, 4),
                    week("2026-W47", 70, 5)};
    // W45: 40; W46: 40 in four days is 50 in five.
    const auto at = day(2026y / 11 / 16);
    CHECK(standing_at(series, at).value == 45.0);
    CHECK(standing_at(series, at).is_settled);
    series.weeks[2].excluded = "away";
    CHECK(standing_at(series, at).value == 40.0);
    series.weeks[2].provisional = true;
    CHECK_FALSE(standing_at(series, at).is_settled);
    series.weeks[1].excluded = series.weeks[2].excluded = "no data";
    CHECK_FALSE(standing_at(series, at).value);
}

TEST_CASE("a plan's result is told with what moved, and the next plan goes on from it") {
    using warehouse::GoalResult;
    warehouse::PlanGoal dials{"dials", 40, 60, {}, {}};
    CHECK(decide_result(dials, 60.0) == GoalResult::reached);
    CHECK(decide_result(dials, 59.0) == GoalResult::on_the_way);
    CHECK(decide_result(dials, 40.0) == GoalResult::not_yet);
    CHECK(decide_result(dials, std::nullopt) == GoalResult::not_known);
    const warehouse::PlanGoal fewer{"no_shows", 5, 2, {}, {}};
    CHECK(decide_result(fewer, 2.0) == GoalResult::reached);
    CHECK(decide_result(fewer, 3.0) == GoalResult::on_the_way);

    warehouse::Plan plan;
    plan.rep_name = "Ana Duarte";
    plan.from = day(2026y / 10 / 5);
    plan.until = plan.from + days{42};
    dials.result = GoalResult::reached;
    dials.result_value = 62.4;
    warehouse::PlanGoal meetings{"meetings", 2, 4, GoalResult::not_yet, 2.0};
    CHECK(celebration_of(plan, {dials, meetings}) ==
          "Ana Duarte went from 40 to 62 dials a week (the goal was 60) in 6 weeks!");
    CHECK(celebration_of(plan, {meetings}).empty());
    const auto next = propose_next({dials, meetings});
    CHECK(next[0].from == 62);
    CHECK(next[0].to == 82);  // as large a step again
    CHECK(next[1].from == 2);
    CHECK(next[1].to == 4);
}
