// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/zone_period.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;
using std::chrono::local_days;

namespace {

Instant at(const char* text) {
    return parse_instant(text).value();
}

}  // namespace

TEST_CASE("zones are found by their IANA names only") {
    CHECK(Zone::find("Europe/Berlin")->name() == "Europe/Berlin");
    CHECK(Zone::find("America/Los_Angeles").has_value());
    for (const auto* name : {"", "Europe/Berlim", "europe/berlin", "../../etc/passwd",
                             "/etc/passwd", "Europe", "Europe/Berlin "}) {
        CAPTURE(name);
        CHECK_FALSE(Zone::find(name).has_value());
    }
    CHECK(Zone::find("UTC") == Zone::utc());
}

TEST_CASE("a call late on Sunday in Los Angeles belongs to Sunday, though it is Monday in UTC") {
    const auto call = at("2026-11-23T07:30:00Z");  // PST is UTC-8: Sunday 22 November, 23:30
    CHECK(Zone::find("America/Los_Angeles")->local_day(call) == local_days{2026y / 11 / 22});
    CHECK(Zone::utc().local_day(call) == local_days{2026y / 11 / 23});
}

TEST_CASE("clocks that are set forward skip an hour and clocks that are set back repeat one") {
    const auto berlin = Zone::find("Europe/Berlin").value();
    const local_days forward{2026y / 3 / 29};  // 02:00 becomes 03:00 at 01:00 UTC
    const local_days back{2026y / 10 / 25};    // 03:00 becomes 02:00 at 01:00 UTC

    CHECK(berlin.local_time(at("2026-03-29T00:59:59Z")) == LocalTime{forward + 1h + 59min + 59s});
    CHECK(berlin.local_time(at("2026-03-29T01:00:00Z")) == LocalTime{forward + 3h});
    CHECK(berlin.local_time(at("2026-10-25T00:30:00Z")) == LocalTime{back + 2h + 30min});
    CHECK(berlin.local_time(at("2026-10-25T01:30:00Z")) == LocalTime{back + 2h + 30min});

    CHECK(berlin.instant(LocalTime{forward + 2h + 30min}) == at("2026-03-29T01:00:00Z"));
    CHECK(berlin.instant(LocalTime{forward + 3h}) == at("2026-03-29T01:00:00Z"));
    CHECK(berlin.instant(LocalTime{back + 2h + 30min}) == at("2026-10-25T00:30:00Z"));
    CHECK(berlin.instant(LocalTime{back + 3h}) == at("2026-10-25T02:00:00Z"));
}

TEST_CASE("a local day is as long as its clocks make it") {
    const auto berlin = Zone::find("Europe/Berlin").value();
    const auto length = [&](local_days day) {
        return berlin.instant(LocalTime{day + 24h}) - berlin.instant(LocalTime{day + 0h});
    };
    CHECK(length(local_days{2026y / 3 / 29}) == 23h);
    CHECK(length(local_days{2026y / 10 / 25}) == 25h);
    CHECK(length(local_days{2026y / 11 / 20}) == 24h);
}

TEST_CASE("a zone that skipped a whole day has no such day") {
    const auto apia = Zone::find("Pacific/Apia").value();  // 30 December 2011 did not happen
    CHECK(apia.local_day(at("2011-12-30T09:59:59Z")) == local_days{2011y / 12 / 29});
    CHECK(apia.local_day(at("2011-12-30T10:00:00Z")) == local_days{2011y / 12 / 31});
}

TEST_CASE("a period goes from one change of clocks to the next") {
    const auto berlin = Zone::find("Europe/Berlin").value();
    const auto summer = period_of(berlin, at("2026-07-01T00:00:00Z"));
    CHECK(summer.from == at("2026-03-29T01:00:00Z"));
    CHECK(summer.until == at("2026-10-25T01:00:00Z"));
    CHECK(summer.offset == 2h);
    CHECK(summer.contains(at("2026-03-29T01:00:00Z")));
    CHECK_FALSE(summer.contains(at("2026-10-25T01:00:00Z")));
    const auto always = period_of(Zone::utc(), at("2026-07-01T00:00:00Z"));
    CHECK(always.offset == 0h);
    CHECK(always.contains(at("0003-01-01T00:00:00Z")));
    CHECK(always.contains(at("9997-01-01T00:00:00Z")));
}
