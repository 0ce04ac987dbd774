// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::Severity;

namespace {

void move(Office& office, std::string_view deal, const char* from, const char* to, Instant when,
          std::string_view by = "ana") {
    static int number = 0;
    office.world.change(fmt::format("stage-{}", ++number))
        .opportunity(deal)
        .field("stage")
        .from(from)
        .to(to)
        .changed_at(when)
        .set("changed_by", by);
    office.world.user("ana").email("ana@example.com").name("ana");
}

}  // namespace

TEST_CASE("a deal that has never changed its stage is told apart from one that is stalled") {
    Office office;
    office.stages();
    const auto september = noon(2026y / 9 / 1);
    office.deal("never").stage("s4").stage_since(september);
    office.deal("moved").stage("s4").stage_since(noon(2026y / 9 / 2));
    office.deal("silent").stage("s4");  // the CRM tells moves, and none of this one
    office.deal("came back").stage("s4").stage_since(september);
    move(office, "came back", "s3", "s4", september);
    std::set<std::string> never, stalled;
    for (const auto& finding : office.find("opp.never_moved")) never.insert(finding.subject.id);
    for (const auto& finding : office.find("opp.stalled")) stalled.insert(finding.subject.id);
    CHECK(never == std::set<std::string>{"never", "silent"});
    CHECK(stalled == std::set<std::string>{"moved", "came back"});
}

TEST_CASE("a deal that has never moved is told once it is older than the limit of its stage") {
    Office office;
    office.stages();  // the last of four stages: 7 days
    const auto created = [&](const char* id, std::chrono::year_month_day date) {
        office.world.opportunity(id)
            .owner("ana")
            .stage("s4")
            .created(noon(date))
            .stage_since(noon(date) + 2s);
    };
    created("seven days", 2026y / 11 / 11);
    created("eight days", 2026y / 11 / 10);
    auto findings = office.find("opp.never_moved");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].subject.id == "eight days");
    CHECK(findings[0].severity == Severity::attention);
    SECTION("not in a stage in which deals rest") {
        office.options.opp_stalled.exempt_stages = {"s4"};
        CHECK(office.find("opp.never_moved").empty());
    }
    SECTION("not while its new owner is given time") {
        office.world.change("x")
            .opportunity("eight days")
            .field("owner")
            .from("bob")
            .to("ana")
            .changed_at(noon(2026y / 11 / 18));
        CHECK(office.find("opp.never_moved").empty());
    }
    SECTION("and no more once it moves") {
        move(office, "eight days", "s3", "s4", noon(2026y / 11 / 20) - 1h);
        CHECK(office.find("opp.never_moved").empty());
    }
}

TEST_CASE("deals that never moved are part of a stale layer") {
    Office office;
    office.stages();
    for (int i = 0; i < 10; ++i)
        office.deal(std::to_string(i)).stage("s4").stage_since(noon(2026y / 9 / 1));
    std::size_t layers = 0;
    for (const auto& finding : office.find("")) {
        CHECK(finding.check != "opp.never_moved");
        layers += finding.check == "rep.stale_layer" ? 1 : 0;
    }
    CHECK(layers == 1);
}

TEST_CASE("a deal that went back a stage is told until it is as far again, for ten days") {
    Office office;
    office.stages();
    office.deal("Acme").stage("s2");
    move(office, "Acme", "s1", "s3", noon(2026y / 10 / 1));
    move(office, "Acme", "s3", "s2", noon(2026y / 11 / 6));
    const auto findings = office.find("opp.stage_back");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::info);
    CHECK(findings[0].summary == "Went back from s3 to s2 on 2026-11-06.");
    CHECK(findings[0].evidence[0].value == "s3 → s2 on 2026-11-06 by ana");
    CHECK(office.find("opp.stage_back", noon(2026y / 11 / 23)).empty());
    move(office, "Acme", "s2", "s3", noon(2026y / 11 / 19));
    office.world.opportunity("Acme").stage("s3");
    CHECK(office.find("opp.stage_back").empty());
}

TEST_CASE("a deal that is opened again has not gone back") {
    Office office;
    office.stages();
    office.world.stage("lost").pipeline("p").position(6).lost();
    office.deal("Acme").stage("s2");
    move(office, "Acme", "lost", "s2", noon(2026y / 11 / 18));
    CHECK(office.find("opp.stage_back").empty());
}

TEST_CASE("a skipped stage is no item where what it asks for is there") {
    Office office;
    office.stages();
    checks::Criterion budget;
    budget.name = "Budget";
    budget.evidence = checks::Evidence::field;
    budget.field = "amount";
    budget.from_stage = 3;  // what stage 2 is there to find out
    checks::Criterion early = budget;
    early.name = "Early";
    early.field = "lost_reason";
    early.from_stage = 1;  // of no skipped stage
    office.options.criteria = {budget, early};
    office.world.opportunity("before").owner("ana").lost().amount("5").set("lost_reason", "price");
    office.deal("Acme").stage("s4").amount("5000");
    move(office, "Acme", "s1", "s4", noon(2026y / 11 / 17));
    CHECK(office.find("opp.stage_skipped").empty());
    office.world.opportunity("Acme").clear("amount");
    const auto findings = office.find("opp.stage_skipped");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].evidence[1].label == "Budget");
    CHECK(findings[0].evidence[1].value == "amount: empty");
    // Of one that nobody can judge nothing is missing.
    office.options.criteria[0].evidence = checks::Evidence::contact_role;
    office.world.mark_complete(model::Entity::contact_role, noon(2026y / 11 / 1));
    CHECK(office.find("opp.stage_skipped").empty());
}

TEST_CASE("a move past a stage in which the deal has never been skips it") {
    Office office;
    office.stages();
    office.deal("one by one").stage("s3");
    move(office, "one by one", "s1", "s2", noon(2026y / 11 / 16));
    move(office, "one by one", "s2", "s3", noon(2026y / 11 / 17));
    office.deal("been there").stage("s3");
    move(office, "been there", "s1", "s2", noon(2026y / 10 / 1));
    move(office, "been there", "s2", "s1", noon(2026y / 10 / 8));
    move(office, "been there", "s1", "s3", noon(2026y / 11 / 17));
    office.deal("skipped").stage("s4");
    move(office, "skipped", "s1", "s4", noon(2026y / 11 / 6));
    const auto findings = office.find("opp.stage_skipped");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].subject.id == "skipped");
    CHECK(findings[0].summary == "Went from s1 to s4 past 2 stages.");
    CHECK(findings[0].evidence[0].value == "s2, s3");
    CHECK(office.find("opp.stage_skipped", noon(2026y / 11 / 23)).empty());  // eleven days
    move(office, "skipped", "s4", "s2", noon(2026y / 11 / 19));
    office.world.opportunity("skipped").stage("s2");
    CHECK(office.find("opp.stage_skipped").empty());
}
