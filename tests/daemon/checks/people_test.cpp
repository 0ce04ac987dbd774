// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

/// `stale` deals that are long idle, and `fresh` ones that have a next step.
void deals_of(Office& office, const char* owner, int stale, int fresh) {
    for (int i = 0; i < stale + fresh; ++i) {
        const auto id = fmt::format("{}-{}", owner, i);
        office.deal(id).owner(owner).amount(std::to_string(1000 * (i + 1))).currency("EUR");
        if (i >= stale)
            office.world.task("t-" + id).owner(owner).opportunity(id).due_on(day(2026y / 11 / 25));
    }
}

std::size_t count(const checks::Findings& findings, std::string_view check) {
    std::size_t found = 0;
    for (const auto& finding : findings) found += finding.check == check;
    return found;
}

}  // namespace

TEST_CASE("a large share of stale opportunities is one item that replaces the many") {
    Office office;
    deals_of(office, "ana", 4, 6);  // 40 % of 10
    deals_of(office, "bob", 3, 7);  // 30 % of 10: not more than the limit
    const auto findings = office.find("");
    CHECK(count(findings, "rep.stale_layer") == 1);
    CHECK(count(findings, "opp.idle") == 3);  // bob's
    const auto layer = office.find("rep.stale_layer").at(0);
    CHECK(layer.owner == office.world.person("ana"));
    CHECK(layer.team == "north");
    CHECK(layer.summary == "4 of 10 open opportunities (40 %) have not moved or been touched for "
                           "longer than usual.");
    CHECK(layer.amount == Decimal{10000});  // 1000 + 2000 + 3000 + 4000
    REQUIRE(layer.evidence.size() == 4);
    CHECK(layer.evidence[0].value == "10000 EUR");
    CHECK(layer.evidence[1].value == "ana-3, 4000 EUR");
}

TEST_CASE("renewals that sleep make no stale layer thinner") {
    Office office;
    deals_of(office, "ana", 4, 6);
    for (const auto* id : {"next year", "the year after"})
        office.deal(id).close_date(day(2027y / 6 / 30)).type("Renewal");
    CHECK_THAT(office.find("rep.stale_layer").at(0).summary, Catch::StartsWith("4 of 10 open "));
}

TEST_CASE("a few stale opportunities of a small book are told one by one") {
    Office office;
    deals_of(office, "ana", 9, 0);
    const auto findings = office.find("");
    CHECK(count(findings, "rep.stale_layer") == 0);
    CHECK(count(findings, "opp.idle") == 9);
}

TEST_CASE("a stale layer does not fall apart into its members while a source is behind") {
    Office office;
    deals_of(office, "ana", 10, 0);
    for (int i = 0; i < 10; ++i)
        office.world.opportunity(fmt::format("ana-{}", i))
            .stage("s1")
            .stage_since(noon(2026y / 9 / 1));
    REQUIRE(count(office.find(""), "rep.stale_layer") == 1);
    office.world.mark_complete(model::Entity::task, noon(2026y / 11 / 19));
    const auto evaluation = office.evaluate("");
    CHECK(count(evaluation.findings, "rep.stale_layer") == 0);
    CHECK(count(evaluation.findings, "opp.stalled") == 0);
    std::set<std::string> held;
    for (const auto& hold : evaluation.held) held.insert(hold.check);
    CHECK(held.contains("rep.stale_layer"));
    CHECK(held.contains("opp.stalled"));
}

TEST_CASE("asked for alone, a check is not folded into the stale layer") {
    Office office;
    deals_of(office, "ana", 10, 0);
    CHECK(office.find("opp.idle").size() == 10);
}

TEST_CASE("reps of whom nothing is known are one note about the team, in alphabetical order") {
    Office office;
    office.world.team("south").manager("mia").rep("zoe").rep("carl").rep("dora");
    office.world.opportunity("Acme").owner("ana");
    office.world.task("t").owner("bob");
    office.world.user("zoe").email("zoe@example.com");  // a user who owns nothing
    office.world.account("a").owner("dora");
    const auto findings = office.find("rep.no_data");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].subject.type == "team");
    CHECK(findings[0].subject.id == "south");
    CHECK(findings[0].owner == warehouse::PersonId::nobody);
    CHECK(findings[0].severity == checks::Severity::info);
    REQUIRE(findings[0].evidence.size() == 2);
    CHECK(findings[0].evidence[0].value == "carl");
    CHECK(findings[0].evidence[1].value == "zoe");
}

TEST_CASE("before the first load is finished nobody is said to have no data") {
    World world{friday};
    world.team("north").manager("max").rep("ana");
    const checks::CheckOptions options;
    const auto people = world.people();
    const auto reader = world.reader();
    const auto evaluation = checks::evaluate({reader, people, options, friday}, "rep.no_data");
    CHECK(evaluation.findings.empty());
    CHECK(evaluation.held.size() == 1);
}

TEST_CASE("the scorecard tells coverage, open findings and trends of each rep") {
    Office office;
    office.dials(90);
    office.week_of_calls("ana", "2026-W46", 50);
    // 120 accounts, 108 of them covered, as in the practice's example.
    for (int i = 0; i < 120; ++i) {
        const auto id = fmt::format("account-{:03}", i);
        office.world.account(id).owner("ana").created(noon(2026y / 9 / 1));
        auto task = [&](std::chrono::local_days due) {
            office.world.task("t-" + id).owner("ana").account(id).due_on(due);
        };
        if (i < 87) task(day(2026y / 11 / 27));
        if (i >= 87 && i < 96) task(day(2027y / 5 / 20));    // 181 days
        if (i >= 96 && i < 108) task(day(2026y / 11 / 20));  // today
        if (i >= 108 && i < 115) task(day(2026y / 11 / 18));
    }
    deals_of(office, "ana", 1, 3);
    const auto card = office.scorecard(4, "north", "ANA@example.com");
    REQUIRE(card.reps.size() == 1);
    const auto& ana = card.reps[0];
    CHECK(ana.name == "ana");
    CHECK(ana.email == "ana@example.com");
    CHECK(ana.team == "north");
    CHECK_FALSE(ana.no_data);
    CHECK(ana.accounts.value().covered == 108);
    CHECK(ana.accounts.value().in_scope == 120);
    CHECK(ana.opportunities.value().covered == 3);
    CHECK(ana.opportunities.value().in_scope == 4);
    // One deal without a next step that is idle too, and five accounts with nothing; the overdue
    // tasks are two working days late, which is inside every grace.
    CHECK(ana.findings.attention == 7);
    // Of 124 deals and accounts one deal and five accounts have one of attention or more.
    CHECK(ana.clean.value().covered == 118);
    CHECK(ana.clean.value().in_scope == 124);
    CHECK(ana.findings.high == 0);
    REQUIRE(ana.kpis.size() == 1);
    CHECK(ana.kpis[0].weeks.size() == 4);
    CHECK(ana.kpis[0].trend.kind == checks::TrendClass::learning);
    CHECK(office.scorecard(4, "south").reps.empty());
    CHECK(office.scorecard(4).reps.size() == 2);
}

TEST_CASE("coverage is not told where the source does not prove what is planned") {
    Office office;
    office.deal("Acme");
    office.world.mark_complete(model::Entity::task, noon(2026y / 11 / 18));
    CHECK_FALSE(office.scorecard(1, "", "ana").reps.at(0).opportunities);
    CHECK(office.scorecard(1, "", "bob").reps.at(0).opportunities);
}
