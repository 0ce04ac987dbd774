// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using Catch::Contains;
using tests::Site;

namespace {

constexpr const char* teams = R"([[team]]
name = "East"
manager = "dana@example.com"
channel = "dana"
holiday_file = "holidays/us.ics"
coaching = { one_on_one_days = 14 }
[[team.member]]
email = "ana@example.com"
away_file = "holidays/us.ics"
)";

std::string calendar(const std::string& start) {
    return "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + start + "\nEND:VEVENT\nEND:VCALENDAR\n";
}

}  // namespace

TEST_CASE("holidays and time off are read from iCalendar files beside the configuration") {
    Site site;
    site.write("teams.toml", teams);
    site.write("holidays/us.ics", calendar("DTSTART;VALUE=DATE:20261126"));
    const auto config = site.good();
    const auto& team = config.roster.teams.at(0);
    const std::set<std::chrono::local_days> thanksgiving{*parse_date("2026-11-26")};
    CHECK(team.holiday_file.days == thanksgiving);
    CHECK(team.members.at(0).away_file.days == thanksgiving);
    CHECK(team.coaching.one_on_one_days == 14);
    CHECK_THAT(config::show(config),
               Contains("holiday_file = \"holidays/us.ics\"") && Contains("one_on_one_days = 14"));
}

TEST_CASE("what is wrong with an iCalendar file is told at its line, a missing one at its key") {
    Site site;
    site.write("teams.toml", teams);
    CHECK_THAT(site.load().problems.str(),
               Contains("teams.toml:5:16: \"holiday_file\" names no file that can be read: "
                        "holidays/us.ics"));
    site.write("holidays/us.ics", calendar("DTSTART:20261126T090000Z"));
    CHECK_THAT(site.load().problems.str(), Contains("holidays/us.ics:3: DTSTART is no whole day"));
}
