// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/review/deal_review.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

TEST_CASE("a deal is found by its source and id, or by the beginning of its name") {
    Office office;
    office.deal("17").name("Acme renewal");
    office.deal("18").name("acme expansion");
    office.deal("19").name("Bolt/new");
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const checks::Scene scene{reader, people, office.options, friday};
    const auto ids = [&](std::string_view text) {
        std::string found;
        for (const auto* deal : checks::find_deals(scene, text)) found += deal->key.id + " ";
        return found;
    };
    CHECK(ids("crm/17") == "17 ");
    CHECK(ids("Acme R") == "17 ");
    CHECK(ids("ACME") == "17 18 ");
    CHECK(ids("bolt/n") == "19 ");
    CHECK(ids("17").empty());
}

TEST_CASE("a deal review has facts, questions, evidence, risks, and both sides of the coverage") {
    Office office;
    office.stages();
    office.deal("a")
        .name("Acme")
        .pipeline("p")
        .stage("s3")
        .amount("3000")
        .currency("EUR")
        .close_date(day(2026y / 11 / 10));
    office.deal("b").amount("1800").currency("EUR").close_date(day(2026y / 12 / 1));
    office.world.role("r").opportunity("b").contact("k").set("role", "Decision Maker");
    office.world.task("t")
        .owner("ana")
        .opportunity("a")
        .subject("Send offer")
        .due_on(day(2026y / 11 / 18));
    checks::Criterion signer;
    signer.name = "Somebody who signs is on board";
    signer.is_mandatory = true;
    signer.evidence = checks::Evidence::contact_role;
    checks::Criterion worth;
    worth.name = "The amount is known";
    worth.evidence = checks::Evidence::field;
    worth.field = "amount";
    office.options.criteria = {signer, worth};
    office.options.quotas.push_back({"", "", "", 1'600, "EUR", {}});
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    const checks::Scene scene{reader, people, office.options, friday};
    const auto review = checks::make_deal_review(scene, *checks::find_deals(scene, "crm/a").at(0));

    CHECK(review.owner == "ana");
    CHECK(review.reality.score == Approx(0.5));
    CHECK_FALSE(review.reality.is_real);
    REQUIRE(review.reality.criteria.size() == 2);
    CHECK(review.reality.criteria[1].looked == "amount: 3000");
    CHECK(review.questions.back() == "How do we know: Somebody who signs is on board?");
    REQUIRE(review.planned.size() == 1);
    CHECK(review.planned[0].value == "2026-11-18: Send offer, ana");
    std::set<std::string> risks;
    for (const auto& finding : review.risks) risks.insert(finding.check);
    CHECK(risks.contains("opp.past_close"));
    CHECK(risks.contains("opp.evidence_missing"));
    CHECK(risks.contains("opp.idle"));
    // 4,800 open, 1,800 of it real, 1,600 left.
    REQUIRE(review.coverage);
    REQUIRE(review.coverage->ratios);
    CHECK(review.coverage->ratios->headline == Approx(3.0));
    CHECK(review.coverage->ratios->real == Approx(1.125));
}
