// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/routing.hpp"
#include "tests/daemon/alerts/ways.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using std::chrono::days;
using State = alerts::Stop::State;
using Strings = std::vector<std::string>;

TEST_CASE("a manager who has left is told nothing; findings wait until a successor is named") {
    Ways desk;
    alerts::TeamContacts north;
    north.name = "North";
    north.cover = {"lee@example.com", "mail"};
    desk.options.routing.teams = {north};
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    auto roster = desk.world.roster();
    auto& team = roster.teams[0];
    team.manager.until = day(std::chrono::year{2026} / 11 / 24);
    desk.world.set_roster(roster);
    CHECK(desk.way() == Strings{"manager: due"});  // the last day
    const auto tuesday = monday + days{1};
    CHECK(desk.way(tuesday) == Strings{"manager: waits"});
    CHECK(desk.why("manager", tuesday) ==
          "the manager left on 2026-11-24, and teams.toml names no successor");
    const auto gone = desk.people().teams[0];
    CHECK_FALSE(alerts::manager_addressee(desk.options.routing, gone,
                                          day(std::chrono::year{2026} / 11 / 24)));
    team.past_managers.push_back(team.manager);
    team.manager = {};
    team.manager.name = "Sam";
    team.manager.emails = {"sam@example.com"};
    desk.world.set_roster(roster);
    const auto stop = desk.routed(tuesday).at(0).way.at(0);
    CHECK(stop.state == State::due);
    CHECK(stop.recipient == "sam@example.com");
}

TEST_CASE("what belongs to no team is told to the admin, or to whom a route names") {
    Ways desk;
    for (const auto* deal : {"acme", "beta", "core"}) {
        auto& finding = desk.found("opp.no_owner", deal, "ana");
        finding.owner = warehouse::PersonId::nobody;
        finding.team.clear();
    }
    desk.apply();
    CHECK(desk.way() == Strings{"ops: due"});
    CHECK(desk.why("ops") == "not told yet; it is in no team of teams.toml");
    const auto lines = desk.lines();
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].to.channel == "admins");
    CHECK(lines[0].to.recipient.empty());
    CHECK(lines[0].told.size() == 3);
    CHECK(lines[0].message.title == "Findings of no team");
    desk.send_lines();
    CHECK(desk.way() == Strings{"ops: told"});
    CHECK(desk.lines(monday + days{1}).empty());
    SECTION("by a route") {
        Ways other;
        auto& route = other.options.routing.routes.emplace_back();
        route.to = "sales-ops@example.com";
        route.channel = "mail";
        auto& finding = other.found("opp.no_owner", "acme", "ana");
        finding.team.clear();
        other.apply();
        CHECK(other.way() == Strings{"sales-ops@example.com by mail: due"});
    }
    SECTION("but not on a channel that routes name for the managers, and once") {
        Ways other;
        for (int i = 0; i < 2; ++i) {
            auto& route = other.options.routing.routes.emplace_back();
            route.channel = "mail";
            route.goes_on = true;
        }
        auto& finding = other.found("opp.no_owner", "acme", "ana");
        finding.team.clear();
        other.apply();
        CHECK(other.way() == Strings{"ops: due"});
        CHECK(other.routed().at(0).way.at(0).channel == "admins");
    }
}
