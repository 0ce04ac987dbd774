// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/shown_time.hpp"
#include "tests/daemon/cli/site.hpp"
#include "tests/support/time_zone.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using tests::TimeZone;

TEST_CASE("people are shown times in their own zone, by its abbreviation") {
    struct Case {
        const char* zone;
        const char* instant;
        const char* shown;
    };
    const auto c = GENERATE(values<Case>({
        {"Europe/Berlin", "2026-11-20T08:15:00.250Z", "2026-11-20 09:15:00 CET"},
        {"Europe/Berlin", "2026-07-01T22:30:00Z", "2026-07-02 00:30:00 CEST"},
        // The hour that an autumn night has twice.
        {"Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25 02:30:00 CEST"},
        {"Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25 02:30:00 CET"},
        {":America/New_York", "2026-11-20T08:15:00Z", "2026-11-20 03:15:00 EST"},
        {"/usr/share/zoneinfo/Asia/Kolkata", "2026-11-20T20:00:00Z", "2026-11-21 01:30:00 IST"},
        {"America/Sao_Paulo", "2026-11-20T08:15:00Z", "2026-11-20 05:15:00 -03"},
        {"", "2026-11-20T08:15:00Z", "2026-11-20 08:15:00 UTC"},
        {"Nowhere/AtAll", "2026-11-20T08:15:00Z", "2026-11-20 08:15:00 UTC"},
    }));
    DYNAMIC_SECTION(c.zone << " " << c.instant) {
        const TimeZone zone(c.zone);
        CHECK(cli::shown_time(*parse_instant(c.instant)) == c.shown);
        std::string to_the_minute = c.shown;
        to_the_minute.erase(16, 3);
        CHECK(cli::shown_minute(*parse_instant(c.instant)) == to_the_minute);
    }
}

TEST_CASE("the same moment is local for people and UTC for scripts") {
    const tests::Crm crm({"--seed", "7"});
    const tests::Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/x");
    REQUIRE(site.nudged({"sync"}).status == 0);
    const TimeZone zone("Asia/Tokyo");  // nine hours ahead, all year
    const std::vector<std::string> command{"scorecard", "--as-of", "2026-11-20T20:00:00Z"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), command.begin(), command.end());
        return site.nudged(more).output;
    };
    CHECK(with({}).find("s of 2026-11-21 05:00 JST") != std::string::npos);
    CHECK(with({"--format", "long"}).find("As of 2026-11-21 05:00:00 JST\n") != std::string::npos);
    CHECK(with({"--format", "json"}).find("2026-11-20T20:00:00Z") != std::string::npos);
}
