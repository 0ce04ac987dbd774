// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/calendar.hpp"
#include "connectors/base/instant.hpp"
#include "connectors/base/zone.hpp"
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;

namespace {

constexpr const char* sheet = R"(
[source]
name = "sheet"
connector = "csv"
poll = "1h"
[[source.table]]
file = "reps.csv"
entity = "user"
id = "id"
map = { name = "name", email = "email" }
[[source.table]]
file = "dials.csv"
entity = "call"
complete = true
id = "id"
map = { owner = "rep", started_at = "at", direction = { constant = "outbound" } }
)";

constexpr const char* kpis = R"(
[[kpi]]
name = "dials"
label = "Dials"
measure = "dials"
target = 90
why = "Ninety dials a week become one deal."
)";

/// Ten dials of Ana's in each of the seven weeks before this one, on its Monday to Friday.
std::string seven_weeks(IsoWeek now) {
    std::string rows = "id,rep,at\n";
    for (int back = 7; back > 0; --back)
        for (int i = 0; i < 10; ++i)
            rows +=
                fmt::format("{}-{},u1,{}T12:{:02}:00Z\n", back, i,
                            format_date(now.plus(-back).monday() + std::chrono::days{i / 2}), i);
    return rows;
}

}  // namespace

TEST_CASE("an edit of a sheet after a week's end is shown as such") {
    const SlackReceiver slack;
    const Site site;
    site.add_team(slack.url());
    site.folder().write("kpis.toml", kpis);
    site.folder().write("sources.d/sheet.toml", sheet);
    site.folder().write("sources.d/reps.csv", "id,name,email\nu1,Ana,ana.duarte@kestrel.example\n");
    const auto now = IsoWeek::of(Zone::utc().local_day(system_now()));
    const auto dials = seven_weeks(now);
    site.folder().write("sources.d/dials.csv", dials);
    const auto edited = now.plus(-3);

    const auto daemon = site.start_daemon();
    REQUIRE(eventually([&] {
        return site.rows("SELECT count(*) > 3 FROM week_value WHERE value = 10") == "1\t\n";
    }));
    CHECK(site.rows("SELECT * FROM v_week_edit").empty());

    site.folder().write("sources.d/dials.csv", dials + fmt::format("late,u1,{}T15:00:00Z\n",
                                                                   format_date(edited.monday())));
    REQUIRE(site.nudged({"sync"}).status == 0);
    const std::string query = "SELECT email, week, measure, before, after FROM v_week_edit";
    REQUIRE(eventually([&] { return !site.rows(query).empty(); }));
    CHECK(site.rows(query) ==
          fmt::format("ana.duarte@kestrel.example\t{}\tdials\t10.0\t11.0\t\n", edited.str()));

    const auto card = site.nudged({"scorecard", "--format", "long"}).output;
    CAPTURE(card);
    CHECK(card.find(fmt::format("+ Ana Duarte {} Dials: 10 → 11, found changed 20",
                                edited.str())) != std::string::npos);
    CHECK(card.find("11+") != std::string::npos);
    const auto finding =
        site.rows("SELECT fingerprint FROM v_finding WHERE \"check\" = 'kpi.attainment'");
    REQUIRE(finding.size() > 1);
    const auto explained = site.nudged({"explain", finding.substr(0, finding.find('\t'))}).output;
    CAPTURE(explained);
    CHECK(explained.find("Changed after the week's end") != std::string::npos);
    CHECK(explained.find("10 → 11") != std::string::npos);
}
