// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/dates/fiscal.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::FiscalPeriod;
using checks::Severity;

namespace {

/// A change of a close date that the CRM tells.
void move(Office& office, std::string_view deal, const char* from, const char* to, Instant when,
          std::string_view by = "ana") {
    static int number = 0;
    office.world.change(fmt::format("move-{}", ++number))
        .opportunity(deal)
        .field("close_date")
        .from(from)
        .to(to)
        .changed_at(when)
        .set("changed_by", by);
    office.world.user("ana").email("ana@example.com").name("ana");
}

}  // namespace

TEST_CASE("a fiscal quarter is three months from the month in which the fiscal year begins") {
    struct Case {
        const char* name;
        std::chrono::local_days day;
        FiscalPeriod period;
        int starts;
        std::chrono::local_days end;
    };
    const auto c = GENERATE(values<Case>({
        {"a calendar year's last quarter", day(2026y / 10 / 1), FiscalPeriod::quarter, 1,
         day(2026y / 12 / 31)},
        {"its last day", day(2026y / 12 / 31), FiscalPeriod::quarter, 1, day(2026y / 12 / 31)},
        {"from February: November to January", day(2026y / 11 / 20), FiscalPeriod::quarter, 2,
         day(2027y / 1 / 31)},
        {"from February: January is its last month", day(2027y / 1 / 31), FiscalPeriod::quarter, 2,
         day(2027y / 1 / 31)},
        {"from April", day(2026y / 3 / 31), FiscalPeriod::quarter, 4, day(2026y / 3 / 31)},
        {"from December: to February of a leap year", day(2027y / 12 / 24), FiscalPeriod::quarter,
         12, day(2028y / 2 / 29)},
        {"a month", day(2026y / 11 / 20), FiscalPeriod::month, 2, day(2026y / 11 / 30)},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(checks::period_end(c.day, c.period, c.starts) == c.end);
    }
}

TEST_CASE("a close date that leaves its quarter is told, and is urgent for a committed deal") {
    Office office;
    office.deal("Acme").close_date(day(2027y / 1 / 29)).amount("5000");
    move(office, "Acme", "2026-12-15", "2026-12-31", noon(2026y / 11 / 16));
    CHECK(office.find("opp.period_push").empty());  // to the last day, and no further
    move(office, "Acme", "2026-12-31", "2027-01-01", noon(2026y / 11 / 17));
    const auto findings = office.find("opp.period_push");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::attention);
    CHECK(findings[0].aspect == "2026-12-31");
    CHECK(findings[0].evidence[0].value == "2026-12-31 → 2027-01-01 on 2026-11-17 by ana");
    office.world.opportunity("Acme").forecast_category("Commit");
    CHECK(office.find("opp.period_push").at(0).severity == Severity::high);
}

TEST_CASE("a month's end is crossed only where months are asked for, by the fiscal year") {
    Office office;
    office.deal("Acme").close_date(day(2026y / 12 / 18));
    move(office, "Acme", "2026-11-30", "2026-12-18", noon(2026y / 11 / 17));
    CHECK(office.find("opp.period_push").empty());
    office.options.opp_period_push.period = FiscalPeriod::month;
    CHECK(office.find("opp.period_push").size() == 1);
    office.options.opp_period_push.period = FiscalPeriod::quarter;
    office.options.fiscal_year_starts = 3;  // September to November is a quarter
    CHECK(office.find("opp.period_push").size() == 1);
}

TEST_CASE("a push out of the quarter is told for ten working days, or until the date comes back") {
    Office office;
    office.deal("Acme").close_date(day(2027y / 1 / 29));
    move(office, "Acme", "2026-12-15", "2027-01-29", noon(2026y / 11 / 6));
    CHECK(office.find("opp.period_push").size() == 1);                     // ten days ago
    CHECK(office.find("opp.period_push", noon(2026y / 11 / 23)).empty());  // eleven
    office.world.opportunity("Acme").close_date(day(2026y / 12 / 30));
    CHECK(office.find("opp.period_push").empty());
}

TEST_CASE("five close dates that one person moves within an hour are one item") {
    Office office;
    for (int i = 0; i < 5; ++i) {
        const auto id = fmt::format("deal-{}", i);
        office.deal(id).close_date(day(2026y / 12 / 31)).amount("1000").currency("EUR");
        // The first and the fifth are exactly an hour apart.
        move(office, id, "2026-11-30", "2026-12-31",
             noon(2026y / 11 / 18) + std::chrono::minutes{15 * i});
    }
    const auto findings = office.find("opp.close_bulk_edit");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].owner == office.world.person("ana"));
    CHECK(findings[0].severity == Severity::info);
    CHECK(findings[0].evidence[0].value == "5");
    CHECK(findings[0].evidence[1].value == "5000 EUR");
    CHECK(office.find("opp.close_bulk_edit", noon(2026y / 12 / 3)).empty());  // eleven days later
    SECTION("four are not") {
        office.options.opp_close_bulk_edit.deals = 6;
        CHECK(office.find("opp.close_bulk_edit").empty());
    }
    SECTION("a minute less holds four of them") {
        office.options.opp_close_bulk_edit.within = 59min;
        CHECK(office.find("opp.close_bulk_edit").empty());
    }
    SECTION("nor are those of an integration") {
        office.options.integration_users = {"crm/ana"};
        CHECK(office.find("opp.close_bulk_edit").empty());
    }
}

TEST_CASE("moves to an earlier day, and one deal moved five times, are no bulk edit") {
    Office office;
    for (int i = 0; i < 5; ++i) {
        office.deal(fmt::format("deal-{}", i)).close_date(day(2026y / 11 / 30));
        move(office, fmt::format("deal-{}", i), "2026-12-31", "2026-11-30",
             noon(2026y / 11 / 18) + std::chrono::minutes{i});
        move(office, "deal-0", fmt::format("2027-01-0{}", i + 1).c_str(),
             fmt::format("2027-01-0{}", i + 2).c_str(),
             noon(2026y / 11 / 18) + std::chrono::minutes{20 + i});
    }
    CHECK(office.find("opp.close_bulk_edit").empty());
}

TEST_CASE("without authors nobody is said to have moved many close dates") {
    Office office;
    for (int i = 0; i < 6; ++i) {
        const auto id = fmt::format("deal-{}", i);
        office.deal(id).close_date(day(2026y / 12 / 31));
        office.world.change(id)
            .opportunity(id)
            .field("close_date")
            .from("2026-11-30")
            .to("2026-12-31")
            .changed_at(noon(2026y / 11 / 18));
    }
    const auto evaluation = office.evaluate("opp.close_bulk_edit");
    CHECK(evaluation.findings.empty());
    REQUIRE(evaluation.held.size() == 1);
    CHECK(evaluation.held[0].reason == "crm does not tell who moves close dates");
}

TEST_CASE("a close date nearer than half of what won deals took from the stage is unrealistic") {
    Office office;
    office.stages();
    // Twenty deals that were in s2 from Monday 4 May and won two weeks later: ten working days.
    for (int i = 0; i < 20; ++i) {
        const auto id = fmt::format("won-{}", i);
        office.world.opportunity(id)
            .owner("bob")
            .pipeline("p")
            .created(noon(2026y / 4 / 1))
            .stage("won")
            .won()
            .closed_at(noon(2026y / 5 / 18));
        office.world.change(id).opportunity(id).field("stage").from("s1").to("s2").changed_at(
            noon(2026y / 5 / 4));
    }
    const auto in_s2 = [&](const char* id, std::chrono::local_days close) {
        office.deal(id)
            .pipeline("p")
            .stage("s2")
            .stage_since(noon(2026y / 11 / 17))
            .close_date(close);
    };
    in_s2("four days", day(2026y / 11 / 26));  // Monday to Thursday: 4 < 0.5 × 10
    in_s2("five days", day(2026y / 11 / 27));  // just enough
    in_s2("past", day(2026y / 11 / 19));       // another check's
    office.deal("unknown stage").pipeline("p").stage("s4").close_date(day(2026y / 11 / 23));
    const auto findings = office.find("opp.close_unrealistic");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].subject.id == "four days");
    CHECK(findings[0].evidence[1].value == "median of 10 working days of 20 won deals");
    office.options.opp_close_unrealistic.minimum_deals = 21;
    CHECK(office.find("opp.close_unrealistic").empty());
}

TEST_CASE("a close date that the CRM filled in and nobody edited is told once that is proven") {
    Office office;
    office.options.opp_close_default.sources = {"crm"};
    office.world.opportunity("Acme")
        .owner("ana")
        .created(noon(2026y / 9 / 14))
        .close_date(day(2026y / 9 / 30));
    office.world.opportunity("chosen")
        .owner("ana")
        .created(noon(2026y / 9 / 14))
        .close_date(day(2026y / 9 / 29));
    REQUIRE(office.find("opp.close_default").size() == 1);
    CHECK(office.find("opp.close_default")[0].subject.id == "Acme");
    SECTION("the first value is no edit, and another one is") {
        office.world.change("first")
            .opportunity("Acme")
            .field("close_date")
            .to("2026-09-30")
            .changed_at(noon(2026y / 9 / 14));
        CHECK(office.find("opp.close_default").size() == 1);
        move(office, "Acme", "2026-09-30", "2026-10-15", noon(2026y / 9 / 20));
        move(office, "Acme", "2026-10-15", "2026-09-30", noon(2026y / 9 / 21));
        CHECK(office.find("opp.close_default").empty());
    }
    SECTION("of other CRMs it is somebody's choice") {
        office.options.opp_close_default.sources = {"other"};
        const auto evaluation = office.evaluate("opp.close_default");
        CHECK(evaluation.findings.empty());
        CHECK(evaluation.held.empty());
    }
}

TEST_CASE("where edits may have gone unseen the CRM's close date is held, once") {
    World world{friday};
    world.team("north").manager("max").rep("ana");
    for (const auto* id : {"one", "two"})
        world.opportunity(id)
            .owner("ana")
            .created(noon(2026y / 9 / 14))
            .close_date(day(2026y / 9 / 30));
    world.mark_complete(model::Entity::opportunity, friday);
    checks::CheckOptions options;
    options.opp_close_default.sources = {"crm"};
    const auto people = world.people();
    {
        const auto reader = world.reader();
        const auto evaluation =
            checks::evaluate({reader, people, options, friday}, "opp.close_default");
        CHECK(evaluation.findings.empty());
        REQUIRE(evaluation.held.size() == 1);
        CHECK(evaluation.held[0].reason ==
              "crm tells no history of close dates, and has deals from before it was first read");
    }
    // Read since the day before they were created: every edit would have been seen.
    world.database().execute(fmt::format(
        "INSERT INTO run (kind, source_id, stream, started_at, ended_at) VALUES ('sync', 1, "
        "'opportunity', {0}, {0})",
        to_millis(noon(2026y / 9 / 13))));
    const auto reader = world.reader();
    CHECK(
        checks::evaluate({reader, people, options, friday}, "opp.close_default").findings.size() ==
        2);
}
