// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/schedule.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;
using alerts::decide_due;
using alerts::DigestOptions;
using alerts::next_due;

namespace {

warehouse::Team team(const char* zone) {
    warehouse::Team team;
    team.name = "North";
    team.zone = *Zone::find(zone);
    return team;
}

Instant utc(const char* text) {
    return parse_instant(text).value();
}

}  // namespace

TEST_CASE(
    "a digest is due from the manager's local hour until the quiet hours of that working day") {
    struct Case {
        const char* name;
        const char* zone;
        const char* now;
        bool due;
    };
    // 2026-11-20 is a Friday. Berlin is one hour ahead of UTC then, Los Angeles eight behind.
    const auto c = GENERATE(values<Case>({
        {"a minute before", "Europe/Berlin", "2026-11-20T06:59:00Z", false},
        {"on the minute", "Europe/Berlin", "2026-11-20T07:00:00Z", true},
        {"late, since nobody was there", "Europe/Berlin", "2026-11-20T16:59:00Z", true},
        {"not in the evening", "Europe/Berlin", "2026-11-20T17:00:00Z", false},
        {"not on the next day, a Saturday", "Europe/Berlin", "2026-11-20T23:00:00Z", false},
        {"west of UTC: eight there", "America/Los_Angeles", "2026-11-20T16:00:00Z", true},
        {"west of UTC: still Friday there", "America/Los_Angeles", "2026-11-21T01:59:00Z", true},
        {"west of UTC: Saturday there", "America/Los_Angeles", "2026-11-21T08:00:00Z", false},
        {"Sunday", "Europe/Berlin", "2026-11-22T12:00:00Z", false},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(decide_due(team(c.zone), {}, utc(c.now)).has_value() == c.due);
    }
}

TEST_CASE("a digest that has been decided is not due again that day, and the next one is another") {
    const auto north = team("Europe/Berlin");
    const auto today = decide_due(north, {}, utc("2026-11-19T09:00:00Z"));
    REQUIRE(today);
    CHECK_FALSE(decide_due(north, {}, utc("2026-11-19T15:00:00Z"), today->key));
    REQUIRE(today->quiet_from);  // 18:00 of that day
    CHECK(*today->quiet_from - today->due_at == std::chrono::hours{10});
    const auto tomorrow = decide_due(north, {}, utc("2026-11-20T09:00:00Z"), today->key);
    REQUIRE(tomorrow);
    CHECK(tomorrow->key != today->key);
    auto other = north;
    other.name = "South";
    CHECK(decide_due(other, {}, utc("2026-11-19T09:00:00Z"))->key != today->key);
}

TEST_CASE("no digest on holidays, unless one is wanted every day") {
    auto north = team("Europe/Berlin");
    north.calendar.holidays = {tests::day(std::chrono::year{2026} / 11 / 20)};
    CHECK_FALSE(decide_due(north, {}, utc("2026-11-20T09:00:00Z")));
    CHECK(decide_due(north, {.every_day = true}, utc("2026-11-20T09:00:00Z")));
}

TEST_CASE("the week's first working day has the weekly digest") {
    struct Case {
        const char* now;
        bool monday_is_off;
        bool weekly;
    };
    const auto c = GENERATE(values<Case>({
        {"2026-11-23T09:00:00Z", false, true},   // Monday
        {"2026-11-24T09:00:00Z", false, false},  // Tuesday
        {"2026-11-24T09:00:00Z", true, true},    // Tuesday after a holiday
        {"2026-11-25T09:00:00Z", true, false},
    }));
    auto north = team("Europe/Berlin");
    if (c.monday_is_off) north.calendar.holidays = {tests::day(std::chrono::year{2026} / 11 / 23)};
    const auto due = decide_due(north, {}, utc(c.now));
    REQUIRE(due);
    CHECK(due->is_weekly == c.weekly);
}

TEST_CASE("on days when clocks change there is one digest, at its local hour") {
    struct Case {
        const char* name;
        const char* day;
        std::chrono::minutes at;
        const char* due_at;
    };
    // Europe/Berlin, Sundays: 02:00 → 03:00 on 2026-03-29, 03:00 → 02:00 on 2026-10-25.
    const auto c = GENERATE(values<Case>({
        {"spring, after the jump", "2026-03-29", 8h, "2026-03-29T06:00:00Z"},
        {"spring, an hour that is skipped", "2026-03-29", 150min, "2026-03-29T01:00:00Z"},
        {"autumn, after the change", "2026-10-25", 8h, "2026-10-25T07:00:00Z"},
        {"autumn, an hour that comes twice", "2026-10-25", 150min, "2026-10-25T00:30:00Z"},
    }));
    DYNAMIC_SECTION(c.name) {
        const DigestOptions options{.at = c.at, .until = 24h, .every_day = true};
        const auto north = team("Europe/Berlin");
        const auto due = alerts::digest_of(north, options, parse_date(c.day).value());
        CHECK(format_instant(due.due_at) == c.due_at);
        // Each quarter of an hour from there to the day's end gives the same digest.
        for (auto now = due.due_at; north.zone.local_day(now) == due.day; now += 15min) {
            const auto decided = decide_due(north, options, now);
            REQUIRE(decided);
            CHECK(decided->key == due.key);
        }
    }
}

TEST_CASE(
    "the next digest is found over weekends and holidays, and never for a team without days") {
    auto north = team("Europe/Berlin");
    const auto text = [&](const char* now) {
        const auto next = next_due(north, {}, utc(now));
        return next ? format_instant(*next) : "never";
    };
    CHECK(text("2026-11-20T06:00:00Z") == "2026-11-20T07:00:00Z");
    CHECK(text("2026-11-20T07:00:00Z") == "2026-11-23T07:00:00Z");  // Friday eight → Monday eight
    north.calendar.holidays = {tests::day(std::chrono::year{2026} / 11 / 23)};
    CHECK(text("2026-11-20T07:00:00Z") == "2026-11-24T07:00:00Z");
    north.calendar.week.reset();
    CHECK(text("2026-11-20T07:00:00Z") == "never");
}
