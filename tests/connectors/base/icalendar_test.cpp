// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/icalendar.hpp"

#include "connectors/base/instant.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

using namespace nudged;
using namespace std::chrono_literals;

namespace {

std::string calendar(const std::string& events) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\n" + events +
           "END:VCALENDAR\r\n";
}

std::string event(const std::string& lines) {
    return "BEGIN:VEVENT\r\nUID:1@example\r\nSUMMARY:A day\r\n" + lines + "END:VEVENT\r\n";
}

/// The days, between blanks, those from 2026 to 2029 alone.
std::string days_of(const std::string& text) {
    Diagnostics problems;
    const auto days = parse_icalendar(text, "us.ics", problems);
    INFO(problems.str());
    CHECK_FALSE(problems.has_errors());
    std::vector<std::string> near;
    for (const auto day : days)
        if (day >= std::chrono::local_days{2026y / 1 / 1} &&
            day < std::chrono::local_days{2030y / 1 / 1})
            near.push_back(format_date(day));
    return fmt::format("{}", fmt::join(near, " "));
}

std::string problem_of(const std::string& text) {
    Diagnostics problems;
    parse_icalendar(text, "us.ics", problems);
    return problems.str();
}

}  // namespace

TEST_CASE("all-day events of an iCalendar file are days, the end not among them") {
    CHECK(days_of(calendar(event("DTSTART;VALUE=DATE:20261126\r\n"))) == "2026-11-26");
    CHECK(
        days_of(calendar(event("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\n"))) ==
        "2026-12-24 2026-12-25 2026-12-26");
    CHECK(days_of(calendar(event("DTSTART;VALUE=DATE:20261224\r\nDURATION:P2D\r\n"))) ==
          "2026-12-24 2026-12-25");
    CHECK(days_of(calendar(event("DTSTART;VALUE=DATE:20261224\r\nSTATUS:CANCELLED\r\n"))).empty());
}

TEST_CASE("lines are unfolded, and what lies around events is passed over") {
    // RFC 5545 §3.1: the break and the one space after it are taken out.
    CHECK(days_of(calendar(event("DTSTART;VAL\r\n UE=DATE:2026\r\n 1126\r\n"))) == "2026-11-26");
    const std::string zone = "BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\nBEGIN:STANDARD\r\n"
                             "DTSTART:20071104T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\n"
                             "END:STANDARD\r\nEND:VTIMEZONE\r\n";
    const std::string alarm = "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDURATION:PT5M\r\nEND:VALARM\r\n";
    CHECK(days_of(calendar(zone + event("DTSTART;VALUE=DATE:20261126\r\n" + alarm))) ==
          "2026-11-26");
    // A colon within a quoted parameter ends nothing; line feeds alone will do.
    CHECK(days_of("BEGIN:VCALENDAR\nBEGIN:VEVENT\nX-A;CN=\"a:b\":c\nDTSTART;VALUE=DATE:20261126\n"
                  "END:VEVENT\nEND:VCALENDAR\n") == "2026-11-26");
}

TEST_CASE("a yearly rule is followed: by its date, by the nth weekday, to its end") {
    struct Case {
        const char* name;
        const char* lines;
        const char* days;
    };
    const auto c = GENERATE(values<Case>({
        {"every year", "DTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY\r\n",
         "2026-12-25 2027-12-25 2028-12-25 2029-12-25"},
        // Thanksgiving, https://www.opm.gov: 26 Nov 2026, 25 Nov 2027, 23 Nov 2028, 22 Nov 2029
        {"fourth Thursday",
         "DTSTART;VALUE=DATE:20201126\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\n",
         "2026-11-26 2027-11-25 2028-11-23 2029-11-22"},
        // Memorial Day: 25 May 2026, 31 May 2027, 29 May 2028, 28 May 2029
        {"last Monday", "DTSTART;VALUE=DATE:20200525\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO\r\n",
         "2026-05-25 2027-05-31 2028-05-29 2029-05-28"},
        {"leap day", "DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY\r\n", "2028-02-29"},
        {"three times", "DTSTART;VALUE=DATE:20251231\r\nRRULE:FREQ=YEARLY;COUNT=3\r\n",
         "2026-12-31 2027-12-31"},
        {"until a day", "DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=YEARLY;UNTIL=20270101\r\n",
         "2026-01-01 2027-01-01"},
        {"every second year", "DTSTART;VALUE=DATE:20260704\r\nRRULE:FREQ=YEARLY;INTERVAL=2\r\n",
         "2026-07-04 2028-07-04"},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(days_of(calendar(event(c.lines))) == c.days);
    }
}

TEST_CASE("what would change the days and is not understood is told with its line") {
    struct Case {
        const char* name;
        std::string text;
        const char* problem;
    };
    const auto c = GENERATE(values<Case>({
        {"a time of day", calendar(event("DTSTART:20261126T090000Z\r\n")),
         "us.ics:7: DTSTART is no whole day"},
        {"a weekly rule", calendar(event("DTSTART;VALUE=DATE:20261126\r\nRRULE:FREQ=WEEKLY\r\n")),
         "us.ics:8: this RRULE is not understood"},
        {"Easter's exceptions",
         calendar(event("DTSTART;VALUE=DATE:20261126\r\nEXDATE;VALUE=DATE:20271126\r\n")),
         "us.ics:8: EXDATE is not understood"},
        {"an end before the start",
         calendar(event("DTSTART;VALUE=DATE:20261126\r\nDTEND;VALUE=DATE:20261126\r\n")),
         "us.ics:4: this event ends before it begins"},
        {"more weeks than a number holds days",
         calendar(event("DTSTART;VALUE=DATE:20261126\r\nDURATION:P999999999W\r\n")),
         "us.ics:4: this event takes more than a year"},
        {"two thousand years of whole years",
         calendar(event("DTSTART;VALUE=DATE:00010101\r\nDURATION:P366D\r\n"
                        "RRULE:FREQ=YEARLY\r\n")),
         "us.ics:4: this file tells more than 50000 days"},
        {"no start", calendar(event("")), "us.ics:4: this event has no DTSTART"},
        {"an impossible day", calendar(event("DTSTART;VALUE=DATE:20260230\r\n")),
         "us.ics:7: DTSTART is no whole day"},
        {"another file", "name,day\r\n", "us.ics:1: is no line of an iCalendar file"},
        {"half a file", "BEGIN:VCALENDAR\r\n", "ends within VCALENDAR"},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK_THAT(problem_of(c.text), Catch::Contains(c.problem));
    }
}
