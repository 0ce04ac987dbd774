// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/leads/working_minutes.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::working_minutes;

TEST_CASE("minutes of working hours leave nights, weekends, holidays and time off out") {
    const auto utc = Zone::utc();
    WorkCalendar calendar;
    // Friday 17:50 to 18:00, Monday 09:00 to 09:20 (sales practice §3).
    const Instant lead = at(2026y / 11 / 13, 17, 50);
    const Instant call = at(2026y / 11 / 16, 9, 20);
    CHECK(working_minutes(utc, calendar, {}, lead, call) == 30min);
    CHECK(call - lead == 3'810min);
    // From midnight of a working day to the next: nine hours.
    CHECK(working_minutes(utc, calendar, {}, at(2026y / 11 / 16, 0), at(2026y / 11 / 17, 0)) ==
          540min);
    CHECK(working_minutes(utc, calendar, {}, call, lead) == 0min);
    calendar.holidays = {day(2026y / 11 / 16)};
    CHECK(working_minutes(utc, calendar, {}, lead, at(2026y / 11 / 17, 9, 20)) == 30min);
    calendar.away[day(2026y / 11 / 17)] = 0.5;  // 09:00 to 13:30
    CHECK(working_minutes(utc, calendar, {}, lead, at(2026y / 11 / 18, 9, 0)) == 280min);
    // Where clocks are set back, noon is an hour later: Berlin, 25 October 2026, worked that day.
    WorkCalendar sundays;
    sundays.week = 0b1000000;
    CHECK(working_minutes(*Zone::find("Europe/Berlin"), sundays, {0min, 1'440min},
                          at(2026y / 10 / 24, 22), at(2026y / 10 / 25, 23)) == 25h);
}

namespace {

/// A lead of ana's in the pipeline "in", which came in at `since`.
struct Inbox : Office {
    explicit Inbox(Instant since) {
        options.leads.pipelines = {"Inbound"};
        world.pipeline("in").name("Inbound");
        world.stage("new").pipeline("in").position(1).closed(false);
        world.opportunity("Acme").owner("ana").pipeline("in").stage("new").created(since);
    }
    void call(Instant when) {
        world.call("c").owner("ana").opportunity("Acme").direction("outbound").at(when);
    }
};

}  // namespace

TEST_CASE("a lead is reached out to within sixty minutes of working hours") {
    // It came in on Friday 13th at 17:50: ten minutes of that day count.
    Inbox office{at(2026y / 11 / 13, 17, 50)};
    office.options.lead_slow_first_touch.shown = 5;
    const auto slow = [&](Instant as_of) { return office.find("lead.slow_first_touch", as_of); };
    office.world.mark_all_complete(at(2026y / 11 / 16, 9));
    CHECK(slow(at(2026y / 11 / 16, 9, 50)).empty());
    const auto waiting = slow(at(2026y / 11 / 16, 9, 51));
    REQUIRE(waiting.size() == 1);
    CHECK(
        waiting[0].summary ==
        "Waiting for a first call or e-mail, 61 working minutes after it came in; the aim is 60.");
    office.call(at(2026y / 11 / 16, 9, 20));
    CHECK(slow(at(2026y / 11 / 16, 12)).empty());
    office.world.mark_all_complete(friday);
    office.call(at(2026y / 11 / 16, 10, 30));
    const auto late = slow(friday);
    REQUIRE(late.size() == 1);
    CHECK(late[0].summary ==
          "First reached out to 100 working minutes after it came in; the aim is 60.");
    CHECK(late[0].evidence[0].value == "2026-11-13 17:50");
    CHECK(late[0].evidence[2].value == "100 working minutes of 1 lead");
    // It has been told for five working days: 17, 18, 19, 20, 23.
    office.world.mark_all_complete(noon(2026y / 11 / 24));
    CHECK(slow(noon(2026y / 11 / 23)).size() == 1);
    CHECK(slow(noon(2026y / 11 / 24)).empty());
}

TEST_CASE("a lead without any touch after a working day is told once, as untouched") {
    Inbox office{at(2026y / 11 / 17, 17)};
    office.world.mark_all_complete(at(2026y / 11 / 18, 12));
    CHECK(office.find("lead.untouched", at(2026y / 11 / 18, 12)).empty());
    CHECK(office.find("lead.slow_first_touch", at(2026y / 11 / 18, 12)).size() == 1);
    office.world.mark_all_complete(at(2026y / 11 / 19, 12));
    const auto found = office.find("lead.untouched", at(2026y / 11 / 19, 12));
    REQUIRE(found.size() == 1);
    CHECK(found[0].summary ==
          "0 calls or e-mails to this lead since it came in on 2026-11-17, 2 working days ago.");
    CHECK(office.find("lead.slow_first_touch", at(2026y / 11 / 19, 12)).empty());
    SECTION("mail of theirs is no touch of ours") {
        office.world.email("e").owner("ana").opportunity("Acme").direction("inbound").at(
            at(2026y / 11 / 18, 9));
        CHECK(office.find("lead.untouched", at(2026y / 11 / 19, 12)).size() == 1);
    }
    SECTION("mail of ours is") {
        office.world.email("e")
            .owner("ana")
            .opportunity("Acme")
            .direction("outbound")
            .at(at(2026y / 11 / 18, 9));
        CHECK(office.find("lead.untouched", at(2026y / 11 / 19, 12)).empty());
    }
    SECTION("its clock begins again with a new owner") {
        office.world.user("bob").email("bob@example.com");
        office.world.change("x")
            .opportunity("Acme")
            .field("owner")
            .from("bob")
            .to("ana")
            .changed_at(at(2026y / 11 / 18, 17));
        CHECK(office.find("lead.untouched", at(2026y / 11 / 19, 12)).empty());
    }
    SECTION("time off does not count") {
        auto roster = office.world.roster();
        roster.teams[0].members[0].away[day(2026y / 11 / 18)] = 1;
        office.world.set_roster(roster);
        CHECK(office.find("lead.untouched", at(2026y / 11 / 19, 12)).empty());
    }
    SECTION("nothing is a lead unless the options say so") {
        office.options.leads = {};
        CHECK(office.find("lead.untouched", at(2026y / 11 / 19, 12)).empty());
        office.options.leads.stages = {"new"};
        CHECK(office.find("lead.untouched", at(2026y / 11 / 19, 12)).size() == 1);
    }
}
