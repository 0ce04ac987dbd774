// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/line_message.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "tests/daemon/alerts/ways.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace nudged;
using namespace nudged::tests;
using std::chrono::days;
using std::chrono::hours;
using warehouse::Severity;

namespace {

/// A desk where leads are told at once.
struct QuickWays : Ways {
    QuickWays() { options.routing.rules.push_back({.checks = {"lead.*"}, .at_once = true}); }
};

}  // namespace

TEST_CASE("what a rule has told at once comes in a message of its own, and in no digest after it") {
    QuickWays desk;
    desk.found("lead.untouched", "acme", "ana");
    desk.found("opp.idle", "globex", "ben");
    desk.apply();
    const auto noon = monday + hours{4};
    CHECK(desk.why("manager", noon) == "not told yet, and told at once");
    const auto messages = desk.lines(noon);
    REQUIRE(messages.size() == 1);
    const auto& message = messages[0];
    CHECK(message.at_once);
    CHECK(message.to.line == "manager");
    CHECK(message.to.recipient == "max@example.com");
    CHECK(message.to.channel == "managers");
    CHECK(message.message.kind == model::Message::Kind::nudge);
    CHECK(message.message.title == "North · just now");
    REQUIRE(message.told.size() == 1);
    desk.send_lines(noon);
    CHECK(desk.lines(noon + hours{1}).empty());
    CHECK(desk.state_of("lead.untouched", "acme") == "notified 1");
    CHECK(desk.state_of("opp.idle", "globex") == "open 1");
    const auto row = warehouse::read_outbox(desk.world.reader()).at(0);
    CHECK(row.reason == "at_once");
    auto& database = desk.world.database();
    CHECK(warehouse::count_messages(database, "managers", "max@example.com", "at_once", noon) == 1);
    CHECK(warehouse::count_messages(database, "managers", "max@example.com", "at_once",
                                    noon + hours{1}) == 0);
    CHECK(warehouse::count_messages(database, "managers", "ana@example.com", "at_once", monday) ==
          0);
}

TEST_CASE("those that are found together come in one message, and a later one in another") {
    QuickWays desk;
    desk.found("lead.untouched", "acme", "ana");
    desk.found("lead.untouched", "globex", "ana");
    desk.found("lead.untouched", "initech", "ana");
    desk.apply();
    REQUIRE(desk.lines().size() == 1);
    CHECK(desk.lines()[0].told.size() == 3);
    REQUIRE(desk.lines()[0].message.sections.size() == 1);
    CHECK(desk.lines()[0].message.sections[0].items.size() == 3);
    const auto first = desk.lines()[0].key;
    CHECK(desk.lines(monday + hours{1})[0].key == first);
    desk.send_lines();
    desk.found("lead.untouched", "umbrella", "ben");
    const auto later = monday + hours{2};
    desk.apply(later);
    REQUIRE(desk.lines(later).size() == 1);
    CHECK(desk.lines(later)[0].told.size() == 1);
    CHECK(desk.lines(later)[0].key != first);
}

TEST_CASE("what becomes worse is told at once again; what is only repeated waits for the digest") {
    QuickWays desk;
    desk.options.repeat_after = 2;
    desk.found("lead.untouched", "acme", "ana");
    desk.apply();
    desk.send_lines();
    SECTION("worse") {
        desk.evaluation.findings[0].severity = Severity::high;
        desk.apply(monday + hours{3});
        REQUIRE(desk.lines(monday + hours{3}).size() == 1);
        CHECK(desk.lines(monday + hours{3})[0].told[0].second ==
              warehouse::FindingChange::worsened);
    }
    SECTION("repeated") {
        CHECK(desk.way(monday + days{2}) == std::vector<std::string>{"manager: due"});
        CHECK(desk.lines(monday + days{2}).empty());
    }
}

TEST_CASE("nothing is told at once in quiet hours, on days off, or by a team in shadow") {
    QuickWays desk;
    desk.found("lead.untouched", "acme", "ana");
    desk.apply();
    CHECK(desk.lines(monday + hours{9}).size() == 1);
    CHECK(desk.lines(monday + hours{10}).empty());
    CHECK(desk.lines(monday + days{5}).empty());  // a Saturday
    CHECK(desk.lines(monday + days{1} - hours{1}).empty());
    SECTION("the manager is away, and their cover is not") {
        desk.options.routing.teams.emplace_back();
        desk.options.routing.teams[0].name = "North";
        desk.options.routing.teams[0].cover = {"lee@example.com", "mail"};
        desk.manager_away = {day(std::chrono::year{2026} / 11 / 23)};
        REQUIRE(desk.lines().size() == 1);
        CHECK(desk.lines()[0].to.recipient == "lee@example.com");
    }
    SECTION("the manager is away, and has no cover") {
        desk.manager_away = {day(std::chrono::year{2026} / 11 / 23)};
        CHECK(desk.lines().empty());
    }
    SECTION("its check is in shadow: the admin hears with the day's message") {
        auto& database = desk.world.database();
        warehouse::note_known(database, {}, {"opp.idle"}, true, monday - days{30});
        warehouse::note_known(database, {}, {"lead.untouched"}, true, monday);
        REQUIRE(desk.lines().size() == 1);
        CHECK(desk.lines()[0].to.line == "shadow");
        CHECK_FALSE(desk.lines()[0].at_once);
    }
    SECTION("in shadow") {
        warehouse::note_known(desk.world.database(), {"North"}, {}, true, monday);
        CHECK(desk.lines().empty());
    }
}

TEST_CASE("a rep hears at once what they are told first, beside their message of the day") {
    QuickWays desk;
    desk.options.routing.teams.emplace_back();
    desk.options.routing.teams[0].name = "North";
    desk.options.routing.teams[0].reps_channel = "mail";
    desk.found("opp.idle", "globex", "ana");
    desk.apply();
    desk.send_lines();
    desk.found("lead.untouched", "acme", "ana");
    const auto noon = monday + hours{4};
    desk.apply(noon);
    const auto messages = desk.lines(noon);
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].at_once);
    CHECK(messages[0].to.line == "rep");
    CHECK(messages[0].to.recipient == "ana@example.com");
    desk.send_lines(noon);
    CHECK(warehouse::read_outbox(desk.world.reader()).size() == 2);
}

TEST_CASE("what is too much to be told at once comes with the message of the day") {
    QuickWays desk;
    desk.options.routing.teams.emplace_back();
    desk.options.routing.teams[0].name = "North";
    desk.options.routing.teams[0].reps_channel = "mail";
    desk.found("lead.untouched", "acme", "ana");
    desk.found("opp.idle", "globex", "ana");
    desk.found("lead.untouched", "initech", "ben");
    desk.apply();
    REQUIRE(desk.lines().size() == 3);  // at once to ana and to ben, and ana's of the day
    desk.at_once_left = 0;
    const auto messages = desk.lines();
    REQUIRE(messages.size() == 2);
    CHECK_FALSE(messages[0].at_once);
    CHECK(messages[0].told.size() == 2);
    CHECK(messages[0].message.kind == model::Message::Kind::digest);
    CHECK(messages[1].told.size() == 1);
}

TEST_CASE(
    "an escalation is told whatever has been told that day, and takes nothing from the rest") {
    QuickWays desk;
    desk.options.routing.rules.push_back({.checks = {"esc.open"}, .at_once = true});
    desk.at_once_left = 0;
    desk.found("esc.open", "acme", "ana");
    desk.apply();
    const auto messages = desk.lines();
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].at_once);
    desk.send_lines(monday);
    CHECK(warehouse::read_outbox(desk.world.reader()).at(0).reason == "escalation");
}

TEST_CASE("an escalation is told beside a lead that waits, and not before the first digest") {
    QuickWays desk;
    desk.options.routing.rules.push_back({.checks = {"esc.open"}, .at_once = true});
    desk.found("lead.untouched", "globex", "ana");
    desk.found("esc.open", "acme", "ana");
    desk.apply();
    desk.at_once_left = 0;
    const auto messages = desk.lines();
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].is_escalation);
    CHECK(messages[0].told.size() == 1);
    desk.at_once_left = 1;
    CHECK(desk.lines().size() == 2);
    desk.at_once_left = std::nullopt;
    CHECK(desk.lines().empty());
}

TEST_CASE("messages of one round count, too, whatever they are to the same person") {
    QuickWays desk;
    desk.options.routing.teams.emplace_back();
    desk.options.routing.teams[0].name = "North";
    desk.options.routing.teams[0].reps_channel = "mail";
    // Ana hears as the rep, and once more by a route.
    desk.options.routing.routes.resize(2);
    desk.options.routing.routes[0].to = "ana@example.com";
    desk.options.routing.routes[0].channel = "mail";
    desk.options.routing.routes[0].goes_on = true;
    desk.options.routing.routes[1].to = "manager";
    desk.found("lead.untouched", "acme", "ana");
    desk.apply();
    const auto quick = [&] {
        const auto messages = desk.lines();
        CHECK(messages.size() == 2);
        return std::ranges::count_if(messages, [](const auto& one) { return one.at_once; });
    };
    CHECK(quick() == 2);
    desk.at_once_left = 1;
    CHECK(quick() == 1);
}
