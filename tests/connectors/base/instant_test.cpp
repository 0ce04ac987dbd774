// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/instant.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;
using std::chrono::local_days;
using std::chrono::sys_days;

TEST_CASE("an instant is read from every common form of RFC 3339") {
    const Instant quarter_past_eight = sys_days{2026y / 11 / 20} + 8h + 15min;
    struct Case {
        const char* text;
        Instant instant;
    };
    const auto c = GENERATE_COPY(values<Case>({
        {"2026-11-20T08:15:00Z", quarter_past_eight},
        {"2026-11-20t08:15:00z", quarter_past_eight},
        {"2026-11-20 08:15:00Z", quarter_past_eight},
        {"2026-11-20T08:15Z", quarter_past_eight},
        {"2026-11-20T09:15:00+01:00", quarter_past_eight},
        {"2026-11-20T09:15:00+0100", quarter_past_eight},
        {"2026-11-20T08:15:00+0000", quarter_past_eight},
        {"2026-11-19T22:45:00-09:30", quarter_past_eight},
        {"2026-11-20T08:15:00.5Z", quarter_past_eight + 500ms},
        {"2026-11-20T08:15:00.123999Z", quarter_past_eight + 123ms},
        {"2016-12-31T23:59:60Z", sys_days{2017y / 1 / 1}},  // a leap second
        {"0001-01-01T00:00:00Z", sys_days{1y / 1 / 1}},
        {"9999-12-31T23:59:59.999Z", sys_days{10000y / 1 / 1} - 1ms},
        {"1969-12-31T23:59:59.750Z", Instant{-250ms}},
    }));
    DYNAMIC_SECTION(c.text) {
        CHECK(parse_instant(c.text) == c.instant);
    }
}

TEST_CASE("what is no instant with a zone is not read as one") {
    for (const auto* text : {"",
                             "2026-11-20",
                             "2026-11-20T08:15:00",
                             "2026-02-30T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-11-20T24:00:00Z",
                             "2026-11-20T08:60:00Z",
                             "2026-11-20T08:15:61Z",
                             "2026-11-20T08:15:00.Z",
                             "2026-11-20T08:15:00Z ",
                             " 2026-11-20T08:15:00Z",
                             "2026-11-20T08:15:00+1:00",
                             "2026-11-20T08:15:00+01",
                             "2026-11-20T8:15:00Z",
                             "26-11-20T08:15:00Z",
                             "0000-01-01T00:00:00Z",
                             "0001-01-01T00:00:00+01:00",
                             "9999-12-31T23:59:59-00:01",
                             "2026-11-20T08:15:00 Z",
                             "1763626500000"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_instant(text).has_value());
    }
}

TEST_CASE("an instant is written in UTC, with milliseconds only where there are any") {
    CHECK(format_instant(sys_days{2026y / 11 / 20} + 8h + 15min) == "2026-11-20T08:15:00Z");
    CHECK(format_instant(sys_days{2026y / 11 / 20} + 7ms) == "2026-11-20T00:00:00.007Z");
    CHECK(format_instant(Instant{-250ms}) == "1969-12-31T23:59:59.750Z");
    CHECK(format_instant(sys_days{1y / 1 / 1}) == "0001-01-01T00:00:00Z");
}

TEST_CASE("epoch milliseconds and instants are the same thing") {
    CHECK(from_millis(1'000) == Instant{1s});
    CHECK(to_millis(Instant{1s}) == 1'000);
    CHECK(format_instant(from_millis(1'500'000'000'123)) == "2017-07-14T02:40:00.123Z");
}

TEST_CASE("a date is read strictly") {
    CHECK(parse_date("2026-11-20") == local_days{2026y / 11 / 20});
    CHECK(parse_date("2024-02-29") == local_days{2024y / 2 / 29});
    CHECK(format_date(local_days{2024y / 2 / 29}) == "2024-02-29");
    CHECK(format_date(local_days{800y / 12 / 25}) == "0800-12-25");
    for (const auto* text : {"", "2026-2-03", "2026-02-29", "2026-04-31", "2026-11-20T00:00:00Z",
                             "20261120", "2026/11/20", "0000-01-01", "2026-11-20 "}) {
        CAPTURE(text);
        CHECK_FALSE(parse_date(text).has_value());
    }
}
