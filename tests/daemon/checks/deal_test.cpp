// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::Days;
using checks::Severity;

TEST_CASE("an opportunity is raised once it is open more than a working day after its close date") {
    struct Case {
        const char* name;
        std::chrono::local_days close_date;
        std::size_t raised;
    };
    const auto c = GENERATE(values<Case>({
        {"today", day(2026y / 11 / 20), 0},
        {"yesterday, inside the grace", day(2026y / 11 / 19), 0},
        {"two days ago", day(2026y / 11 / 18), 1},
        {"to come", day(2026y / 11 / 21), 0},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        office.deal("Acme").close_date(c.close_date);
        CHECK(office.find("opp.past_close").size() == c.raised);
    }
}

TEST_CASE("a close date on Friday is not two days late on Sunday") {
    Office office;
    office.deal("Acme").close_date(day(2026y / 11 / 13));
    CHECK(office.find("opp.past_close", noon(2026y / 11 / 15)).empty());
    CHECK(office.find("opp.past_close", noon(2026y / 11 / 16)).empty());
    CHECK(office.find("opp.past_close", noon(2026y / 11 / 17)).size() == 1);
}

TEST_CASE("a committed opportunity past its close date is urgent") {
    Office office;
    office.deal("Acme").close_date(day(2026y / 11 / 2)).forecast_category("commit");
    CHECK(office.find("opp.past_close").at(0).severity == Severity::high);
}

TEST_CASE("a won opportunity is never past its close date") {
    Office office;
    office.deal("Acme").close_date(day(2026y / 11 / 2)).won().closed_at(noon(2026y / 11 / 20));
    CHECK(office.find("opp.past_close").empty());
    // An hour before it was won, it was.
    CHECK(office.find("opp.past_close", at(2026y / 11 / 20, 11)).size() == 1);
}

TEST_CASE(
    "a close date that moves to a later day is told at the second time, urgent at the third") {
    Office office;
    office.deal("Acme").close_date(day(2026y / 5 / 29));
    const auto move = [&](const char* id, const char* from, const char* to, Instant when) {
        office.world.change(id)
            .opportunity("Acme")
            .field("close_date")
            .from(from)
            .to(to)
            .changed_at(when)
            .set("changed_by", "ana");
    };
    move("1", "2026-03-31", "2026-04-30", noon(2026y / 9 / 3));
    move("2", "2026-04-30", "2026-04-15", noon(2026y / 9 / 4));  // earlier: no push
    CHECK(office.find("opp.close_pushed").empty());
    move("3", "2026-04-15", "2026-05-29", noon(2026y / 9 / 5));
    const auto second = office.find("opp.close_pushed");
    REQUIRE(second.size() == 1);
    CHECK(second[0].severity == Severity::attention);
    CHECK(second[0].since == noon(2026y / 9 / 5));
    CHECK(second[0].evidence[0].value == "2026-03-31 → 2026-04-30 on 2026-09-03 by ana");
    move("4", "2026-05-29", "2026-12-31", noon(2026y / 11 / 19));
    CHECK(office.find("opp.close_pushed").at(0).severity == Severity::high);
    CHECK(office.find("opp.close_pushed", noon(2026y / 11 / 18)).at(0).severity ==
          Severity::attention);
}

TEST_CASE("an opportunity is idle after ten working days without touch, change or next step") {
    Office office;
    // 6 November to 20 November: 9, 10, 11, 12, 13, 16, 17, 18, 19, 20.
    office.deal("Acme").account("acme").stage("s1");
    auto& world = office.world;
    struct Case {
        const char* name;
        void (*happen)(World& world);
        std::size_t raised;
    };
    const auto c = GENERATE(values<Case>({
        {"nothing since its creation", [](World&) {}, 1},
        {"a call ten days ago",
         [](World& w) { w.call("c").owner("ana").opportunity("Acme").at(noon(2026y / 11 / 6)); },
         1},
        {"a call nine days ago",
         [](World& w) { w.call("c").owner("ana").opportunity("Acme").at(noon(2026y / 11 / 9)); },
         0},
        {"a meeting with the account",
         [](World& w) { w.meeting("m").owner("ana").account("acme").at(noon(2026y / 11 / 9)); }, 0},
        {"a meeting to which nobody came",
         [](World& w) {
             w.meeting("m")
                 .owner("ana")
                 .account("acme")
                 .at(noon(2026y / 11 / 9))
                 .outcome("no_show");
         },
         1},
        {"a call that is only planned, for a day that is past",
         [](World& w) {
             w.call("c").owner("ana").opportunity("Acme").at(noon(2026y / 11 / 9)).planned();
         },
         1},
        {"a change of stage",
         [](World& w) {
             w.change("x").opportunity("Acme").field("stage").from("s0").to("s1").changed_at(
                 noon(2026y / 11 / 9));
         },
         0},
        {"a new next-step text is no meaningful change",
         [](World& w) {
             w.change("x")
                 .opportunity("Acme")
                 .field("next_step")
                 .from("a")
                 .to("b")
                 .changed_at(noon(2026y / 11 / 9));
         },
         1},
        {"a task for next week",
         [](World& w) {
             w.task("t").owner("ana").opportunity("Acme").due_on(day(2026y / 11 / 25));
         },
         0},
    }));
    DYNAMIC_SECTION(c.name) {
        c.happen(world);
        CHECK(office.find("opp.idle").size() == c.raised);
    }
}

TEST_CASE("a quiet deal over the holidays is not idle by working days") {
    // Thursday 18 December 2025 to Friday 2 January 2026, 25 December and 1 January off: 15
    // calendar days, 9 working days.
    Office office;
    auto roster = office.world.roster();
    roster.teams[0].holidays = {day(2025y / 12 / 25), day(2026y / 1 / 1)};
    office.world.set_roster(roster);
    office.world.opportunity("Acme").owner("ana").created(noon(2025y / 12 / 18));
    const auto january = noon(2026y / 1 / 2);
    CHECK(office.find("opp.idle", january).empty());
    office.options.opp_idle = {.after = 14, .days = Days::calendar};
    CHECK(office.find("opp.idle", january).size() == 1);
}

TEST_CASE("a new owner is not asked about the silence of the one before") {
    Office office;
    office.deal("Acme")
        .owner("bob")
        .close_date(day(2026y / 11 / 2))
        .stage("s1")
        .stage_since(noon(2026y / 9 / 2));
    office.world.user("ana").email("ana@example.com");
    for (const auto* check : {"opp.no_next_step", "opp.idle", "opp.past_close", "opp.stalled"})
        CHECK(office.find(check).size() == 1);
    office.world.change("x").opportunity("Acme").field("owner").from("ana").to("bob").changed_at(
        noon(2026y / 11 / 13));
    for (const auto* check : {"opp.no_next_step", "opp.idle", "opp.past_close", "opp.stalled"}) {
        CAPTURE(check);
        CHECK(office.find(check).empty());
        // Before the change it was ana's, whom it was right to ask.
        const auto before = office.find(check, noon(2026y / 11 / 12));
        REQUIRE(before.size() == 1);
        CHECK(before[0].owner == office.world.person("ana"));
    }
}

namespace {

/// Deals that were so many calendar days in stage s1, then went on to s2.
void history(Office& office, const std::vector<int>& stays) {
    office.stages();
    for (std::size_t i = 0; i < stays.size(); ++i) {
        const auto id = fmt::format("past-{}", i);
        const Instant entered = noon(2026y / 5 / 1);
        const Instant left = entered + std::chrono::days{stays[i]};
        office.world.opportunity(id).owner("bob").created(entered).stage("s2").lost().closed_at(
            left + std::chrono::days{1});
        office.world.change(id).opportunity(id).field("stage").from("s1").to("s2").changed_at(left);
    }
}

}  // namespace

TEST_CASE("a deal is stalled after twice the median of deals that went on, in calendar days") {
    Office office;
    const std::vector<int> ten{5, 7, 8, 9, 10, 11, 12, 14, 20, 41};  // median 10.5
    std::vector<int> twenty = ten;
    twenty.insert(twenty.end(), ten.begin(), ten.end());
    history(office, twenty);
    office.options.opp_stalled.days = Days::calendar;
    office.deal("20 days").stage("s1").stage_since(noon(2026y / 10 / 31));
    office.deal("21 days").stage("s1").stage_since(noon(2026y / 10 / 30));
    office.deal("22 days").stage("s1").stage_since(noon(2026y / 10 / 29));
    const auto findings = office.find("opp.stalled");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].subject.id == "22 days");
    CHECK(findings[0].summary == "In this stage for 22 days; the limit is 21.");
    CHECK(findings[0].evidence[1].value ==
          "2 × the median of 10.5 days of 20 deals that left this stage forwards");

    // In working days the ten took 3, 5, 5, 5, 6, 7, 8, 10, 14, 29: the limit is 2 × 6.5, and the
    // three deals have been there for 15, 15 and 16.
    office.options.opp_stalled.days = Days::working;
    CHECK(office.find("opp.stalled").size() == 3);
}

TEST_CASE("deals that left a stage backwards or were lost do not shape its median") {
    Office office;
    history(office, std::vector<int>(20, 10));
    for (int i = 0; i < 40; ++i) {
        const auto id = fmt::format("lost-{}", i);
        office.world.opportunity(id)
            .owner("bob")
            .created(noon(2026y / 5 / 1))
            .stage("lost")
            .lost()
            .closed_at(noon(2026y / 9 / 1));
        office.world.change(id).opportunity(id).field("stage").from("s1").to("lost").changed_at(
            noon(2026y / 9 / 1));
    }
    office.world.stage("lost").pipeline("p").position(6).lost();
    office.options.opp_stalled.days = Days::calendar;
    office.deal("Acme").stage("s1").stage_since(noon(2026y / 10 / 29));  // 22 > 2 × 10
    CHECK(office.find("opp.stalled").size() == 1);
}

TEST_CASE("a won deal left its last stage forwards, whatever the CRM tells of its stages") {
    Office office;
    for (int i = 0; i < 20; ++i) {
        const auto id = fmt::format("won-{}", i);
        office.world.opportunity(id)
            .owner("bob")
            .created(noon(2026y / 5 / 1))
            .stage("Won")
            .won()
            .closed_at(noon(2026y / 5 / 11));
        office.world.change(id)
            .opportunity(id)
            .field("stage")
            .from("Engaging")
            .to("Won")
            .changed_at(noon(2026y / 5 / 11));
    }
    office.options.opp_stalled.days = Days::calendar;
    office.deal("20 days").stage("Engaging").stage_since(noon(2026y / 10 / 31));
    office.deal("21 days").stage("Engaging").stage_since(noon(2026y / 10 / 30));
    const auto findings = office.find("opp.stalled");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].subject.id == "21 days");
}

TEST_CASE("a deal of which nobody knows when it entered its stage is not called stalled") {
    Office office;
    office.stages();
    office.deal("Acme").stage("s1");
    CHECK(office.find("opp.stalled").empty());
}

TEST_CASE("stages that are exempt are never stalled") {
    Office office;
    office.deal("Acme").stage("Legal").stage_since(noon(2026y / 9 / 2));
    CHECK(office.find("opp.stalled").size() == 1);
    office.options.opp_stalled.exempt_stages = {"Legal"};
    CHECK(office.find("opp.stalled").empty());
}

TEST_CASE("from the third open stage on an opportunity needs an amount") {
    Office office;
    office.stages();
    office.deal("second stage").stage("s2");
    office.deal("no amount").stage("s3");
    office.deal("zero").stage("s3").amount("0");
    office.deal("worth something").stage("s4").amount("0.01");
    office.deal("stage unknown").stage("elsewhere");
    std::set<std::string> found;
    for (const auto& finding : office.find("opp.amount_missing")) found.insert(finding.subject.id);
    CHECK(found == std::set<std::string>{"no amount", "zero"});
}
