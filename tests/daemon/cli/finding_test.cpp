// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

#include <csignal>

using namespace nudged::tests;
using Catch::Contains;

namespace {

/// The id of the first finding that is open; empty while there is none.
std::string first_open(const Site& site) {
    rapidjson::Document list;
    const auto text = site.nudged({"finding", "list", "--team", "Outbound", "--json"}).output;
    list.Parse(text.c_str());
    if (!list.IsArray() || list.Empty()) return {};
    return list[0]["id"].GetString();
}

}  // namespace

TEST_CASE(
    "findings are answered beside the daemon and without it, and their history says by whom") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/nobody");
    std::string id;
    {
        auto daemon = site.start_daemon();
        REQUIRE(eventually([&] { return !first_open(site).empty(); }));
        id = first_open(site);
        const auto acknowledged =
            site.nudged({"finding", "ack", id, "--by", "max@example.com", "--note", "on it"});
        CHECK(acknowledged.status == 0);
        CHECK_THAT(acknowledged.output, Contains("is acknowledged"));
        daemon.signal(SIGTERM);
        CHECK(daemon.wait() == 0);
    }
    CHECK_THAT(site.nudged({"finding", "list"}).output,
               Contains("acknowledged by max@example.com"));
    const auto dismissed = site.nudged({"finding", "dismiss", id, "--reason", "knwon"});
    CHECK(dismissed.status == 1);
    CHECK_THAT(dismissed.output, Contains("did you mean known?"));
    const auto past = site.nudged({"finding", "snooze", id, "--until", "2020-01-01"});
    CHECK(past.status == 1);
    CHECK_THAT(past.output, Contains("is not after today"));
    CHECK(site.nudged({"finding", "snooze", id, "--until", "2099-01-01"}).status == 0);
    CHECK_THAT(site.nudged({"finding", "list"}).output, Contains("snoozed until 2099-01-01 by "));
    CHECK(site.nudged({"finding", "reopen", id}).status == 0);
    CHECK(site.nudged({"finding", "reopen", id}).status == 1);
    const auto history = site.nudged({"finding", "history", id}).output;
    for (const auto* word :
         {"opened", "acknowledged", "max@example.com", "on it", "snoozed", "taken_back"})
        CHECK_THAT(history, Contains(word));
    CHECK(site.nudged({"finding", "ack", "ffffffff"}).status == 1);
}

TEST_CASE("a route can be asked for, a team goes live by command, and a dispute is kept") {
    const Crm crm({"--seed", "7"});
    const Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/nobody");
    const auto file = site.folder().file("nudged.toml");
    auto text = read_file(file);
    text.replace(text.find("shadow = false"), 14, "shadow = true");
    site.folder().write("nudged.toml", text);
    std::string id;
    {
        auto daemon = site.start_daemon();
        REQUIRE(eventually([&] { return !first_open(site).empty(); }));
        id = first_open(site);
        CHECK_THAT(site.nudged({"status"}).output,
                   Contains("team Outbound is in shadow since") &&
                       Contains("nobody is told, as there is no admin_channel") &&
                       !Contains("check opp.idle is in shadow"));
        const auto unheard = site.nudged({"status"});
        CHECK(unheard.status == 1);
        CHECK_THAT(unheard.output,
                   Contains("team Outbound is in shadow and there is no admin_channel") &&
                       Contains("nudged go-live \"Outbound\""));
        const auto shadowed = site.nudged({"route", "--finding", id});
        CHECK(shadowed.status == 0);
        CHECK_THAT(shadowed.output,
                   Contains("shadow") && Contains("is in shadow, so that the admin"));
        CHECK_THAT(site.nudged({"explain", id}).output,
                   Contains("is in shadow, so that the admin"));
        const auto typo = site.nudged({"go-live", "Outbond"});
        CHECK(typo.status == 1);
        CHECK_THAT(typo.output, Contains("did you mean \"Outbound\"?"));
        CHECK(site.nudged({"go-live", "Outbound"}).status == 0);
        CHECK_THAT(site.nudged({"go-live", "Outbound"}).output, Contains("is live already"));
        CHECK_THAT(site.nudged({"status"}).output, !Contains("in shadow"));
        daemon.signal(SIGTERM);
        CHECK(daemon.wait() == 0);
    }
    CHECK_THAT(site.nudged({"route", "--finding", id}).output,
               Contains("manager") && Contains("mara.voss@kestrel.example") &&
                   Contains("by managers"));
    const auto all = site.nudged({"route", "--dry-run"});
    CHECK(all.status == 0);
    CHECK_THAT(all.output, Contains(" findings.") && Contains("manager mara.voss@kestrel.example"));
    CHECK(site.nudged({"route"}).status == 64);
    CHECK(site.nudged({"finding", "dispute", id}).status == 64);
    CHECK(site.nudged({"finding", "dispute", id, "--reason", "we met", "--by", "ana"}).status == 0);
    CHECK_THAT(site.nudged({"route", "--finding", id}).output,
               Contains("stopped") && Contains("disputed on") && Contains("by ana"));
    CHECK_THAT(site.nudged({"outbox", "list"}).output, Contains("managers"));
    CHECK(site.nudged({"outbox", "replay", "1"}).status == 1);
    CHECK(site.nudged({"checks", "precision"}).status == 0);
}
