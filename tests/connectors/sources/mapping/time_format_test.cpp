// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/time_format.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace nudged;
using namespace nudged::sources;

namespace {

/// "2026-11-20T08:15:00Z", or "" when there is no such time.
std::string in_zone(const std::optional<ParsedTime>& time, const char* zone = "UTC") {
    const auto instant = time ? time->instant(*Zone::find(zone)) : std::nullopt;
    return instant ? format_instant(*instant) : "";
}

}  // namespace

TEST_CASE("a time is read by its format") {
    struct Case {
        const char* text;
        const char* format;
        const char* expected;
    };
    const auto c = GENERATE(values<Case>({
        {"990201", "%y%m%d", "1999-02-01T00:00:00Z"},
        {"680101", "%y%m%d", "2068-01-01T00:00:00Z"},
        {"690101", "%y%m%d", "1969-01-01T00:00:00Z"},
        {"20/11/2026", "%d/%m/%Y", "2026-11-20T00:00:00Z"},
        {"1/2/2026", "%m/%d/%Y", "2026-01-02T00:00:00Z"},
        {"11/20/2026 08:15 PM", "%m/%d/%Y %I:%M %p", "2026-11-20T20:15:00Z"},
        {"11/20/2026 12:05 am", "%m/%d/%Y %I:%M %p", "2026-11-20T00:05:00Z"},
        {"11/20/2026 12:05 PM", "%m/%d/%Y %I:%M %p", "2026-11-20T12:05:00Z"},
        {"11/20/2026 8:15PM", "%m/%d/%Y %I:%M %p", "2026-11-20T20:15:00Z"},
        {"990201 6:33:51", "%y%m%d %H:%M:%S", "1999-02-01T06:33:51Z"},
        {"20. Nov 2026", "%d. %b %Y", "2026-11-20T00:00:00Z"},
        {"Friday, november 20, 2026", "%A, %B %d, %Y", "2026-11-20T00:00:00Z"},
        {"Fri 20 may 2026", "%a %d %B %Y", "2026-05-20T00:00:00Z"},
        {"2026-11-20T08:15:00.25", "%FT%T", "2026-11-20T08:15:00.250Z"},
        {"2026-324", "%Y-%j", "2026-11-20T00:00:00Z"},
        {"100% 2026-11-20", "100%% %F", "2026-11-20T00:00:00Z"},
        {"2026-11-20 08:15 +0200", "%F %R %z", "2026-11-20T06:15:00Z"},
        {"2026-11-20 08:15 -05:30", "%F %R %z", "2026-11-20T13:45:00Z"},
        {"2024-02-29", "%F", "2024-02-29T00:00:00Z"},
        // What a lenient reader would take:
        {"2023-02-29", "%F", ""},
        {"31/4/2026", "%d/%m/%Y", ""},
        {"20/11/26", "%d/%m/%Y", ""},
        {"11/20/2026", "%d/%m/%Y", ""},
        {"2026-11-20 ", "%F", ""},
        {"2026-11-20x", "%F", ""},
        {"2026-11", "%F", ""},
        {"", "%F", ""},
        {"24:00 2026-11-20", "%R %F", ""},
        {"13:00 PM 2026-11-20", "%I:%M %p %F", ""},
        {"2026-366", "%Y-%j", ""},
        {"20 Foo 2026", "%d %b %Y", ""},
    }));
    DYNAMIC_SECTION(c.text << " by " << c.format) {
        CHECK(in_zone(parse_time(c.text, c.format)) == c.expected);
    }
}

TEST_CASE("a time without a zone is what the clocks of the stated zone show") {
    // Israel Standard Time is UTC+2; in summer Berlin is UTC+2 and New York UTC-4.
    CHECK(in_zone(parse_time("990201 6:33:51", "%y%m%d %T"), "Asia/Jerusalem") ==
          "1999-02-01T04:33:51Z");
    CHECK(in_zone(parse_iso("2026-07-01T00:30"), "Europe/Berlin") == "2026-06-30T22:30:00Z");
    CHECK(in_zone(parse_iso("2026-07-01"), "America/New_York") == "2026-07-01T04:00:00Z");
    CHECK(in_zone(parse_iso("2026-07-01T00:30:00+01:00"), "America/New_York") ==
          "2026-06-30T23:30:00Z");
}

TEST_CASE("ISO 8601 is read in the forms that systems write") {
    struct Case {
        const char* text;
        const char* expected;
    };
    const auto c = GENERATE(values<Case>({
        {"2026-11-20T08:15:00Z", "2026-11-20T08:15:00Z"},
        {"2026-11-20T08:15:00.123456Z", "2026-11-20T08:15:00.123Z"},
        {"2026-11-20T08:15:00+0000", "2026-11-20T08:15:00Z"},
        {"2026-11-20T08:15:00+05:30", "2026-11-20T02:45:00Z"},
        {"2026-11-20 08:15:00 +02", "2026-11-20T06:15:00Z"},
        {"2026-11-20 08:15", "2026-11-20T08:15:00Z"},
        {"2026-11-20", "2026-11-20T00:00:00Z"},
        {"20.11.2026", ""},
        {"2026-11-20T", ""},
        {"2026-11-20T08", ""},
        {"2026-11-20T08:15:61Z", ""},
        {"2026-11-20T08:15:00ZZ", ""},
        {"0000-01-01T00:00:00Z", ""},
    }));
    DYNAMIC_SECTION(c.text) {
        CHECK(in_zone(parse_iso(c.text)) == c.expected);
    }
}

TEST_CASE("a format that cannot tell a date is a problem at once") {
    CHECK(format_problem("%y%m%d").empty());
    CHECK(format_problem("%m/%d/%Y %I:%M %p").empty());
    CHECK(format_problem("%F").empty());
    CHECK(format_problem("%Y-%j").empty());
    CHECK(format_problem("%Y-%m-%Q") == "has the unknown directive %Q");
    CHECK(format_problem("%Y-%m-%d%") == "ends in a lone %");
    CHECK(format_problem("%H:%M") == "does not name a whole date (year, month and day)");
    CHECK(format_problem("%Y-%m") == "does not name a whole date (year, month and day)");
    CHECK(format_problem("%F %I:%M") == "needs %I and %p together");
    CHECK(format_problem("%F %H:%M %p") == "needs %I and %p together");
}
