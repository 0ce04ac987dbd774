// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

#include <set>

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

TEST_CASE(
    "of a rep who has left nothing more is said, but that their deals and accounts are left") {
    Office office;
    auto& world = office.world;
    office.dials(90);
    office.week_of_calls("ana", "2026-W46", 90);
    office.week_of_calls("bob", "2026-W46", 12);
    office.deal("bob's deal").owner("bob").amount("900").close_date(day(2026y / 10 / 1));
    world.account("bob's customer").owner("bob").created(noon(2026y / 9 / 1));
    world.account("another").owner("bob").created(noon(2026y / 9 / 1));
    world.task("bob's task").owner("bob").due_on(day(2026y / 10 / 1));
    const auto checks_of = [&](const checks::Evaluation& evaluation) {
        std::set<std::string> ids;
        for (const auto& finding : evaluation.findings) ids.insert(finding.check);
        return ids;
    };
    // While he is there: a close date, a task and accounts without a next step.
    REQUIRE(checks_of(office.evaluate("")).size() >= 3);
    REQUIRE(office.scorecard(2, "north").reps.size() == 2);
    auto roster = world.roster();
    for (auto& member : roster.teams[0].members)
        if (member.name == "bob") member.until = day(2026y / 11 / 18);
    world.set_roster(roster);
    const auto evaluation = office.evaluate("");
    CHECK(checks_of(evaluation) ==
          std::set<std::string>{"opp.owner_inactive", "rep.left_accounts"});
    for (const auto& finding : evaluation.findings) {
        CHECK(finding.owner == warehouse::PersonId::nobody);
        CHECK(finding.team == "north");
        if (finding.check == "rep.left_accounts")
            CHECK(finding.summary ==
                  "2 accounts are still the work of bob, who left on 2026-11-18.");
    }
    CHECK(evaluation.departed.at(world.person("bob")) == day(2026y / 11 / 18));
    // No row of the team's is his; who asks for him by name sees what was.
    REQUIRE(office.scorecard(2, "north").reps.size() == 1);
    CHECK(office.scorecard(2, "north").reps[0].name == "ana");
    CHECK(office.scorecard(2, "north", "bob").reps.size() == 1);
    // The day before he left, everything was as it had been.
    CHECK(office.evaluate("", noon(2026y / 11 / 17)).departed.empty());
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
