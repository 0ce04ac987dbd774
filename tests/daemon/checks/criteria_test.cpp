// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/review/coverage.hpp"
#include "daemon/checks/review/criteria.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::Criterion;
using checks::Evidence;
using model::Entity;

TEST_CASE("four of five criteria are 80 %, and not real where the fifth is mandatory") {
    // Sales practice §11.
    std::vector<Criterion> criteria(5);
    criteria[4].is_mandatory = true;
    std::vector<checks::Judged> judged;
    for (const auto& criterion : criteria) judged.push_back({&criterion, true, "", ""});
    judged[4].is_true = false;
    const auto reality = checks::decide_reality(judged);
    CHECK(reality.score == Approx(0.8));
    CHECK_FALSE(reality.is_real);
    criteria[4].is_mandatory = false;
    CHECK(checks::decide_reality(judged).is_real);
    // What nobody can judge counts neither way.
    criteria[4].is_mandatory = true;
    judged[4].is_true.reset();
    CHECK(checks::decide_reality(judged).is_real);
    CHECK(checks::decide_reality(judged).score == Approx(1.0));
}

TEST_CASE("3.1 of 4.8 million open are real: 3.0 and 1.94 times what is left") {
    const auto ratios = checks::decide_coverage(4'800'000, 3'100'000, 1'600'000);
    CHECK(ratios.headline == Approx(3.0));
    CHECK(ratios.real == Approx(1.9375));
    // 22 % are won, so 4.5 times would be needed: 1.06 million will be, 66 % of what is left.
    checks::QuarterCoverage quarter;
    quarter.win_rate = 0.22;
    CHECK(*quarter.required() == Approx(4.5).margin(0.05));
    CHECK(4'800'000 / *quarter.required() == Approx(1'056'000));
    CHECK(ratios.headline / *quarter.required() == Approx(0.66));
    // 3 of 10 with a team rate of 25 % (sales practice §5).
    CHECK(checks::shrunk_rate(3, 10, 0.25) == Approx(0.2667).margin(0.00005));
}

TEST_CASE("three times the quota is enough only where one of three deals is won") {
    // Sales practice §9.
    const auto [rate, needed] = GENERATE(table<double, double>(
        {{1.0 / 3, 3.0}, {0.25, 4.0}, {0.22, 4.5}, {0.18, 5.6}, {0.12, 8.3}}));
    checks::QuarterCoverage quarter;
    quarter.win_rate = rate;
    CHECK(*quarter.required() == Approx(needed).margin(0.05));
}

TEST_CASE("a fiscal year has the name of the year in which it ends") {
    struct Case {
        std::chrono::local_days day;
        int first_month;
        std::string name;
        std::chrono::local_days from, until;
    };
    const auto c = GENERATE(values<Case>({
        {day(2026y / 11 / 20), 1, "2026-Q4", day(2026y / 10 / 1), day(2027y / 1 / 1)},
        {day(2026y / 11 / 20), 2, "2027-Q4", day(2026y / 11 / 1), day(2027y / 2 / 1)},
        {day(2027y / 1 / 31), 2, "2027-Q4", day(2026y / 11 / 1), day(2027y / 2 / 1)},
        {day(2027y / 2 / 1), 2, "2028-Q1", day(2027y / 2 / 1), day(2027y / 5 / 1)},
        {day(2026y / 9 / 30), 10, "2026-Q4", day(2026y / 7 / 1), day(2026y / 10 / 1)},
        {day(2026y / 10 / 1), 10, "2027-Q1", day(2026y / 10 / 1), day(2027y / 1 / 1)},
    }));
    const auto quarter = checks::fiscal_quarter(c.day, c.first_month);
    CHECK(quarter.name() == c.name);
    CHECK(quarter.from == c.from);
    CHECK(quarter.until == c.until);
}

namespace {

Criterion criterion(std::string name, Evidence evidence) {
    Criterion made;
    made.name = std::move(name);
    made.evidence = evidence;
    made.is_mandatory = true;
    return made;
}

/// A deal in the second stage, with one mandatory criterion.
struct Gate : Office {
    explicit Gate(Evidence evidence) {
        stages();
        deal("Acme").pipeline("p").stage("s2").stage_since(noon(2026y / 11 / 2));
        options.criteria = {criterion("shown", evidence)};
    }
    Criterion& rule() { return options.criteria[0]; }
    bool is_missing() { return !find("opp.evidence_missing").empty(); }
};

}  // namespace

TEST_CASE(
    "evidence is asked for where a mandatory criterion of the stage or an earlier one is not met") {
    Gate office{Evidence::contact_role};
    const auto found = office.find("opp.evidence_missing");
    REQUIRE(found.size() == 1);
    CHECK(found[0].since == noon(2026y / 11 / 2));
    CHECK(found[0].summary == "For this stage 1 of 1 mandatory criteria show no evidence.");
    CHECK(found[0].evidence[0].label == "shown");
    CHECK(found[0].evidence[0].value == "contacts with a part: none");
    office.rule().from_stage = 2;
    CHECK(office.is_missing());
    office.rule().from_stage = 3;
    CHECK_FALSE(office.is_missing());
    office.rule().from_stage = 1;
    office.rule().pipeline = "other";
    CHECK_FALSE(office.is_missing());
    office.rule().pipeline = "p";
    office.rule().is_mandatory = false;
    CHECK_FALSE(office.is_missing());
}

TEST_CASE("a role, a meeting, a word of the customer or a field can show it") {
    SECTION("a role") {
        Gate office{Evidence::contact_role};
        office.rule().roles = {"Decision Maker"};
        office.world.role("r").opportunity("Acme").contact("k").set("role", "Influencer");
        CHECK(office.is_missing());
        office.world.role("r").set("role", "decision_maker");
        CHECK_FALSE(office.is_missing());
    }
    SECTION("a meeting within thirty days") {
        Gate office{Evidence::meeting};
        office.world.meeting("m").owner("ana").opportunity("Acme").at(noon(2026y / 10 / 20));
        CHECK(office.is_missing());
        office.world.meeting("m").at(noon(2026y / 10 / 21));
        CHECK_FALSE(office.is_missing());
        office.world.meeting("m").outcome("cancelled");
        CHECK(office.is_missing());
    }
    SECTION("a word of the customer") {
        Gate office{Evidence::inbound_touch};
        office.world.email("e")
            .owner("ana")
            .opportunity("Acme")
            .direction("outbound")
            .at(noon(2026y / 11 / 18));
        CHECK(office.is_missing());
        office.world.email("e").direction("inbound");
        CHECK_FALSE(office.is_missing());
    }
    SECTION("a field, and no placeholder") {
        Gate office{Evidence::field};
        office.rule().field = "next_step";
        CHECK_FALSE(office.is_missing());  // the CRM gives it of no deal at all
        CHECK(office.evaluate("opp.evidence_missing").held.at(0).reason ==
              "crm gives no next_step of any opportunity");
        office.world.opportunity("before").owner("ana").won().next_step("signed");
        CHECK(office.is_missing());
        office.world.opportunity("Acme").next_step("TBD");
        CHECK(office.is_missing());
        office.world.opportunity("Acme").next_step("They send the contract back");
        CHECK_FALSE(office.is_missing());
    }
    SECTION("a field of the admin's own") {
        Gate office{Evidence::field};
        office.rule().field = "buying_process";
        office.world.opportunity("before").owner("ana").won().set("extra",
                                                                  R"({"buying_process":"x"})");
        CHECK(office.is_missing());
        office.world.opportunity("Acme").set("extra",
                                             R"({"buying_process":"Board on 3 December"})");
        CHECK_FALSE(office.is_missing());
    }
}

TEST_CASE("a criterion that a source cannot show is held once, and a new owner is given time") {
    Gate office{Evidence::inbound_touch};
    office.deal("Other").pipeline("p").stage("s2");
    office.world.mark_complete(Entity::email, friday - 7h);
    const auto evaluation = office.evaluate("opp.evidence_missing");
    CHECK(evaluation.findings.empty());
    REQUIRE(evaluation.held.size() == 1);
    CHECK(evaluation.held[0].reason == "crm's e-mails were last complete at 2026-11-20T05:00:00Z");
    office.world.mark_complete(Entity::email, friday);
    CHECK(office.find("opp.evidence_missing").size() == 2);
    office.world.change("x").opportunity("Acme").field("owner").from("bob").to("ana").changed_at(
        noon(2026y / 11 / 18));
    CHECK(office.find("opp.evidence_missing").size() == 1);
}

namespace {

/// A quarter of ana's: a quota of 100,000, a win rate of one in four.
struct Quarter : Office {
    Quarter() {
        options.quotas.push_back({"", "", "", 100'000, "EUR", {}});
        for (int i = 0; i < 8; ++i)
            world.opportunity(fmt::format("closed-{}", i))
                .owner(i % 2 == 0 ? "ana" : "bob")
                .close_date(day(2026y / 8 / 1))
                .closed_at(noon(2026y / 8 / 1))
                .won(i < 2);
    }
    void open(std::string_view id, std::string_view amount, std::chrono::local_days closes) {
        deal(id).amount(amount).currency("EUR").close_date(closes);
    }
    checks::Findings gaps() {
        auto findings = find("rep.coverage_gap");
        std::erase_if(findings, [&](const auto& one) { return one.owner != world.person("ana"); });
        return findings;
    }
};

}  // namespace

TEST_CASE("the pipeline of the quarter must cover what is left by the win rate") {
    // The team won 2 of 8, ana 1 of 4: (1 + 20 · 0.25) / (4 + 20) = 0.25, so 100,000 take 400,000.
    Quarter office;
    office.open("a", "399999.99", day(2026y / 12 / 31));
    const auto short_of = office.gaps();
    REQUIRE(short_of.size() == 1);
    CHECK(short_of[0].aspect == "2026-Q4");
    CHECK(short_of[0].severity == checks::Severity::info);
    CHECK(short_of[0].evidence[0].value == "100000 EUR");
    office.open("a", "400000", day(2026y / 12 / 31));
    CHECK(office.gaps().empty());
    SECTION("what closes in the next quarter does not count") {
        office.open("a", "400000", day(2027y / 1 / 1));
        CHECK(office.gaps().size() == 1);
    }
    SECTION("nor what is in another currency") {
        office.world.opportunity("a").currency("USD");
        CHECK(office.gaps().size() == 1);
    }
    SECTION("nor what is not real") {
        office.options.criteria = {criterion("shown", Evidence::contact_role)};
        const auto gap = office.gaps();
        REQUIRE(gap.size() == 1);
        CHECK(gap[0].evidence[3].value == "400000 EUR in 1 deal, 4.00 times");
        CHECK(gap[0].evidence[4].value == "0 EUR in 0 deals, 0.00 times");
    }
    SECTION("what was won in the quarter is no longer needed") {
        office.open("a", "200000", day(2026y / 12 / 31));
        office.open("w", "60000", day(2026y / 10 / 5));
        CHECK(office.gaps().size() == 1);
        office.world.opportunity("w").won().closed_at(noon(2026y / 10 / 5));
        // Left 40,000 at (2 + 20 · 3/9) / (5 + 20) = 34.7 %: 115,385.
        CHECK(office.gaps().empty());
    }
    SECTION(
        "her own quota comes before everybody's, that of the quarter before that of every one") {
        office.options.quotas.push_back({"ANA@example.com", "", "", 100'001, "EUR", {}});
        CHECK(office.gaps().size() == 1);
        office.options.quotas.push_back({"ana@example.com", "", "2026-Q4", 90'000, "EUR", {}});
        CHECK(office.gaps().empty());
        office.options.quotas.push_back({"", "north", "2026-Q4", 900'000, "EUR", {}});
        CHECK(office.gaps().empty());
    }
}

TEST_CASE("without a quota nobody is judged, and without a win rate it is held once") {
    Quarter office;
    office.options.rep_coverage_gap.minimum_deals = 9;
    const auto held = office.evaluate("rep.coverage_gap");
    CHECK(held.findings.empty());
    REQUIRE(held.held.size() == 1);
    CHECK(held.held[0].reason ==
          "north closed 8 deals and won 2 in 12 months; a win rate needs 9 and a win");
    office.options.quotas.clear();
    CHECK(office.evaluate("rep.coverage_gap").held.empty());
    office.options.quotas.push_back({"", "", "", 100'000, "EUR", {}});
    office.options.rep_coverage_gap.minimum_deals = 8;
    CHECK(office.find("rep.coverage_gap").size() == 2);
    office.world.mark_complete(Entity::opportunity, friday - 7h);
    CHECK(office.evaluate("rep.coverage_gap").findings.empty());
}
