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
