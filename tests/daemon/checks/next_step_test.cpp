// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::Severity;

TEST_CASE("an opportunity without a next step is raised after two working days") {
    struct Case {
        const char* name;
        Instant created;
        std::size_t raised;
    };
    const auto c = GENERATE(values<Case>({
        {"created today", noon(2026y / 11 / 20), 0},
        {"two working days ago", noon(2026y / 11 / 18), 0},
        {"three working days ago", noon(2026y / 11 / 17), 1},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        office.world.opportunity("Acme").owner("ana").created(c.created);
        CHECK(office.find("opp.no_next_step").size() == c.raised);
    }
}

TEST_CASE("the weekend is no time to plan the next step in") {
    // Created on Friday: Monday and Tuesday are two working days, Wednesday is the third.
    Office office;
    office.world.opportunity("Acme").owner("ana").created(noon(2026y / 11 / 13));
    CHECK(office.find("opp.no_next_step", at(2026y / 11 / 17, 20)).empty());
    CHECK(office.find("opp.no_next_step", at(2026y / 11 / 18, 9)).size() == 1);
}

TEST_CASE("holidays and leave of the owner do not count as days without a next step") {
    Office office;
    office.world.opportunity("Acme").owner("ana").created(noon(2026y / 11 / 17));
    SECTION("leave") {
        // Set anew, with ana off on Thursday.
        auto roster = office.world.roster();
        roster.teams[0].members[0].away[day(2026y / 11 / 19)] = 1;
        office.world.set_roster(roster);
    }
    SECTION("a public holiday") {
        auto roster = office.world.roster();
        roster.teams[0].holidays.insert(day(2026y / 11 / 19));
        office.world.set_roster(roster);
    }
    CHECK(office.find("opp.no_next_step").empty());
}

TEST_CASE("what counts as a next step of an opportunity") {
    Office office;
    office.deal("Acme").account("acme");
    auto& world = office.world;
    struct Case {
        const char* name;
        void (*plan)(World& world);
        std::size_t raised;
    };
    const auto c = GENERATE(values<Case>({
        {"nothing", [](World&) {}, 1},
        {"a task for tomorrow",
         [](World& w) {
             w.task("t").owner("ana").opportunity("Acme").due_on(day(2026y / 11 / 21));
         },
         0},
        {"a task that is done",
         [](World& w) {
             w.task("t")
                 .owner("ana")
                 .opportunity("Acme")
                 .due_on(day(2026y / 11 / 24))
                 .done_at(noon(2026y / 10 / 1));
         },
         1},
        {"a cancelled task",
         [](World& w) {
             w.task("t").owner("ana").opportunity("Acme").due_on(day(2026y / 11 / 24)).cancelled();
         },
         1},
        {"the master of a series",
         [](World& w) {
             w.task("t").owner("ana").opportunity("Acme").due_on(day(2026y / 11 / 24)).series();
         },
         1},
        {"a meeting to come",
         [](World& w) {
             w.meeting("m").owner("ana").opportunity("Acme").at(noon(2026y / 11 / 24));
         },
         0},
        {"a meeting that was called off",
         [](World& w) {
             w.meeting("m")
                 .owner("ana")
                 .opportunity("Acme")
                 .at(noon(2026y / 11 / 24))
                 .outcome("cancelled");
         },
         1},
        {"a planned call",
         [](World& w) {
             w.call("c").owner("ana").opportunity("Acme").at(noon(2026y / 11 / 24)).planned();
         },
         0},
        {"a task of the account only",
         [](World& w) { w.task("t").owner("ana").account("acme").due_on(day(2026y / 11 / 24)); },
         1},
    }));
    DYNAMIC_SECTION(c.name) {
        c.plan(world);
        CHECK(office.find("opp.no_next_step").size() == c.raised);
    }
}

TEST_CASE("a call of yesterday gives time to plan what follows from it") {
    Office office;
    office.deal("Acme").account("acme");
    REQUIRE(office.find("opp.no_next_step").size() == 1);
    SECTION("with the opportunity") {
        office.world.call("c").owner("ana").opportunity("Acme").at(noon(2026y / 11 / 19));
        CHECK(office.find("opp.no_next_step").empty());
    }
    SECTION("with its account") {
        office.world.call("c").owner("ana").account("acme").at(noon(2026y / 11 / 19));
        CHECK(office.find("opp.no_next_step").empty());
    }
    SECTION("with its account, about another opportunity") {
        office.deal("Other").account("acme");
        office.world.call("c").owner("ana").account("acme").opportunity("Other").at(
            noon(2026y / 11 / 19));
        const auto findings = office.find("opp.no_next_step");
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].subject.id == "Acme");
    }
}

TEST_CASE("a task done yesterday gives time to plan the next one") {
    Office office;
    office.deal("Acme");
    office.world.task("t").owner("ana").opportunity("Acme").done_at(noon(2026y / 11 / 19));
    CHECK(office.find("opp.no_next_step").empty());
}

TEST_CASE("an opportunity without a next step is urgent when it is to close within two weeks") {
    struct Case {
        const char* name;
        std::chrono::local_days close_date;
        Severity severity;
    };
    const auto c = GENERATE(values<Case>({
        {"today", day(2026y / 11 / 20), Severity::high},
        {"in fourteen days", day(2026y / 12 / 4), Severity::high},
        {"in fifteen days", day(2026y / 12 / 5), Severity::attention},
        {"yesterday, which another rule tells", day(2026y / 11 / 19), Severity::attention},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        office.deal("Acme").close_date(c.close_date);
        const auto findings = office.find("opp.no_next_step");
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].severity == c.severity);
    }
}

TEST_CASE("a finding says whose it is, since when, and what it rests on") {
    Office office;
    office.deal("Acme").url("https://crm.example/acme").amount("48000").currency("EUR");
    office.world.meeting("m")
        .owner("ana")
        .opportunity("Acme")
        .at(at(2026y / 11 / 10, 9))
        .subject("Demo")
        .url("https://crm.example/m");
    const auto findings = office.find("opp.no_next_step");
    REQUIRE(findings.size() == 1);
    const auto& finding = findings[0];
    CHECK(finding.subject.type == "opportunity");
    CHECK(finding.subject.source == "crm");
    CHECK(finding.subject.name == "Acme");
    CHECK(finding.subject.url == "https://crm.example/acme");
    CHECK(finding.owner == office.world.person("ana"));
    CHECK(finding.team == "north");
    CHECK(finding.amount == Decimal{48000});
    CHECK(finding.since == at(2026y / 11 / 10, 9));
    // 11, 12, 13, 16, 17, 18, 19, 20 November.
    CHECK(finding.summary == "No next step for 8 working days, since 2026-11-10.");
    CHECK(finding.question == "What is the next thing that the customer agreed to, and when?");
    REQUIRE(finding.evidence.size() >= 4);
    CHECK(finding.evidence[0].value == "none known");
    CHECK(finding.evidence[1].value == "2026-11-10 (8 working days ago): Demo");
    CHECK(finding.evidence[1].url == "https://crm.example/m");
    CHECK(finding.evidence[2].label == "last e-mail");
    CHECK(finding.evidence[3].value == "ana");
}

TEST_CASE("an overdue next step is raised after two working days") {
    Office office;
    office.deal("Acme");
    office.world.task("early").owner("ana").opportunity("Acme").due_on(day(2026y / 11 / 2));
    office.world.task("t").owner("ana").opportunity("Acme").due_on(day(2026y / 11 / 17));
    const auto findings = office.find("opp.next_step_overdue");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].summary ==
          "The next step was due on 2026-11-17, 3 working days ago, and none is planned after it.");
    CHECK(office.find("opp.next_step_overdue", noon(2026y / 11 / 19)).empty());
    CHECK(office.find("opp.no_next_step").empty());

    office.world.task("to come").owner("ana").opportunity("Acme").due_on(day(2026y / 11 / 27));
    CHECK(office.find("opp.next_step_overdue").empty());
}

TEST_CASE("the milder states of a next step are each told by their own check") {
    Office office;
    office.deal("in words").next_step("send the offer");
    office.deal("placeholder").next_step("tbd");
    office.deal("undated");
    office.world.task("u").owner("ana").opportunity("undated");
    office.deal("far");
    office.world.task("f").owner("ana").opportunity("far").due_on(day(2026y / 12 / 21));
    office.deal("orphan");
    office.world.user("carl").email("carl@example.com").active(false);
    office.world.task("o").owner("carl").opportunity("orphan").due_on(day(2026y / 11 / 25));
    struct Case {
        const char* check;
        const char* deal;
        Severity severity;
    };
    for (const auto& c : {Case{"opp.next_step_text_only", "in words", Severity::info},
                          Case{"opp.next_step_undated", "undated", Severity::info},
                          Case{"opp.next_step_far", "far", Severity::info},
                          Case{"opp.next_step_orphan", "orphan", Severity::attention},
                          Case{"opp.no_next_step", "placeholder", Severity::attention}}) {
        CAPTURE(c.check);
        const auto findings = office.find(c.check);
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].subject.id == c.deal);
        CHECK(findings[0].severity == c.severity);
    }
}

TEST_CASE("a step of a rep who has left the team is an orphan") {
    Office office;
    auto roster = office.world.roster();
    roster.teams[0].members[1].until = day(2026y / 11 / 20);  // bob; exclusive
    office.world.set_roster(roster);
    office.deal("Acme");
    office.world.task("t").owner("bob").opportunity("Acme").due_on(day(2026y / 11 / 25));
    CHECK(office.find("opp.next_step_orphan").size() == 1);
    CHECK(office.find("opp.next_step_orphan", noon(2026y / 11 / 19)).empty());
}

TEST_CASE("an account of a rep's book needs a step of its own, its opportunities or its contacts") {
    Office office;
    auto& world = office.world;
    world.account("acme").owner("ana").created(noon(2026y / 9 / 1));
    struct Case {
        const char* name;
        void (*plan)(World& world);
        std::size_t raised;
    };
    const auto c = GENERATE(values<Case>({
        {"nothing", [](World&) {}, 1},
        {"a task of the account in half a year",
         [](World& w) { w.task("t").owner("ana").account("acme").due_on(day(2027y / 5 / 22)); }, 0},
        {"a task of an open opportunity",
         [](World& w) {
             w.opportunity("deal").owner("ana").account("acme");
             w.task("t").owner("ana").opportunity("deal").due_on(day(2026y / 12 / 1));
         },
         0},
        {"a task of a closed opportunity",
         [](World& w) {
             w.opportunity("deal").owner("ana").account("acme").won().closed_at(
                 noon(2026y / 10 / 1));
             w.task("t").owner("ana").opportunity("deal").due_on(day(2026y / 12 / 1));
         },
         1},
        {"a task of a contact",
         [](World& w) {
             w.contact("carol").account("acme");
             w.task("t").owner("ana").contact("carol").due_on(day(2026y / 12 / 1));
         },
         0},
        {"an undated task",
         [](World& w) { w.task("t").owner("ana").account("acme").created(noon(2026y / 10 / 1)); },
         1},
        {"a task five working days late",
         [](World& w) { w.task("t").owner("ana").account("acme").due_on(day(2026y / 11 / 13)); },
         0},
        {"a task six working days late",
         [](World& w) { w.task("t").owner("ana").account("acme").due_on(day(2026y / 11 / 12)); },
         1},
        {"a partner", [](World& w) { w.account("acme").type("Partner"); }, 0},
        {"not to be contacted", [](World& w) { w.account("acme").type("Do not contact"); }, 0},
        {"of somebody who is on no team", [](World& w) { w.account("acme").owner("zoe"); }, 0},
        {"a call this week",
         [](World& w) { w.call("c").owner("ana").account("acme").at(noon(2026y / 11 / 16)); }, 0},
    }));
    DYNAMIC_SECTION(c.name) {
        c.plan(world);
        CHECK(office.find("acct.no_next_step").size() == c.raised);
    }
}

TEST_CASE("an overdue task is told in its owner's days, and is urgent after ten") {
    Office office;
    auto& world = office.world;
    world.task("three days").owner("ana").due_on(day(2026y / 11 / 17));
    world.task("four days").owner("ana").due_on(day(2026y / 11 / 16));
    world.task("nine days").owner("bob").due_on(day(2026y / 11 / 9));
    world.task("ten days").owner("bob").due_on(day(2026y / 11 / 6));
    world.task("done").owner("bob").due_on(day(2026y / 11 / 2)).done_at(noon(2026y / 11 / 19));
    world.task("to come").owner("bob").due_on(day(2026y / 11 / 27));
    std::map<std::string, Severity> found;
    for (const auto& finding : office.find("task.overdue"))
        found[finding.subject.id] = finding.severity;
    CHECK(found == std::map<std::string, Severity>{{"four days", Severity::info},
                                                   {"nine days", Severity::info},
                                                   {"ten days", Severity::high}});
}
