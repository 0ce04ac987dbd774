// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::Severity;

TEST_CASE("a deal that is nobody's or a queue's for more than a day is told, without a team") {
    Office office;
    auto& world = office.world;
    world.user("queue").name("Inbound queue").person(false);
    world.opportunity("fresh").created(noon(2026y / 11 / 19));
    world.opportunity("ownerless").created(noon(2026y / 11 / 18));
    world.opportunity("queued").created(noon(2026y / 11 / 18)).set("owner", "queue");
    world.opportunity("unknown").created(noon(2026y / 9 / 1)).unknown_owner("gone-1");
    office.deal("ana's");
    const auto findings = office.find("opp.no_owner");
    REQUIRE(findings.size() == 2);
    for (const auto& finding : findings) {
        CHECK(finding.subject.id != "fresh");
        CHECK(finding.severity == Severity::attention);
        CHECK(finding.owner == warehouse::PersonId::nobody);
        CHECK(finding.team.empty());
    }
    office.world.opportunity("ownerless").owner("ana");
    office.world.opportunity("queued").owner("bob");
    CHECK(office.find("opp.no_owner").empty());
}

TEST_CASE("a deal whose owner has left the CRM or the team is told to the team") {
    Office office;
    auto& world = office.world;
    world.user("zoe")
        .email("zoe@example.com")
        .name("Zoe")
        .active(false)
        .modified(noon(2026y / 11 / 18));
    office.deal("of a user who is inactive").owner("zoe");
    office.deal("of somebody who is there");
    auto roster = world.roster();
    for (auto& member : roster.teams[0].members)
        if (member.name == "bob") member.until = day(2026y / 11 / 18);
    world.set_roster(roster);
    office.deal("of somebody who left the team").owner("bob");
    std::map<std::string, checks::Finding> found;
    for (auto& finding : office.find("opp.owner_inactive")) found[finding.subject.id] = finding;
    CHECK(found.size() == 2);
    CHECK(found["of a user who is inactive"].evidence[0].value == "Zoe");
    CHECK(found["of somebody who left the team"].team == "north");
    CHECK(found["of somebody who left the team"].owner == warehouse::PersonId::nobody);
    // A day after each of them left there is still time.
    CHECK(office.find("opp.owner_inactive", noon(2026y / 11 / 19)).empty());
}

TEST_CASE("a new owner is asked when they have not been in touch after five working days") {
    Office office;
    auto& world = office.world;
    world.user("ana").email("ana@example.com").name("Ana");
    const auto handed_over = [&](Instant when) {
        office.deal("Acme").owner("bob").account("acme");
        world.change("x").opportunity("Acme").field("owner").from("ana").to("bob").changed_at(when);
    };
    SECTION("five days ago, just in time") {
        handed_over(noon(2026y / 11 / 13));
        CHECK(office.find("opp.new_owner_no_touch").empty());
    }
    SECTION("six days ago") {
        handed_over(noon(2026y / 11 / 12));
        const auto findings = office.find("opp.new_owner_no_touch");
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].owner == world.person("bob"));
        CHECK(findings[0].severity == Severity::info);
        CHECK(findings[0].evidence[1].value == "Ana");
        SECTION("until they call") {
            world.call("c").owner("bob").opportunity("Acme").at(noon(2026y / 11 / 19));
            CHECK(office.find("opp.new_owner_no_touch").empty());
        }
        SECTION("or write to the customer") {
            world.draft(model::Entity::email, "e")
                .owner("bob")
                .account("acme")
                .set("direction", "outbound")
                .set("sent_at", noon(2026y / 11 / 19));
            CHECK(office.find("opp.new_owner_no_touch").empty());
        }
        SECTION("a touch of the owner before, or from before, does not count") {
            world.call("c").owner("ana").opportunity("Acme").at(noon(2026y / 11 / 19));
            world.call("d").owner("bob").opportunity("Acme").at(noon(2026y / 11 / 11));
            world.meeting("m")
                .owner("bob")
                .opportunity("Acme")
                .at(noon(2026y / 11 / 19))
                .outcome("no_show");
            CHECK(office.find("opp.new_owner_no_touch").size() == 1);
        }
        SECTION("silence must be proven") {
            world.mark_complete(model::Entity::call, friday - 7h);
            const auto evaluation = office.evaluate("opp.new_owner_no_touch");
            CHECK(evaluation.findings.empty());
            CHECK(evaluation.held.size() == 1);
        }
    }
    SECTION("a deal that was always theirs") {
        office.deal("Acme").owner("bob");
        CHECK(office.find("opp.new_owner_no_touch").empty());
    }
}
