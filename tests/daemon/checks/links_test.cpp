// SPDX-License-Identifier: Apache-2.0
// Where links are added to activities without a word, absence rests on their having been read
// again.
#include "daemon/warehouse/cursors.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using model::Entity;
using model::Lane;

TEST_CASE("a deal without a next step is not told while links have not been read for a week") {
    Office office;
    office.deal("Acme");
    CHECK(office.find("opp.no_next_step").size() == 1);  // a source whose increments tell links
    office.world.mark_complete(Entity::task, friday - 7 * 24h, Lane::relink);
    CHECK(office.find("opp.no_next_step").size() == 1);
    const auto later = office.evaluate("opp.no_next_step", friday + 1min);
    CHECK(later.findings.empty());
    REQUIRE(later.held.size() == 1);
    CHECK(later.held[0].source == "crm");
    CHECK(later.held[0].reason == "links of crm's tasks were last read again at "
                                  "2026-11-13T12:00:00Z");
}

TEST_CASE("links that are to be read and never were prove nothing") {
    Office office;
    office.deal("Acme");
    CHECK(office.find("opp.no_next_step").size() == 1);
    warehouse::declare_streams(office.world.database(), "crm", "http",
                               {{{Entity::call, Lane::relink}, Entity::call}});
    const auto found = office.evaluate("opp.no_next_step");
    CHECK(found.findings.empty());
    REQUIRE(found.held.size() == 1);
    CHECK(found.held[0].reason == "links of crm's calls that were added later have not been read "
                                  "yet");
    SECTION("until the source does not read them again any more") {
        warehouse::declare_streams(office.world.database(), "crm", "http",
                                   {{{Entity::call, Lane::incremental}, Entity::call}});
        CHECK(office.find("opp.no_next_step").size() == 1);
    }
}

TEST_CASE("what is about an activity itself does not rest on links") {
    Office office;
    office.world.task("t").owner("ana").due_on(day(2026y / 11 / 2));
    office.world.mark_complete(Entity::task, friday - 30 * 24h, Lane::relink);
    CHECK(office.find("task.overdue").size() == 1);
}

TEST_CASE("coverage rests on links as well") {
    Office office;
    office.deal("Acme");
    CHECK(office.scorecard(1, "north", "ana").reps.at(0).opportunities.has_value());
    office.world.mark_complete(Entity::meeting, friday - 8 * 24h, Lane::relink);
    CHECK_FALSE(office.scorecard(1, "north", "ana").reps.at(0).opportunities.has_value());
}
