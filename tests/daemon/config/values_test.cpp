// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace nudged;
using namespace std::chrono_literals;
using std::chrono::local_days;
using tests::Site;

TEST_CASE("what files do not say keeps its default") {
    const auto config = Site{}.good();
    CHECK(config.checks.opp_stalled.multiple == Approx(2.0));
    CHECK(config.alerts.digest.at == 8h);
    CHECK(config.web.port == 9464);
    CHECK(config.sources.at(0).poll == 5min);
    CHECK(config.checks.kpis.at(0).unit == "count");
    CHECK(config.roster.teams.at(0).work_week.to_string() == "0011111");
}

TEST_CASE(
    "what cannot be sent is given up when its channel says, else nudged.toml, else its kind") {
    Site site;
    const std::string hook = "[channel]\nname = \"hook\"\nkind = \"webhook\"\n"
                             "url = { env = \"NUDGED_TEST_URL\" }\n"
                             "secret = { env = \"NUDGED_TEST_KEY\" }\n";
    ::setenv("NUDGED_TEST_URL", "https://hooks.example.com/x", 1);
    ::setenv("NUDGED_TEST_KEY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1);
    site.write("channels.d/hook.toml", hook);
    auto config = site.good();
    CHECK(config.alerts.expiry_of("hook") == 76h);
    CHECK(config.alerts.expiry_of("dana") == 24h);
    CHECK(config.alerts.expiry_of("removed since") == 24h);
    site.write("channels.d/hook.toml", hook + "expires_after = \"5h\"\n");
    site.write("nudged.toml", "state_dir = \"state\"\n[alerts]\nexpires_after = \"2d\"\n");
    config = site.good();
    CHECK(config.alerts.expiry_of("hook") == 5h);
    CHECK(config.alerts.expiry_of("dana") == 48h);
}

TEST_CASE("nudged.toml sets what it names") {
    Site site;
    site.write("nudged.toml", R"(state_dir = "state"
evaluate_every = "1h30m"
[log]
level = "warning"
format = "json"
[digest]
at = "07:45"
every_day = true
max_items = 5
[alerts]
expires_after = "2d"
reopen_days = 3
[web]
port = 0
address = "::1"
)");
    const auto config = site.good();
    CHECK(config.daemon.evaluate_every == 90min);
    CHECK(config.daemon.log_level == Level::warning);
    CHECK(config.daemon.log_format == "json");
    CHECK(config.alerts.digest.at == 7h + 45min);
    CHECK(config.alerts.digest.every_day);
    CHECK(config.alerts.digest.max_items == 5);
    CHECK(config.alerts.digest.max_per_rep == 2);
    CHECK(config.alerts.expires_after == 48h);
    CHECK(config.alerts.expiry_of("dana") == 48h);
    CHECK(config.alerts.reopen_days == 3);
    CHECK(config.web.port == 0);
    CHECK(config.web.address == "::1");
}

TEST_CASE("a team's members carry addresses, users, zones, dates and time off") {
    Site site;
    site.write("teams.toml", R"([[team]]
name = "Mid-Market East"
manager = { name = "Dana Ruiz", email = "Dana.Ruiz@Example.com" }
zone = "America/New_York"
channel = "dana"
work_week = ["sun", "mon", "tue", "wed", "thu"]
holidays = [2026-12-25, "2027-01-01"]

[[team.member]]
name = "Ana"
emails = ["Ana@Example.com", "ana@example.org"]
users = ["exports/48/7"]
zone = "America/Chicago"
from = 2026-03-02
until = 2027-07-01
away = [{ from = 2026-12-21, to = 2026-12-23 }, { from = 2026-12-04, to = 2026-12-04, share = 0.5 }]
holidays = [2026-11-27]

[[team.member]]
email = "ben@example.com"
)");
    const auto config = site.good();
    const auto& team = config.roster.teams.at(0);
    CHECK(team.manager.name == "Dana Ruiz");
    CHECK(team.manager.emails == std::vector<std::string>{"dana.ruiz@example.com"});
    CHECK(team.zone.name() == "America/New_York");
    CHECK(team.work_week.to_string() == "1001111");  // bit 0 is Monday, bit 6 Sunday
    CHECK(team.holidays == std::set{local_days{2026y / 12 / 25}, local_days{2027y / 1 / 1}});
    REQUIRE(team.members.size() == 2);

    const auto& ana = team.members[0];
    CHECK(ana.emails == std::vector<std::string>{"ana@example.com", "ana@example.org"});
    CHECK(ana.users.at(0).source == "exports");
    CHECK(ana.users.at(0).user == "48/7");
    CHECK(ana.zone->name() == "America/Chicago");
    CHECK(ana.from == local_days{2026y / 3 / 2});
    CHECK(ana.until == local_days{2027y / 7 / 1});
    CHECK(ana.away == std::map<local_days, double>{{local_days{2026y / 12 / 4}, 0.5},
                                                   {local_days{2026y / 12 / 21}, 1},
                                                   {local_days{2026y / 12 / 22}, 1},
                                                   {local_days{2026y / 12 / 23}, 1}});
    CHECK(ana.holidays == std::set{local_days{2026y / 11 / 27}});
    CHECK(ana.place.str() == "teams.toml:9:1");
    CHECK(team.members[1].emails == std::vector<std::string>{"ben@example.com"});
    CHECK_FALSE(team.members[1].zone.has_value());
}

TEST_CASE("a KPI's targets are everybody's, and those of teams") {
    Site site;
    site.write("kpis.toml", R"([[kpi]]
name = "dials"
measure = "dials"
target = 90
why = "Meetings begin with calls."
targets = { East = 75.5 }
)");
    CHECK(site.good().checks.kpis.at(0).targets ==
          std::map<std::string, double>{{"", 90}, {"East", 75.5}});
}

TEST_CASE("a KPI's targets may have their days, and their rep, role or team") {
    Site site;
    site.write("kpis.toml", R"(ramp = [0.5, 1]
[funnel]
quota = 260000
steps = ["wins", "dials"]
[[role]]
name = "sdr"
ramp = [0, 1]
[[kpi]]
name = "win_rate"
ratio = { of = "wins", by = ["wins", "losses"] }
lower_is_better = true
why = "Meetings begin with calls."
[[kpi.target]]
value = 0.3
[[kpi.target]]
from = 2026-07-01
value = 0.25
team = "East"
[[kpi.target]]
value = 0.4
rep = "ana@example.com"
)");
    const auto checks = site.good().checks;
    CHECK(checks.ramp == std::vector<double>{0.5, 1});
    CHECK(checks.roles.at(0).name == "sdr");
    CHECK(checks.funnel.quota == 260'000);
    CHECK(checks.funnel.steps == std::vector<std::string>{"wins", "dials"});
    const auto& kpi = checks.kpis.at(0);
    CHECK(kpi.lower_is_better);
    REQUIRE(kpi.ratio);
    CHECK(kpi.ratio->of == "wins");
    CHECK(kpi.ratio->by == std::vector<std::string>{"wins", "losses"});
    REQUIRE(kpi.dated_targets.size() == 3);
    CHECK_FALSE(kpi.dated_targets[0].from);
    CHECK(kpi.dated_targets[1].from == local_days{2026y / 7 / 1});
    CHECK(kpi.dated_targets[1].team == "East");
    CHECK(kpi.dated_targets[2].rep == "ana@example.com");
}

TEST_CASE("a field of a table is a column, some columns, or a table") {
    Site site;
    site.write("sources.d/calls.csv", "agent;start;team;title;comment;result\n");
    site.write("sources.d/exports.toml", R"([source]
name = "exports"
connector = "csv"
poll = "90s"
zone = "Europe/Berlin"

[[source.table]]
file = "calls.csv"
entity = "call"
delimiter = ";"
complete = true
id = { join = "{agent}/{start}" }
where = [{ column = "team", in = ["sales"] }]

[source.table.map]
owner = "agent"
subject = ["title", "comment"]
started_at = { from = ["start"], format = "%d.%m.%Y", zone = "Europe/Paris" }
direction = { constant = "outbound" }
outcome = { from = ["result"], values = { ok = "connected" }, otherwise = "other" }
)");
    const auto config = site.good();
    const auto& source = config.sources.at(0);
    CHECK(source.poll == 90s);
    CHECK(source.zone.name() == "Europe/Berlin");
    CHECK(source.place.str() == "sources.d/exports.toml:1:1");
    const auto& table = std::get<sources::CsvSourceOptions>(source.connector_options).tables.at(0);
    CHECK(table.delimiter == ';');
    CHECK(table.complete);
    CHECK(table.id.join == "{agent}/{start}");
    CHECK(table.modified.from.empty());
    CHECK(table.where.at(0).in == std::vector<std::string>{"sales"});
    CHECK(table.map.at("owner").from == std::vector<std::string>{"agent"});
    CHECK(table.map.at("owner").place.str() == "sources.d/exports.toml:16:9");
    CHECK(table.map.at("subject").from == std::vector<std::string>{"title", "comment"});
    CHECK(table.map.at("started_at").format == "%d.%m.%Y");
    CHECK(table.map.at("direction").constant == "outbound");
    CHECK(table.map.at("outcome").values.at("ok") == "connected");
    CHECK(table.map.at("outcome").otherwise == "other");
}
