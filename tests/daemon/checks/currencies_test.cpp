// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/checks/kpi/funnel.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

// Friday 20 November 2026 is in week 47; week 46, from 9 to 15 November, is the last complete one.

namespace {

struct Amounts : Office {
    explicit Amounts(const std::string& unit = "EUR") {
        auto& kpi = dials(1000);
        kpi.name = kpi.measure = "won_amount";
        kpi.label = "Won";
        kpi.unit = unit;
        win("first", "100", "EUR", 2026y / 10 / 1);
        win("in 45", "300", "EUR", 2026y / 11 / 4);
        win("in 46", "500", "EUR", 2026y / 11 / 10);
    }

    Draft& win(const std::string& id, const char* amount, const char* currency,
               std::chrono::year_month_day day) {
        auto& deal = world.opportunity(id).owner("ana").amount(amount).closed_at(noon(day)).won();
        return *currency ? deal.currency(currency) : deal;
    }

    /// Weeks 45 and 46 of Ana.
    std::vector<checks::KpiWeek> weeks() {
        const auto card = scorecard(3, "", "ana");
        const auto& all = card.reps.at(0).kpis.at(0).weeks;
        return {all.at(0), all.at(1)};
    }
};

}  // namespace

TEST_CASE("amounts of one currency add up, and one that the CRM does not tell is the same") {
    Amounts amounts;
    amounts.win("untold", "40", "", 2026y / 11 / 11);
    const auto weeks = amounts.weeks();
    CHECK(weeks[0].value == 300);
    CHECK(weeks[1].value == 540);
    CHECK(weeks[1].is_usable());
}

TEST_CASE("a week in which something was won in another currency than the KPI's is not proven") {
    Amounts amounts;
    amounts.win("dollars", "700", "USD", 2026y / 11 / 11);
    const auto weeks = amounts.weeks();
    CHECK(weeks[0].value == 300);
    CHECK(weeks[0].is_usable());
    // Naively 1,200 of nothing.
    CHECK_FALSE(weeks[1].value);
    CHECK_FALSE(weeks[1].attainment);
    CHECK(weeks[1].excluded == "not proven: of 2 deals won 1 in USD, which is not added to EUR");
}

TEST_CASE("a KPI whose unit is no currency adds up what most deals were won in") {
    Amounts amounts{"count"};
    amounts.win("dollars", "700", "USD", 2026y / 11 / 4);
    const auto weeks = amounts.weeks();
    CHECK_FALSE(weeks[0].value);
    CHECK(weeks[1].value == 500);
}

TEST_CASE("a week belongs to the day in the rep's own zone on which it was won") {
    // Sunday 8 November, 23:30 in Berlin, is of week 45 there as in UTC; half past midnight is not.
    Amounts amounts;
    const auto zone = amounts.world.people().reps.at(0).zone;
    const auto at = [&](std::chrono::local_days day, std::chrono::minutes minutes) {
        return zone.instant(LocalTime{day + minutes});
    };
    amounts.win("dollars", "700", "USD", 2026y / 11 / 9).closed_at(at(day(2026y / 11 / 9), 30min));
    const auto weeks = amounts.weeks();
    CHECK(weeks[0].value == 300);
    CHECK_FALSE(weeks[1].value);
}

TEST_CASE("deals without an amount, lost ones and removed ones mix no currencies") {
    Amounts amounts;
    amounts.world.opportunity("open").owner("ana").amount("5").currency("USD");
    amounts.win("lost", "5", "USD", 2026y / 11 / 10).lost();
    amounts.win("removed", "5", "USD", 2026y / 11 / 10).deleted();
    amounts.world.opportunity("no amount")
        .owner("ana")
        .currency("USD")
        .closed_at(noon(2026y / 11 / 10))
        .won();
    CHECK(amounts.weeks()[1].value == 500);
}

TEST_CASE("a rate by value is not proven either where it divides several currencies") {
    Amounts amounts;
    auto& kpi = amounts.options.kpis.at(0);
    kpi.measure.clear();
    kpi.ratio = checks::KpiRatio{"won_amount", {"wins"}};
    CHECK(amounts.weeks()[1].value == 500);
    amounts.win("dollars", "700", "USD", 2026y / 11 / 11);
    CHECK_FALSE(amounts.weeks()[1].value);
    CHECK(amounts.weeks()[0].value == 300);
}

TEST_CASE("what a deal is worth on the average is not asked of several currencies") {
    Amounts amounts;
    amounts.options.funnel = {.quota = 900, .weeks = 10, .steps = {"wins", "losses"}};
    const auto deals = [&] {
        const auto people = amounts.world.people();
        const auto reader = amounts.world.reader();
        const checks::Scene scene{reader, people, amounts.options, friday};
        return checks::read_funnel(scene, people.reps.at(0)).deal_size;
    };
    CHECK(deals() == Approx(300));
    amounts.win("dollars", "700", "USD", 2026y / 11 / 4);
    CHECK_THROWS_AS(deals(), Failure);
    amounts.options.funnel.deal_size = 450;
    CHECK(deals() == 450);
}
