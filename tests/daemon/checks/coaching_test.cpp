// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/coaching_records.hpp"
#include "daemon/warehouse/escalations.hpp"
#include "daemon/warehouse/plans.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using Catch::Contains;
using warehouse::NoteType;

namespace {

/// Team north of scene.hpp, with records; `friday` is 20 November, noon.
struct Room : Office {
    void note(const char* rep, NoteType type, std::chrono::local_days held,
              const char* skill = "") {
        world.reader();
        warehouse::NoteDraft draft;
        draft.type = type;
        draft.rep = world.person(rep);
        draft.team = "north";
        draft.manager = world.person("max");
        draft.held_on = held;
        draft.body = "between us";
        draft.skill = skill;
        store_note(world.database(), draft, noon(2026y / 10 / 1));
    }
    warehouse::EscalationId escalation(Instant opened) {
        world.reader();
        return open_escalation(world.database(),
                               {.customer = "Acme",
                                .rep = world.person("ana"),
                                .manager = world.person("max"),
                                .team = "north",
                                .text = "",
                                .next_step = "call them"},
                               opened);
    }
};

}  // namespace

TEST_CASE("an escalation asks for an update once a working day has gone by, to the hour") {
    Room room;
    room.escalation(at(2026y / 11 / 18, 15));  // Wednesday
    CHECK(room.find("esc.open", at(2026y / 11 / 19, 14, 59)).empty());
    const auto found = room.find("esc.open", at(2026y / 11 / 19, 15));
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == warehouse::Severity::high);
    CHECK(found[0].owner == room.world.person("ana"));
    CHECK(found[0].team == "north");
    CHECK(found[0].subject.name == "Acme");
    CHECK_THAT(found[0].summary, Contains("1 working day old"));
    CHECK(found[0].evidence.at(2).value == "call them");
}

TEST_CASE("an escalation does not ask over a weekend, after an update, or when it is closed") {
    Room room;
    const auto id = room.escalation(at(2026y / 11 / 20, 15));  // Friday
    CHECK(room.find("esc.open", at(2026y / 11 / 22, 18)).empty());
    CHECK(room.find("esc.open", at(2026y / 11 / 23, 14)).empty());
    CHECK(room.find("esc.open", at(2026y / 11 / 23, 15)).size() == 1);
    update_escalation(room.world.database(), id, "they were called", "", at(2026y / 11 / 23, 9));
    CHECK(room.find("esc.open", at(2026y / 11 / 23, 15)).empty());
    CHECK(room.find("esc.open", at(2026y / 11 / 24, 9)).size() == 1);
    close_escalation(room.world.database(), id, "they stay", at(2026y / 11 / 24, 8));
    CHECK(room.find("esc.open", at(2026y / 11 / 24, 9)).empty());
}

TEST_CASE("a closed escalation asks for its review after five working days") {
    Room room;
    const auto id = room.escalation(noon(2026y / 11 / 2));
    close_escalation(room.world.database(), id, "they stay", noon(2026y / 11 / 6));  // Friday
    CHECK(room.find("esc.no_review", noon(2026y / 11 / 13)).empty());                // five
    const auto found = room.find("esc.no_review", noon(2026y / 11 / 16));
    REQUIRE(found.size() == 1);
    CHECK(found[0].owner == room.world.person("max"));
    CHECK_THAT(found[0].summary, Contains("6 working days ago"));
    review_escalation(room.world.database(), id, "tell dates earlier", noon(2026y / 11 / 16));
    CHECK(room.find("esc.no_review", noon(2026y / 11 / 16)).empty());
}

TEST_CASE("a gap of more than one and a half cadences is told to the manager alone") {
    Room room;
    // Working days to Friday 20 November: eight since the 10th, seven since the 11th; the limit
    // is 7.5.
    room.note("ana", NoteType::one_on_one, day(2026y / 11 / 10));
    room.note("bob", NoteType::one_on_one, day(2026y / 11 / 11));
    const auto found = room.find("cadence.one_on_one");
    REQUIRE(found.size() == 1);
    CHECK(found[0].subject.name == "ana");
    CHECK(found[0].owner == room.world.person("max"));
    CHECK(found[0].severity == warehouse::Severity::info);
    CHECK_THAT(found[0].summary, Contains("8 working days"));
    room.options.cadence_one_on_one.multiple = 2;
    CHECK(room.find("cadence.one_on_one").empty());
}

TEST_CASE("where no 1:1 is noted at all nobody is reminded of one") {
    Room room;
    room.note("ana", NoteType::praise, day(2026y / 8 / 10));
    CHECK(room.find("cadence.one_on_one").empty());
}

TEST_CASE("a gap stays one on days off, which do not count, so that an answer to it does as well") {
    Room room;
    room.note("ana", NoteType::one_on_one, day(2026y / 11 / 10));
    room.note("bob", NoteType::one_on_one, day(2026y / 11 / 19));
    // Eight working days on Friday the 20th, and on the weekend behind it.
    CHECK(room.find("cadence.one_on_one").size() == 1);
    const auto sunday = room.find("cadence.one_on_one", noon(2026y / 11 / 22));
    REQUIRE(sunday.size() == 1);
    CHECK_THAT(sunday[0].summary, Contains("8 working days"));
}

TEST_CASE("the third joined call for one skill within four weeks is a hint to the manager") {
    Room room;
    room.note("ana", NoteType::joint_call, day(2026y / 10 / 24), "Discovery");
    room.note("ana", NoteType::joint_call, day(2026y / 11 / 10), "discovery ");
    room.note("ana", NoteType::joint_call, day(2026y / 11 / 12), "pricing");
    room.note("bob", NoteType::joint_call, day(2026y / 11 / 12), "discovery");
    CHECK(room.find("coach.same_skill").empty());
    room.note("ana", NoteType::joint_call, day(2026y / 11 / 18), "discovery");
    const auto found = room.find("coach.same_skill");
    REQUIRE(found.size() == 1);
    CHECK(found[0].owner == room.world.person("max"));
    CHECK(found[0].subject.name == "ana");
    // What is said in notes stays there: findings have other readers.
    CHECK_THAT(found[0].summary, !Contains("iscovery"));
    // 28 days: from 24 October to 20 November; a day later the first is out.
    CHECK(room.find("coach.same_skill", noon(2026y / 11 / 21)).empty());
}

TEST_CASE("a plan asks at its checkpoints until they were looked at") {
    Room room;
    room.world.reader();
    const auto from = day(2026y / 10 / 5);
    const auto id = store_plan(room.world.database(),
                               {.rep = room.world.person("ana"),
                                .manager = room.world.person("max"),
                                .from = from,
                                .until = from + std::chrono::days{42},
                                .goals = {{"dials", 40, 60, {}, {}}},
                                .follows = {}},
                               noon(2026y / 10 / 5));
    CHECK(room.find("plan.checkpoint", noon(2026y / 10 / 18)).empty());
    const auto found = room.find("plan.checkpoint", noon(2026y / 10 / 19));
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0].summary, Contains("2026-10-19 is due (1 of 3)"));
    CHECK(found[0].evidence.at(0).value == "from 40 to 60 a week");
    auto& database = room.world.database();
    note_checkpoint(database, id, {day(2026y / 10 / 19), {44.0}}, noon(2026y / 10 / 19));
    CHECK(room.find("plan.checkpoint", noon(2026y / 10 / 19)).empty());
    note_checkpoint(database, id, {day(2026y / 11 / 2), {50.0}}, noon(2026y / 11 / 2));
    CHECK_THAT(room.find("plan.checkpoint").at(0).summary, Contains("come to its end"));
    end_plan(database, id, {{"dials", 40, 60, {}, {}}}, "", friday);
    CHECK(room.find("plan.checkpoint").empty());
}

TEST_CASE("what coaching findings say is a question, with a number and without blame") {
    Room room;
    room.escalation(noon(2026y / 11 / 10));
    const auto closed = room.escalation(noon(2026y / 11 / 2));
    close_escalation(room.world.database(), closed, "they stay", noon(2026y / 11 / 6));
    room.note("ana", NoteType::one_on_one, day(2026y / 10 / 1));
    for (int i = 16; i < 19; ++i)
        room.note("ana", NoteType::joint_call, day(2026y / 11 / std::chrono::day(unsigned(i))),
                  "x");
    std::size_t seen = 0;
    for (const auto* check :
         {"esc.open", "esc.no_review", "cadence.one_on_one", "coach.same_skill"})
        for (const auto& finding : room.find(check)) {
            ++seen;
            CAPTURE(finding.summary);
            CHECK(finding.question.ends_with('?'));
            CHECK(finding.summary.find_first_of("0123456789") != std::string::npos);
            CHECK_THAT(finding.summary + finding.question, !Contains("!"));
            CHECK_FALSE(finding.evidence.empty());
        }
    CHECK(seen == 4 + 1);  // bob has had no 1:1 since the first one noted, too
}
