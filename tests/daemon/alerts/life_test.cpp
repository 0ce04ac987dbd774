// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/alerts/desk.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using std::chrono::days;
using warehouse::Severity;

TEST_CASE("a finding opens, goes on while it is found, and is resolved when it is gone") {
    Desk desk;
    desk.found("opp.idle", "acme", "ana");
    CHECK(desk.apply(monday).opened == 1);
    CHECK(desk.state_of("opp.idle", "acme") == "open 1");

    desk.evaluation.findings[0].summary = "No next step for 6 working days.";
    CHECK(desk.apply(monday + days{1}).kept == 1);
    const auto live = warehouse::read_live_findings(desk.world.database());
    REQUIRE(live.size() == 1);
    CHECK(live[0].finding.summary == "No next step for 6 working days.");
    CHECK(live[0].episode.opened_at == monday);
    CHECK(live[0].episode.seen_at == monday + days{1});

    desk.evaluation.findings.clear();
    CHECK(desk.apply(monday + days{2}).resolved == 1);
    CHECK(desk.state_of("opp.idle", "acme") == "resolved 1");
    CHECK(desk.live().empty());
}

TEST_CASE(
    "who has left has no open findings, though their check is held, and nobody settled them") {
    Desk desk;
    auto& finding = desk.found("opp.idle", "acme", "ana");
    const auto fingerprint = finding.fingerprint();
    const auto owner = finding.owner;
    desk.apply(monday);
    const auto live = warehouse::read_live_findings(desk.world.database());
    REQUIRE(live.size() == 1);
    warehouse::mark_notified(desk.world.database(), std::vector{live[0].episode.id}, monday);
    desk.evaluation.findings.clear();
    desk.evaluation.held.push_back({"opp.idle", "", "crm is behind"});
    CHECK(desk.apply(monday + days{1}).held == 1);
    desk.evaluation.departed[owner] = day(std::chrono::year{2026} / 11 / 16);
    CHECK(desk.apply(monday + days{2}).resolved == 1);
    CHECK(desk.live().empty());
    const auto reader = desk.world.reader();
    CHECK(warehouse::read_finding_events(reader, fingerprint).back().note ==
          "left the team on 2026-11-16");
    CHECK(warehouse::read_unsettled(reader, "North", monday).empty());
}

TEST_CASE("a customer's trouble outlives the rep who has left, and is told as settled") {
    Desk desk;
    auto& finding = desk.found("esc.open", "acme", "ana");
    const auto fingerprint = finding.fingerprint();
    const auto owner = finding.owner;
    desk.apply(monday);
    const auto live = warehouse::read_live_findings(desk.world.database());
    REQUIRE(live.size() == 1);
    warehouse::mark_notified(desk.world.database(), std::vector{live[0].episode.id}, monday);
    desk.evaluation.departed[owner] = day(std::chrono::year{2026} / 11 / 16);
    CHECK(desk.apply(monday + days{1}).kept == 1);
    desk.evaluation.findings.clear();
    desk.evaluation.held.push_back({"esc.open", "", "crm is behind"});
    CHECK(desk.apply(monday + days{2}).held == 1);
    desk.evaluation.held.clear();
    CHECK(desk.apply(monday + days{3}).resolved == 1);
    const auto reader = desk.world.reader();
    CHECK(warehouse::read_finding_events(reader, fingerprint).back().note.empty());
    CHECK(warehouse::read_unsettled(reader, "North", monday).size() == 1);
}

TEST_CASE("a finding is stored whole") {
    Desk desk;
    auto& finding = desk.found("opp.idle", "acme", "ana", Severity::high);
    finding.aspect = "dials";
    finding.evidence = {{"last \"touch\"", "2026-11-13\n<b>", "https://crm.example/7"},
                        {"", "", ""}};
    desk.apply();
    const auto live = warehouse::read_live_findings(desk.world.database());
    REQUIRE(live.size() == 1);
    const auto& stored = live[0].finding;
    CHECK(live[0].fingerprint == finding.fingerprint());
    CHECK(stored.fingerprint() == finding.fingerprint());
    CHECK(stored.severity == Severity::high);
    CHECK(stored.subject.name == "acme");
    CHECK(stored.subject.url == "https://crm.example/acme");
    CHECK(stored.owner == finding.owner);
    CHECK(stored.team == "North");
    CHECK(stored.since == finding.since);
    CHECK(stored.question == finding.question);
    CHECK(stored.amount == Decimal{48'000});
    REQUIRE(stored.evidence.size() == 2);
    CHECK(stored.evidence[0].label == "last \"touch\"");
    CHECK(stored.evidence[0].value == "2026-11-13\n<b>");
    CHECK(stored.evidence[0].url == "https://crm.example/7");
}

TEST_CASE(
    "a finding that comes back within a week goes on with its episode, later it is a new one") {
    struct Case {
        const char* name;
        days away;
        const char* state;
    };
    const auto c = GENERATE(values<Case>({
        {"the next day", days{1}, "notified 1"},
        {"seven days later", days{7}, "notified 1"},
        {"eight days later", days{8}, "open 2"},
    }));
    DYNAMIC_SECTION(c.name) {
        Desk desk;
        desk.found("opp.idle", "acme", "ana");
        desk.apply();
        desk.enqueue(desk.compose());
        const auto findings = std::exchange(desk.evaluation.findings, {});
        desk.apply(monday + days{1});
        CHECK(desk.state_of("opp.idle", "acme") == "resolved 1");
        desk.evaluation.findings = findings;
        desk.apply(monday + days{1} + c.away);
        CHECK(desk.state_of("opp.idle", "acme") == c.state);
    }
}

TEST_CASE("what a held check did not find is not resolved: absence of evidence") {
    struct Case {
        const char* name;
        checks::Held held;
        const char* state;
    };
    const auto c = GENERATE(values<Case>({
        {"its check, for its source", {"opp.idle", "crm", "crm is behind"}, "open 1"},
        {"its check altogether", {"opp.idle", "", "no history"}, "open 1"},
        {"its check, for another source", {"opp.idle", "csv", "csv is behind"}, "resolved 1"},
        {"another check", {"opp.stalled", "crm", "crm is behind"}, "resolved 1"},
    }));
    DYNAMIC_SECTION(c.name) {
        Desk desk;
        desk.found("opp.idle", "acme", "ana");
        desk.apply();
        desk.evaluation.findings.clear();
        desk.evaluation.held = {c.held};
        desk.apply(monday + days{1});
        CHECK(desk.state_of("opp.idle", "acme") == c.state);
    }
}

TEST_CASE("what is about a person stays while any source of its check is behind") {
    Desk desk;
    desk.praise("ana", "Dials rose.");
    desk.apply();
    desk.evaluation.findings.clear();
    desk.evaluation.held = {{"kpi.attainment", "crm", "crm is behind"}};
    CHECK(desk.apply(monday + days{1}).held == 1);
}

TEST_CASE("the same finding twice in one evaluation is one") {
    Desk desk;
    desk.found("opp.idle", "acme", "ana");
    desk.found("opp.idle", "acme", "ana");
    CHECK(desk.apply().opened == 1);
    CHECK(desk.apply().kept == 1);
    CHECK(desk.live() == std::vector<std::string>{"opp.idle acme"});
}

TEST_CASE("findings are read by severity, then amount, then age") {
    Desk desk;
    desk.found("opp.idle", "small", "ana").amount = Decimal{900};
    desk.found("opp.idle", "none", "ana").amount.reset();
    desk.found("opp.idle", "large", "ana").amount = Decimal{10'000};
    desk.found("opp.idle", "urgent", "ana", Severity::high).amount = Decimal{1};
    desk.found("opp.idle", "older", "ana").amount = Decimal{900};
    desk.evaluation.findings.back().since -= days{1};
    desk.apply();
    CHECK(desk.live() == std::vector<std::string>{"opp.idle urgent", "opp.idle large",
                                                  "opp.idle older", "opp.idle small",
                                                  "opp.idle none"});
}

TEST_CASE("a finding is found again by the beginning of its fingerprint, with its episodes") {
    Desk desk;
    const auto fingerprint = desk.found("opp.idle", "acme", "ana").fingerprint();
    desk.apply();
    desk.evaluation.findings.clear();
    desk.apply(monday + days{1});
    desk.found("opp.idle", "acme", "ana");
    desk.apply(monday + days{30});
    const auto reader = desk.world.reader();
    const auto found = warehouse::read_findings(reader, fingerprint.substr(0, 10));
    REQUIRE(found.size() == 1);
    CHECK(found[0].episode.number == 2);
    CHECK(warehouse::read_findings(reader, "%").empty());
    const auto episodes = warehouse::read_episodes(reader, fingerprint);
    REQUIRE(episodes.size() == 2);
    CHECK(episodes[0].resolved_at == monday + days{1});
    CHECK_FALSE(episodes[1].resolved_at);
}

namespace {

std::vector<std::string> history_of(Desk& desk, const std::string& fingerprint) {
    std::vector<std::string> what;
    const auto reader = desk.world.reader();
    for (const auto& event : warehouse::read_finding_events(reader, fingerprint))
        what.push_back(event.what);
    return what;
}

warehouse::FindingId live_id(Desk& desk) {
    return warehouse::read_live_findings(desk.world.database()).at(0).episode.id;
}

}  // namespace

TEST_CASE("all that happens to a finding is written down, with what caused it") {
    Desk desk;
    const auto fingerprint = desk.found("opp.idle", "acme", "ana").fingerprint();
    desk.apply();
    desk.enqueue(desk.compose());
    desk.evaluation.findings[0].severity = Severity::high;
    desk.apply(monday + days{1});
    desk.enqueue(desk.compose(monday + days{1}), monday + days{1});
    const auto findings = std::exchange(desk.evaluation.findings, {});
    desk.apply(monday + days{2});
    desk.evaluation.findings = findings;
    desk.apply(monday + days{3});
    CHECK(history_of(desk, fingerprint) ==
          std::vector<std::string>{"opened", "told", "worsened", "resolved", "reopened"});
    const auto reader = desk.world.reader();
    const auto events = warehouse::read_finding_events(reader, fingerprint);
    const auto due = alerts::digest_of(desk.team(), desk.options.digest,
                                       std::chrono::local_days{std::chrono::year{2026} / 11 / 23});
    CHECK(events.at(1).note == due.key);
    CHECK(events.at(1).at == monday);
}

TEST_CASE("a dismissal goes on in the next episode, an acknowledgement ends with its own") {
    const auto kind =
        GENERATE(warehouse::AnswerKind::dismissed, warehouse::AnswerKind::acknowledged);
    Desk desk;
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    const auto stored = warehouse::read_live_findings(desk.world.database()).at(0);
    warehouse::save_answer(desk.world.database(), stored.episode.id,
                           {.kind = kind,
                            .reason = "known",
                            .facts = facts_of(stored.finding, monday),
                            .at = monday,
                            .by = "max@example.com"});
    const auto findings = std::exchange(desk.evaluation.findings, {});
    desk.apply(monday + days{1});
    desk.evaluation.findings = findings;
    desk.apply(monday + days{20});
    CHECK(desk.state_of("opp.idle", "acme") == "open 2");
    const bool is_answered =
        warehouse::read_answer(desk.world.database(), live_id(desk)).has_value();
    CHECK(is_answered == (kind == warehouse::AnswerKind::dismissed));
    CHECK(desk.compose(monday + days{20}).has_news != is_answered);
}

TEST_CASE("what was told and has gone is told once as settled") {
    Desk desk;
    desk.found("opp.idle", "acme", "ana");
    desk.found("opp.idle", "bolt", "ana");
    desk.apply();
    desk.enqueue(desk.compose());
    desk.evaluation.findings.erase(desk.evaluation.findings.begin());
    desk.apply(monday + days{1});
    const auto digest = desk.compose(monday + days{1});
    const auto& section = digest.message.sections.back();
    CHECK(section.heading == "Settled");
    CHECK(section.text == "1 since the last digest: acme.");
    CHECK_FALSE(digest.has_news);  // that alone makes no digest
    desk.evaluation.findings.push_back(desk.found("opp.idle", "cask", "ben"));
    desk.apply(monday + days{1});
    desk.enqueue(desk.compose(monday + days{1}), monday + days{1});
    CHECK(desk.compose(monday + days{2}).message.sections.back().heading != "Settled");
}

TEST_CASE("what comes and goes within a rule's hold was never away, and is told once") {
    Desk desk;
    desk.options.routing.rules.push_back({.checks = {"opp.*"}, .hold = std::chrono::hours{24}});
    auto& fingerprint = desk.found("opp.idle", "acme", "ana");
    const auto id = fingerprint.fingerprint();
    desk.apply();
    desk.enqueue(desk.compose());
    const auto findings = desk.evaluation.findings;
    // Every hour it is gone, and back the hour after.
    for (int hour = 1; hour <= 20; ++hour) {
        desk.evaluation.findings = hour % 2 == 0 ? findings : warehouse::Findings{};
        desk.apply(monday + std::chrono::hours{hour});
    }
    CHECK(history_of(desk, id) == std::vector<std::string>{"opened", "told"});
    CHECK_FALSE(desk.compose(monday + days{1}).has_news);
    // It was seen last after 20 hours: 43 hours in it is still held, 44 hours in it is over.
    desk.evaluation.findings.clear();
    desk.apply(monday + std::chrono::hours{43});
    CHECK(desk.state_of("opp.idle", "acme") == "notified 1");
    desk.apply(monday + std::chrono::hours{44});
    CHECK(desk.state_of("opp.idle", "acme") == "resolved 1");
}

TEST_CASE("the first digest of a team sums up what had gathered, and tells it once") {
    Desk desk;
    for (int i = 0; i < 30; ++i)
        desk.found(i % 3 == 0 ? "opp.past_close" : "opp.idle", fmt::format("deal {}", i),
                   i % 2 == 0 ? "ana" : "ben");
    desk.apply();
    const auto first = desk.compose();
    const auto& sections = first.message.sections;
    const auto backlog = std::find_if(sections.begin(), sections.end(), [](const auto& section) {
        return section.heading == "What had gathered before";
    });
    REQUIRE(backlog != sections.end());
    // 10 of 30 have a number that three divides.
    CHECK(backlog->rows == std::vector<std::vector<std::string>>{{"opp.idle", "20", "2"},
                                                                 {"opp.past_close", "10", "2"}});
    CHECK(first.told.size() == 30);
    desk.enqueue(first);
    CHECK_FALSE(desk.compose(monday + days{1}).has_news);
}
