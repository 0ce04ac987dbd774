// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/line_message.hpp"
#include "daemon/alerts/news.hpp"
#include "daemon/alerts/routing.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "tests/daemon/alerts/ways.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace nudged;
using namespace nudged::tests;
using alerts::Route;
using alerts::Stop;
using std::chrono::days;
using warehouse::AnswerKind;
using warehouse::Severity;
using State = Stop::State;
using Strings = std::vector<std::string>;

namespace {

alerts::TeamContacts north() {
    alerts::TeamContacts team;
    team.name = "North";
    return team;
}

/// The routes of a finding of ana's deal acme, 48000 worth, of opp.idle, severity attention.
Strings destinations(const std::vector<Route>& routes) {
    Desk desk;
    const auto& finding = desk.found("opp.idle", "acme", "ana");
    Strings found;
    for (const auto& to : alerts::find_destinations({{}, {}, routes}, desk.world.people(), finding))
        found.push_back(fmt::format("{} by {} ({})", to.to, to.channel, to.route));
    return found;
}

Route route(const std::string& name, const std::string& to, const std::string& channel = "") {
    Route one;
    one.name = name;
    one.to = to;
    one.channel = channel;
    return one;
}

}  // namespace

TEST_CASE("without routes a finding goes to the manager of its team, on the team's channel") {
    Ways desk;
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    CHECK(destinations({}) == Strings{"manager by  ()"});
    const auto way = desk.routed().at(0).way;
    REQUIRE(way.size() == 1);
    CHECK(way[0].line == "manager");
    CHECK(way[0].recipient == "max@example.com");
    CHECK(way[0].channel == "managers");
    CHECK(way[0].state == State::due);
    CHECK(way[0].why == "not told yet");
}

TEST_CASE("a route takes what it fits, by team, rep, check, severity and amount") {
    struct Case {
        const char* name;
        void (*change)(Route&);
        bool fits;
    };
    const auto c = GENERATE(values<Case>({
        {"everything", [](Route&) {}, true},
        {"its team",
         [](Route& one) {
             one.teams = {"South", "North"};
         },
         true},
        {"another team", [](Route& one) { one.teams = {"South"}; }, false},
        {"its rep", [](Route& one) { one.reps = {"ana@example.com"}; }, true},
        {"another rep", [](Route& one) { one.reps = {"ben@example.com"}; }, false},
        {"its check", [](Route& one) { one.checks = {"opp.idle"}; }, true},
        {"its family of checks",
         [](Route& one) {
             one.checks = {"kpi.*", "opp.*"};
         },
         true},
        {"a check that begins like it", [](Route& one) { one.checks = {"opp.id"}; }, false},
        {"its severity", [](Route& one) { one.severity_from = Severity::attention; }, true},
        {"a higher severity", [](Route& one) { one.severity_from = Severity::high; }, false},
        {"its amount", [](Route& one) { one.amount_from = Decimal{48'000}; }, true},
        {"a larger amount", [](Route& one) { one.amount_from = Decimal{48'001}; }, false},
        {"below its amount", [](Route& one) { one.amount_below = Decimal{48'000}; }, false},
        {"just above", [](Route& one) { one.amount_below = Decimal{48'001}; }, true},
    }));
    DYNAMIC_SECTION(c.name) {
        auto one = route("r", "kim@example.com", "mail");
        c.change(one);
        CHECK(destinations({one}) ==
              Strings{c.fits ? "kim@example.com by mail (r)" : "manager by  ()"});
    }
}

TEST_CASE("an inner route takes over what it leaves open; the deepest one that fits decides") {
    auto outer = route("deals", "kim@example.com", "mail");
    auto inner = route("idle", "");
    inner.checks = {"opp.idle"};
    inner.channel = "chat";
    outer.routes = {inner};
    CHECK(destinations({outer}) == Strings{"kim@example.com by chat (deals / idle)"});
    outer.routes[0].checks = {"opp.stalled"};
    CHECK(destinations({outer}) == Strings{"kim@example.com by mail (deals)"});
}

TEST_CASE("the first route that fits ends the search, unless it says to go on") {
    auto first = route("", "kim@example.com", "mail");
    const auto second = route("boss", "manager");
    CHECK(destinations({first, second}) == Strings{"kim@example.com by mail (1)"});
    first.goes_on = true;
    CHECK(destinations({first, second}) ==
          Strings{"kim@example.com by mail (1)", "manager by  (boss)"});
}

TEST_CASE("what a route sends to nobody is told to nobody, and says so") {
    Ways desk;
    desk.options.routing.routes = {route("quiet", "nobody")};
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    CHECK(desk.way() == Strings{"nobody: stopped"});
    CHECK(desk.why("nobody") == "route quiet says that nobody is told");
    CHECK(desk.lines().empty());
}

TEST_CASE("the rep hears a working day before the manager, and what is fixed by then is not told") {
    Ways desk;
    desk.options.routing.teams = {north()};
    desk.options.routing.teams[0].reps_channel = "mail";
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    CHECK(desk.way() == Strings{"rep: due", "manager: waits"});
    CHECK(desk.why("manager") == "the rep hears of it first");
    const auto messages = desk.lines();
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].to.recipient == "ana@example.com");
    CHECK(messages[0].to.channel == "mail");
    desk.send_lines();
    desk.send_digest();
    CHECK(desk.way() == Strings{"rep: told", "manager: waits"});
    CHECK(desk.state_of("opp.idle", "acme") == "open 1");
    // One message a line and day.
    CHECK_FALSE(
        alerts::enqueue_line_message(desk.world.database(), messages[0], monday, desk.options));
    const auto tuesday = monday + days{1};
    SECTION("it still holds") {
        CHECK(desk.way(tuesday) == Strings{"rep: told", "manager: due"});
    }
    SECTION("it is fixed") {
        desk.evaluation.findings.clear();
        desk.apply(tuesday);
        CHECK(desk.state_of("opp.idle", "acme") == "resolved 1");
        CHECK_FALSE(desk.compose(tuesday).has_news);
        CHECK(desk.compose(tuesday).told.empty());
    }
}

TEST_CASE("a working day is one of the rep's: told on a Friday, the manager hears on Monday") {
    Ways desk;
    desk.options.routing.teams = {north()};
    desk.options.routing.teams[0].reps_channel = "mail";
    desk.found("opp.idle", "acme", "ana");
    const auto friday = monday + days{4};
    desk.apply(friday);
    desk.send_lines(friday);
    CHECK(desk.way(friday + days{1}) == Strings{"rep: told", "manager: waits"});
    CHECK(desk.why("manager", friday + days{2}) ==
          "the rep was told on 2026-11-27, and has a working day");
    CHECK(desk.way(friday + days{3}) == Strings{"rep: told", "manager: due"});
}

TEST_CASE("nobody waits for a rep who is away, or whom no message reaches") {
    Ways desk;
    desk.options.routing.teams = {north()};
    desk.options.routing.teams[0].reps_channel = "mail";
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    SECTION("away") {
        desk.ana_away = {day(std::chrono::year{2026} / 11 / 23)};
        CHECK(desk.way() == Strings{"rep: waits", "manager: due"});
        CHECK(desk.lines().empty());
    }
    SECTION("not reached") {
        // Opened on Monday: Tuesday and Wednesday are given, on Thursday the manager hears.
        CHECK(desk.way(monday + days{2}) == Strings{"rep: due", "manager: waits"});
        CHECK(desk.way(monday + days{3}) == Strings{"rep: due", "manager: due"});
    }
}

TEST_CASE("what is the manager's own, and praise, is not for the rep") {
    Ways desk;
    desk.options.routing.teams = {north()};
    desk.options.routing.teams[0].reps_channel = "mail";
    SECTION("praise") {
        desk.praise("ana", "Four weeks on target.");
    }
    SECTION("a plan's checkpoint") {
        desk.found("plan.checkpoint", "acme", "ana");
    }
    SECTION("by a rule") {
        desk.found("opp.idle", "acme", "ana");
        desk.options.routing.rules.push_back({.checks = {"opp.*"}, .rep_first = false});
    }
    desk.apply();
    CHECK(desk.way() == Strings{"manager: due"});
}

TEST_CASE("what the manager does not answer goes to their manager after five working days") {
    Ways desk;
    desk.options.routing.teams = {north()};
    desk.options.routing.teams[0].escalate_to = {"kim@example.com", "mail"};
    desk.found("opp.idle", "acme", "ana", Severity::high);
    desk.apply();
    CHECK(desk.way() == Strings{"manager: due", "escalation: waits"});
    desk.send_digest();
    // Told on Monday the 23rd: four working days on Friday, five on Monday the 30th.
    const auto friday = monday + days{4};
    const auto next_monday = monday + days{7};
    CHECK(desk.why("escalation", friday) == "4 of 5 working days without an answer");
    CHECK(desk.way(next_monday) == Strings{"manager: told", "escalation: due"});
    SECTION("once") {
        desk.send_lines(next_monday);
        CHECK(desk.way(next_monday + days{1}) == Strings{"manager: told", "escalation: told"});
        const auto rows = warehouse::read_outbox(desk.world.reader());
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].recipient == "kim@example.com");
        CHECK(rows[0].channel == "mail");
    }
    SECTION("an answer stops it") {
        desk.answer(AnswerKind::acknowledged, friday);
        CHECK(desk.way(next_monday) == Strings{"manager: stopped", "escalation: stopped"});
        CHECK(desk.why("escalation", next_monday) ==
              "acknowledged on 2026-11-27 by max@example.com");
    }
    SECTION("less severe things are not escalated, unless a rule says when") {
        desk.evaluation.findings[0].severity = Severity::attention;
        CHECK(desk.way(next_monday) == Strings{"manager: told"});
        desk.options.routing.rules.push_back({.checks = {"opp.idle"}, .escalate_after = 6});
        CHECK(desk.why("escalation", next_monday) == "5 of 6 working days without an answer");
    }
}

TEST_CASE("while the manager is away their cover is told, or nobody") {
    Ways desk;
    desk.options.routing.teams = {north()};
    desk.manager_away = {day(std::chrono::year{2026} / 11 / 23)};
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    CHECK(desk.way() == Strings{"manager: waits"});
    CHECK(desk.why("manager") == "the manager is away, and has no cover");
    desk.options.routing.teams[0].cover = {"lee@example.com", "mail"};
    const auto stop = desk.routed().at(0).way.at(0);
    CHECK(stop.state == State::due);
    CHECK(stop.recipient == "lee@example.com");
    CHECK(stop.channel == "mail");
    CHECK(desk.routed(monday + days{1}).at(0).way.at(0).recipient == "max@example.com");
}

TEST_CASE("a team in shadow is told to the admin alone, until it goes live") {
    Ways desk;
    desk.options.routing.teams = {north()};
    desk.options.routing.teams[0].reps_channel = "mail";
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    auto& database = desk.world.database();
    warehouse::note_known(database, {"North"}, {"opp.idle"}, true, monday);
    CHECK(desk.way() == Strings{"shadow: due"});
    CHECK(desk.routed().at(0).way.at(0).channel == "admins");
    CHECK(desk.lines().empty());  // it is in the digest that the admin gets
    CHECK(warehouse::go_live(database, warehouse::ShadowKind::team, "North", "admin", monday));
    CHECK_FALSE(
        warehouse::go_live(database, warehouse::ShadowKind::team, "North", "admin", monday));
    CHECK(desk.way() == Strings{"rep: due", "manager: waits"});
}

TEST_CASE("a check that came later is told to the admin, and the others go their way") {
    Ways desk;
    auto& database = desk.world.database();
    // What is known at the very first time is live, whatever comes later begins in shadow.
    warehouse::note_known(database, {}, {"opp.idle"}, true, monday - days{30});
    warehouse::note_known(database, {}, {"opp.idle", "opp.stalled"}, true, monday);
    desk.found("opp.stalled", "acme", "ana");
    desk.found("opp.idle", "globex", "ben");
    desk.apply();
    const auto routed = desk.routed();
    CHECK(routed.at(0).way.at(0).line == "shadow");
    CHECK(routed.at(1).way.at(0).line == "manager");
    const auto messages = desk.lines();
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].to.channel == "admins");
    CHECK(messages[0].message.title == "North · checks in shadow");
    REQUIRE(messages[0].told.size() == 1);
}

TEST_CASE("a rule's grace is waited for, by everybody") {
    Ways desk;
    desk.options.routing.rules.push_back({.checks = {"opp.*"}, .teams = {"North"}, .grace = 2});
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    CHECK(desk.way() == Strings{"manager: waits"});
    CHECK(desk.why("manager") == "stands for 0 working days, told from 2 on");
    CHECK(desk.way(monday + days{1}) == Strings{"manager: waits"});
    CHECK(desk.way(monday + days{2}) == Strings{"manager: due"});
}

TEST_CASE("of several rules the last one decides, key by key") {
    alerts::AlertOptions options;
    options.routing.rules.push_back({.checks = {"opp.*"}, .grace = 2, .repeat_after = 3});
    options.routing.rules.push_back({.checks = {"opp.idle"}, .repeat_after = 0});
    options.routing.rules.push_back({.checks = {"opp.idle"}, .teams = {"South"}, .grace = 9});
    const auto timing = alerts::timing_of(options, "opp.idle", "North");
    CHECK(timing.grace == 2);
    CHECK(timing.repeat_after == 0);
    CHECK(timing.escalate_after == 5);
    CHECK(alerts::timing_of(options, "kpi.drift", "North").repeat_after == 10);
}

TEST_CASE("a message that was never delivered has told nothing") {
    Ways desk;
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    desk.send_digest();
    CHECK(desk.way() == Strings{"manager: told"});
    const auto key = warehouse::read_outbox(desk.world.reader()).at(0).key;
    CHECK(warehouse::take_back_tellings(desk.world.database(), key) == 1);
    CHECK(desk.state_of("opp.idle", "acme") == "open 1");
    CHECK(desk.way(monday + days{1}) == Strings{"manager: due"});
}

TEST_CASE("what a message that never arrived told again stays told as it was before") {
    Ways desk;
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    desk.send_digest();
    const auto key = warehouse::read_outbox(desk.world.reader()).at(0).key;
    auto& database = desk.world.database();
    const auto id = desk.routed().at(0).stored.episode.id;
    const auto tuesday = monday + days{1};
    warehouse::note_telling(database, {&id, 1}, {"manager", "managers", "max@example.com"}, tuesday,
                            "late");
    warehouse::mark_notified(database, {&id, 1}, tuesday, warehouse::FindingChange::told, "late");
    warehouse::note_finding(database, id, warehouse::FindingChange::settled, tuesday, {}, "late");
    CHECK(warehouse::take_back_tellings(database, "late") == 1);
    const auto tellings = warehouse::read_finding_tellings(database, id);
    REQUIRE(tellings.size() == 1);
    CHECK(tellings[0].last_at == monday);
    CHECK(tellings[0].message == key);
    CHECK(desk.state_of("opp.idle", "acme") == "notified 1");
    CHECK(desk.routed().at(0).stored.episode.notified_at == monday);
    CHECK(database.integer("SELECT count(*) FROM finding_event WHERE what = 'settled'") == 0);
}

TEST_CASE("quiet hours: what was missed by the evening waits for the next morning") {
    Ways desk;
    desk.options.routing.routes = {route("all", "kim@example.com", "mail")};
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    const auto at = [](int hour, int minute) {
        return tests::at(std::chrono::year{2026} / 11 / 23, hour, minute);
    };
    CHECK(desk.lines(at(7, 59)).empty());
    CHECK(desk.lines(at(17, 59)).size() == 1);
    CHECK(desk.lines(at(18, 0)).empty());
    CHECK(desk.lines(at(8, 0) + days{5}).empty());  // a Saturday
    CHECK(desk.lines(at(8, 0) + days{7}).size() == 1);
}
