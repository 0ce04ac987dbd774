// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/calendar.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;

TEST_CASE("a week belongs to the year of its Thursday") {
    struct Case {
        const char* name;
        local_days day;
        const char* week;
        local_days monday;
    };
    const auto c = GENERATE(values<Case>({
        {"an ordinary Friday", local_days{2026y / 11 / 27}, "2026-W48",
         local_days{2026y / 11 / 23}},
        {"a Monday begins its week", local_days{2026y / 11 / 23}, "2026-W48",
         local_days{2026y / 11 / 23}},
        {"a Sunday ends it", local_days{2026y / 11 / 29}, "2026-W48", local_days{2026y / 11 / 23}},
        {"New Year's Day 2021, a Friday, is in week 53 of 2020", local_days{2021y / 1 / 1},
         "2020-W53", local_days{2020y / 12 / 28}},
        {"30 December 2024, a Monday, is in week 1 of 2025", local_days{2024y / 12 / 30},
         "2025-W01", local_days{2024y / 12 / 30}},
        {"New Year's Day 2017, a Sunday, is in week 52 of 2016", local_days{2017y / 1 / 1},
         "2016-W52", local_days{2016y / 12 / 26}},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(IsoWeek::of(c.day).str() == c.week);
        CHECK(IsoWeek::of(c.day).monday() == c.monday);
        CHECK(IsoWeek::parse(c.week) == IsoWeek::of(c.day));
    }
}

TEST_CASE("week 53 exists only in the years that have one") {
    CHECK(IsoWeek::parse("2020-W53").has_value());
    CHECK_FALSE(IsoWeek::parse("2021-W53").has_value());
    CHECK(IsoWeek::parse("2026-W53").has_value());  // 1 January 2026 is a Thursday
    CHECK_FALSE(IsoWeek::parse("2027-W53").has_value());
}

TEST_CASE("anything that is no ISO week is not read as one") {
    for (const auto* text : {"", "2026", "2026-48", "2026-W5", "2026-W00", "2026-W54", "0000-W01",
                             "2026-w48", "2026-W48 ", "2O26-W48", "2026-W-1", "2026-W4x"}) {
        CAPTURE(text);
        CHECK_FALSE(IsoWeek::parse(text).has_value());
    }
}

TEST_CASE("weeks add and compare across a new year") {
    const auto week = IsoWeek::parse("2020-W52").value();
    CHECK(week.plus(1).str() == "2020-W53");
    CHECK(week.plus(2).str() == "2021-W01");
    CHECK(week.plus(2).plus(-2) == week);
    CHECK(week < week.plus(1));
    CHECK(week.end() == week.plus(1).monday());
}

TEST_CASE("age in working days counts the worked days after the first, up to today") {
    // Thu 18 Dec 2025 → Fri 2 Jan 2026. Fri 19; Mon 22, Tue 23, Wed 24; (Thu 25 holiday) Fri 26;
    // Mon 29, Tue 30, Wed 31; (Thu 1 holiday) Fri 2: 1 + 3 + 1 + 3 + 1 = 9.
    WorkCalendar calendar;
    calendar.holidays = {local_days{2025y / 12 / 25}, local_days{2026y / 1 / 1}};
    const local_days touched{2025y / 12 / 18};
    CHECK(calendar.working_age(touched, local_days{2026y / 1 / 2}) == 9);
    CHECK(calendar.working_age(touched, touched) == 0);
    CHECK(calendar.working_age(touched, touched - days{3}) == 0);
}

TEST_CASE("a half day off counts as half a working day and as a worked day of age") {
    WorkCalendar calendar;
    const local_days monday{2026y / 11 / 23};
    calendar.away = {{monday + days{1}, 0.5}, {monday + days{2}, 1.0}};
    // Mon 1 + Tue 0.5 + Wed 0 + Thu 1 + Fri 1 = 3.5
    CHECK(calendar.working_days(monday, monday + days{7}) == Approx(3.5));
    CHECK(calendar.working_share(monday + days{1}) == Approx(0.5));
    CHECK_FALSE(calendar.works(monday + days{2}));
    CHECK_FALSE(calendar.works(monday + days{5}));
    CHECK(calendar.working_age(monday, monday + days{4}) == 3);  // Tue, Thu, Fri
}

TEST_CASE("a weekday may be worked for half of the day, and half a day off leaves nothing of it") {
    WorkCalendar calendar;
    calendar.half_days.set(4);  // Friday
    const local_days friday{2026y / 11 / 20};
    CHECK(calendar.working_share(friday) == 0.5);
    CHECK(calendar.working_share(friday - days{1}) == 1);
    CHECK(calendar.working_days(friday - days{4}, friday + days{3}) == 4.5);
    CHECK(calendar.works(friday));
    calendar.away[friday] = 0.5;
    CHECK_FALSE(calendar.works(friday));
    calendar.half_days.set(5);  // Saturday, which is not in the week
    CHECK(calendar.working_share(friday + days{1}) == 0);
}

TEST_CASE("the week pattern decides which weekdays are worked") {
    WorkCalendar calendar;
    calendar.week = 0b1001111;  // Sunday to Thursday
    const local_days sunday{2026y / 11 / 29};
    CHECK(calendar.works(sunday));
    CHECK_FALSE(calendar.works(sunday - days{2}));  // Friday
    CHECK(calendar.working_days(sunday - days{6}, sunday + days{1}) == Approx(5));
    CHECK(calendar.working_days(sunday, sunday) == Approx(0));
}
