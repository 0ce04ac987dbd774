// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/schedule.hpp"
#include "tests/daemon/alerts/desk.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

/// A team in Berlin, Monday to Friday, with 1:1s on Tuesdays (ana's on Wednesdays) and a scrum on
/// Thursdays.
struct Calendar {
    warehouse::People people;
    alerts::AlertOptions options;

    Calendar() {
        warehouse::Team team;
        team.name = "North";
        team.zone = *Zone::find("Europe/Berlin");
        team.coaching.scrum.set(3);
        people.teams.push_back(team);
        for (int id = 1; id <= 2; ++id) {
            warehouse::Rep rep;
            rep.id = warehouse::PersonId{id};
            rep.name = id == 1 ? "ana" : "ben";
            rep.one_on_one.set(id == 1 ? 2 : 1);
            people.reps.push_back(rep);
        }
    }
    std::vector<alerts::DigestDue> due(const char* utc) const {
        return alerts::decide_appointments(people, people.teams[0], options,
                                           parse_instant(utc).value());
    }
    /// "brief card:2"
    std::string names(const char* utc) const {
        std::string text;
        for (const auto& one : due(utc)) {
            text += (text.empty() ? "" : " ") + std::string{to_string(one.occasion)};
            if (one.occasion == alerts::Occasion::card)
                text += ":" + std::to_string(static_cast<int>(one.rep));
        }
        return text;
    }
};

}  // namespace

TEST_CASE("briefs, cards and sheets are due on their days, from their local hour on") {
    // 2026-11-23 is a Monday, and Berlin an hour ahead of UTC.
    struct Case {
        const char* now;
        const char* due;
    };
    const auto c = GENERATE(values<Case>({
        {"2026-11-23T06:29:00Z", ""},
        {"2026-11-23T06:30:00Z", "brief"},
        // The quiet hours begin at 18:00 in Berlin.
        {"2026-11-23T16:59:00Z", "brief"},
        {"2026-11-23T17:00:00Z", ""},
        {"2026-11-24T17:00:00Z", ""},
        // Late in its week, if nobody was there before: at its hour, and beside what the day has.
        {"2026-11-24T05:59:00Z", ""},
        {"2026-11-24T06:00:00Z", "card:2"},
        {"2026-11-24T09:00:00Z", "brief card:2"},
        {"2026-11-25T09:00:00Z", "brief card:1"},
        {"2026-11-26T07:29:00Z", "brief"},
        {"2026-11-26T07:30:00Z", "brief scrum"},
        {"2026-11-27T09:00:00Z", "brief"},
        {"2026-11-27T22:59:00Z", "brief"},  // its last chance
        {"2026-11-28T09:00:00Z", ""},
    }));
    CAPTURE(c.now);
    CHECK(Calendar{}.names(c.now) == c.due);
}

TEST_CASE("a week has one brief whatever its day, and a day its own cards") {
    const Calendar calendar;
    const auto monday_brief = calendar.due("2026-11-23T09:00:00Z").at(0);
    const auto tuesday = calendar.due("2026-11-24T09:00:00Z");
    CHECK(tuesday.at(0).key == monday_brief.key);
    CHECK(calendar.due("2026-11-30T09:00:00Z").at(0).key != monday_brief.key);
    const auto card = tuesday.at(1).key;
    CHECK(calendar.due("2026-12-01T09:00:00Z").at(1).key != card);
    CHECK(calendar.due("2026-11-24T16:00:00Z").at(1).key == card);
}

TEST_CASE("a holiday moves the brief to the next day worked, and there is no card without a talk") {
    Calendar calendar;
    const auto monday_off = parse_date("2026-11-23").value();
    calendar.people.teams[0].calendar.holidays.insert(monday_off);
    CHECK(calendar.names("2026-11-23T09:00:00Z").empty());
    CHECK(calendar.names("2026-11-24T09:00:00Z") == "brief card:2");
    calendar.people.reps[1].calendar.away[parse_date("2026-11-24").value()] = 1;
    CHECK(calendar.names("2026-11-24T09:00:00Z") == "brief");
    calendar.people.reps[0].until = parse_date("2026-11-25");
    CHECK(calendar.names("2026-11-25T09:00:00Z") == "brief");
    calendar.options.brief.weekday = 4;
    CHECK(calendar.names("2026-11-25T09:00:00Z").empty());
    calendar.options.brief.enabled = false;
    CHECK(calendar.names("2026-11-27T09:00:00Z").empty());
}

TEST_CASE(
    "what is decided in time is not sent in the quiet hours, but for the last brief of the week") {
    const Calendar calendar;
    const auto quiet_from = [&](const char* now) { return calendar.due(now).at(0).quiet_from; };
    CHECK(quiet_from("2026-11-23T09:00:00Z") == parse_instant("2026-11-23T17:00:00Z"));
    // On Friday morning there is the evening yet, and in the evening nothing else.
    CHECK(quiet_from("2026-11-27T09:00:00Z") == parse_instant("2026-11-27T17:00:00Z"));
    CHECK_FALSE(quiet_from("2026-11-27T18:00:00Z"));
}

TEST_CASE("what is meant for the evening goes in the evening") {
    Calendar calendar;
    calendar.options.brief.at = 19h;
    CHECK(calendar.names("2026-11-23T17:59:00Z").empty());
    CHECK(calendar.names("2026-11-23T18:00:00Z") == "brief");
    CHECK(calendar.names("2026-11-23T22:30:00Z") == "brief");
}

TEST_CASE("an hour that the clocks skip is the moment of the jump, and one they show twice the "
          "first") {
    // Berlin skips 02:00 to 03:00 on Sunday 2027-03-28, and shows 02:00 to 03:00 twice on
    // Sunday 2026-10-25; the team works on Sundays.
    Calendar calendar;
    calendar.people.teams[0].calendar.week.set();
    calendar.options.brief = {.at = 2h + 30min, .weekday = 7};
    CHECK(calendar.names("2027-03-28T00:59:00Z").empty());
    CHECK(calendar.names("2027-03-28T01:00:00Z") == "brief");
    CHECK(calendar.names("2026-10-25T00:29:00Z").empty());
    CHECK(calendar.names("2026-10-25T00:30:00Z") == "brief");
}

TEST_CASE("what has been decided stays decided, over restarts and a clock that jumps") {
    Desk desk;
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    const auto north = desk.team();
    const auto brief = [&](Instant now) {
        const auto due = alerts::brief_of(north, desk.options, north.zone.local_day(now));
        auto digest = desk.compose(now);
        digest.has_news = true;  // a brief tells the week, whatever is new
        return alerts::enqueue_digest(desk.world.database(), digest, due, north, now, desk.options);
    };
    CHECK(brief(monday) == alerts::Enqueued::queued);
    CHECK(brief(monday) == alerts::Enqueued::already_decided);
    CHECK(brief(monday + days{3}) == alerts::Enqueued::already_decided);
    CHECK(brief(monday + days{7}) == alerts::Enqueued::queued);
    CHECK(brief(monday) == alerts::Enqueued::already_decided);  // the clock was set back
    // What the brief told is no news for the digest of the day.
    desk.apply();
    CHECK_FALSE(desk.compose(monday).has_news);
}

TEST_CASE("the daemon wakes for the next hour at which something may be due") {
    const Calendar calendar;
    const auto& team = calendar.people.teams[0];
    const auto next = [&](const char* now) {
        return format_instant(
            alerts::next_appointment(team, calendar.options, parse_instant(now).value()));
    };
    CHECK(next("2026-11-23T05:00:00Z") == "2026-11-23T06:00:00Z");
    CHECK(next("2026-11-23T06:00:00Z") == "2026-11-23T06:30:00Z");
    CHECK(next("2026-11-23T07:30:00Z") == "2026-11-24T06:00:00Z");
}
