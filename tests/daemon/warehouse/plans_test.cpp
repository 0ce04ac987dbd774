// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/escalations.hpp"
#include "daemon/warehouse/plans.hpp"
#include "daemon/warehouse/roster_find.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const Instant now = tests::noon(2026y / 11 / 20);

}  // namespace

TEST_CASE("a plan has a checkpoint every second week and at its end") {
    Plan plan;
    plan.from = tests::day(2026y / 10 / 5);
    plan.until = plan.from + std::chrono::days{42};
    using Days = std::vector<std::chrono::local_days>;
    CHECK(plan.checkpoints() == Days{tests::day(2026y / 10 / 19), tests::day(2026y / 11 / 2),
                                     tests::day(2026y / 11 / 16)});
    plan.until = plan.from + std::chrono::days{49};
    CHECK(plan.checkpoints() == Days{tests::day(2026y / 10 / 19), tests::day(2026y / 11 / 2),
                                     tests::day(2026y / 11 / 16), tests::day(2026y / 11 / 23)});
    CHECK_FALSE(plan.due(tests::day(2026y / 10 / 18)));
    CHECK(plan.due(tests::day(2026y / 11 / 3)) == tests::day(2026y / 10 / 19));
    plan.checked.push_back({tests::day(2026y / 10 / 19), {44.0}});
    CHECK(plan.due(tests::day(2026y / 11 / 3)) == tests::day(2026y / 11 / 2));
}

TEST_CASE("a plan is read as it was stored, its checkpoints and its result with it") {
    tests::World world(now);
    world.team("north").manager("max").rep("ana").rep("bob");
    world.reader();
    auto& database = world.database();
    const auto from = tests::day(2026y / 10 / 5);
    const auto id = store_plan(database,
                               {.rep = world.person("ana"),
                                .manager = world.person("max"),
                                .from = from,
                                .until = from + std::chrono::days{42},
                                .goals = {{"dials", 40, 60, {}, {}}, {"meetings", 2, 4, {}, {}}},
                                .follows = {}},
                               now);
    note_checkpoint(database, id, {tests::day(2026y / 10 / 19), {44.5, std::nullopt}}, now);
    note_checkpoint(database, id, {tests::day(2026y / 10 / 19), {45.5, 3.0}}, now);
    end_plan(database, id,
             {{"dials", 40, 60, GoalResult::reached, 62.0},
              {"meetings", 2, 4, GoalResult::not_known, {}}},
             "from 40 to 62", now);
    const auto plans = read_plans(world.reader(), world.person("ana"));
    REQUIRE(plans.size() == 1);
    const auto& plan = plans[0];
    CHECK(plan.rep_name == "ana");
    CHECK(plan.goals.at(1).kpi == "meetings");
    REQUIRE(plan.checked.size() == 1);
    CHECK(plan.checked[0].values == std::vector<std::optional<double>>{45.5, 3.0});
    CHECK(plan.goals[0].result == GoalResult::reached);
    CHECK(plan.goals[0].result_value == 62.0);
    CHECK(plan.goals[1].result == GoalResult::not_known);
    CHECK(plan.ended_at == now);
    CHECK(plan.celebration == "from 40 to 62");
    CHECK(read_plans(world.reader(), world.person("bob")).empty());
}

TEST_CASE("an escalation goes from opening over updates to its outcome and its review") {
    tests::World world(now);
    world.team("north").manager("max").rep("ana");
    world.reader();
    auto& database = world.database();
    const auto id = open_escalation(database,
                                    {.customer = "Acme",
                                     .rep = world.person("ana"),
                                     .manager = world.person("max"),
                                     .team = "north",
                                     .text = "",
                                     .next_step = "call them"},
                                    now);
    CHECK_THROWS_WITH(close_escalation(database, id, " ", now), Contains("with its outcome"));
    CHECK_THROWS_WITH(review_escalation(database, id, "x", now), Contains("is open"));
    CHECK_THROWS_WITH(update_escalation(database, id, "", "", now), Contains("needs a text"));
    update_escalation(database, id, "they were called", "", now + 1h);
    update_escalation(database, id, "a new date", "send the offer", now + 2h);
    close_escalation(database, id, "they stay", now + 3h);
    CHECK_THROWS_WITH(update_escalation(database, id, "x", "", now), Contains("is closed"));
    review_escalation(database, id, "tell dates earlier", now + 4h);
    CHECK_THROWS_WITH(review_escalation(database, id, "x", now), Contains("has its review"));
    CHECK_THROWS_WITH(close_escalation(database, EscalationId{9}, "x", now),
                      Contains("no escalation 9"));

    const auto then = read_escalations(world.reader(), now + 90min);
    REQUIRE(then.size() == 1);
    CHECK(then[0].updated_at == now + 1h);
    CHECK_FALSE(then[0].closed_at);
    CHECK(then[0].outcome.empty());
    const auto last = read_escalations(world.reader(), now + 5h);
    CHECK(last[0].updates.size() == 2);
    CHECK(last[0].next_step == "send the offer");
    CHECK(last[0].outcome == "they stay");
    CHECK(last[0].reviewed_at == now + 4h);
    CHECK(last[0].rep_name == "ana");
    CHECK(read_escalations(world.reader(), now - 1h).empty());
}

TEST_CASE("people of the roster are found as they are called") {
    Roster roster;
    RosterTeam team;
    team.name = "North";
    const auto person = [](const char* name, const char* email) {
        RosterPerson made;
        made.name = name;
        made.emails = {email};
        return made;
    };
    team.manager = person("Max Roth", "max.roth@example.com");
    team.members = {
        person("Ana Duarte", "ana@example.com"), person("Anabel Berg", "anabel@example.com"),
        person("Ben Okafor", "ben.o@example.com"), person("Ben Holt", "ben.h@example.com"),
        person("Ana Duarte", "ana@example.com")};  // she came back
    roster.teams.push_back(team);
    const auto found = [&](const char* name, Role role = Role::rep) {
        return find_on_roster(roster, name, role).person;
    };
    const auto& members = roster.teams[0].members;
    for (const auto* name : {"ana", "Ana Duarte", "ANA@example.com"})
        CHECK(found(name) == &members[4]);
    CHECK(found("ben holt") == &members[3]);
    CHECK(found("max", Role::manager) == &roster.teams[0].manager);
    CHECK(found("max", Role::anybody) == &roster.teams[0].manager);
    CHECK_THROWS_WITH(found("max"), Contains("names no rep \"max\""));
    CHECK_THROWS_WITH(found("ben"), Contains("ben.o@example.com or ben.h@example.com"));
    CHECK(&find_team(roster, "north") == &roster.teams[0]);
    CHECK_THROWS_WITH(find_team(roster, "south"), Contains("it has North"));
}
