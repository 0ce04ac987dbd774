// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

void change(Office& office, const char* id, const char* from, const char* to, Instant when,
            std::string_view by = "ana") {
    office.world.change(id)
        .opportunity("Acme")
        .field("amount")
        .from(from)
        .to(to)
        .changed_at(when)
        .set("changed_by", by);
}

}  // namespace

TEST_CASE("an amount that falls by a tenth is told") {
    struct Case {
        const char* name;
        const char* to;
        std::size_t raised;
    };
    const auto c = GENERATE(values<Case>({
        {"from 50000 to 40000, as published", "40000", 1},
        {"by exactly a tenth", "45000", 1},
        {"by a little less", "45000.01", 0},
        {"up", "60000", 0},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        office.deal("Acme").amount(c.to);
        change(office, "1", "50000", c.to, noon(2026y / 11 / 18));
        CHECK(office.find("opp.amount_drop").size() == c.raised);
    }
}

TEST_CASE("small falls add up, and an amount that is restored has not fallen") {
    Office office;
    office.deal("Acme").amount("41405").currency("EUR");
    change(office, "1", "50000", "45500", noon(2026y / 11 / 9));  // 9 %
    CHECK(office.find("opp.amount_drop", noon(2026y / 11 / 10)).empty());
    change(office, "2", "45500", "41405", noon(2026y / 11 / 17));  // and 9 % again: 17 %
    const auto findings = office.find("opp.amount_drop");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].summary == "The amount went from 50000 EUR to 41405 EUR, down 17 %.");
    // The first is eleven days ago then.
    CHECK(office.find("opp.amount_drop", noon(2026y / 11 / 24)).empty());
    change(office, "3", "41405", "50000", noon(2026y / 11 / 19));
    office.world.opportunity("Acme").amount("50000");
    CHECK(office.find("opp.amount_drop").empty());
}

TEST_CASE("an amount that is filled in, emptied or converted by an integration has not fallen") {
    Office office;
    office.deal("Acme").amount("100");
    change(office, "1", "500", "100", noon(2026y / 11 / 18), "sync");
    CHECK(office.find("opp.amount_drop").size() == 1);
    office.options.integration_users = {"crm/sync"};
    CHECK(office.find("opp.amount_drop").empty());
}

TEST_CASE("an amount above three times the median of what the rep has won stands out") {
    Office office;
    // Won: 100, 200, … 1000; the median is 550.
    for (int i = 1; i <= 10; ++i)
        office.world.opportunity(fmt::format("won-{}", i))
            .owner("ana")
            .created(noon(2026y / 3 / 1))
            .won()
            .closed_at(noon(2026y / 6 / 1))
            .amount(std::to_string(100 * i))
            .currency("EUR");
    office.deal("limit").amount("1650").currency("EUR");
    office.deal("large").amount("1650.01").currency("EUR");
    office.deal("other currency").amount("9999").currency("USD");
    office.deal("other rep").owner("bob").amount("9999").currency("EUR");
    const auto findings = office.find("opp.amount_outlier");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].subject.id == "large");
    CHECK(findings[0].evidence[0].value == "median of 550 of 10 won deals");
    SECTION("ten won deals are needed") {
        office.world.opportunity("won-1").lost();
        CHECK(office.find("opp.amount_outlier").empty());
    }
    SECTION("and those of the last eighteen months") {
        CHECK(office.find("opp.amount_outlier", noon(2026y / 11 / 20)).size() == 1);
        office.options.opp_amount_outlier.history_months = 5;
        CHECK(office.find("opp.amount_outlier").empty());
    }
}
