// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using checks::Severity;

TEST_CASE("a field that the stage demands is missing when it is empty or a placeholder") {
    Office office;
    office.stages();
    office.options.opp_fields_missing.stages["s2"] = {"next_step", "type", "extra.budget"};
    CHECK(office.find("opp.fields_missing").empty());
    office.deal("elsewhere").stage("s1");
    office.deal("filled").stage("s2").next_step("demo").type("new").set("extra",
                                                                        R"({"budget":"5000"})");
    office.deal("empty").stage("s2").next_step(" TBD ").type("new").set("extra",
                                                                        R"({"budget":"-"})");
    const auto findings = office.find("opp.fields_missing");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].subject.id == "empty");
    CHECK(findings[0].severity == Severity::info);
    CHECK(findings[0].summary ==
          "2 fields of what this stage needs are empty: extra.budget, next_step.");
    office.world.opportunity("before").owner("ana").won().close_date(day(2026y / 6 / 1));
    office.options.opp_fields_missing.fields = {"close_date"};
    CHECK(office.find("opp.fields_missing").size() == 3);
}

TEST_CASE("a field that a source gives of no deal is said once, and is nobody's omission") {
    Office office;
    office.options.opp_fields_missing.fields = {"next_step", "extra.budget"};
    office.deal("a");
    office.deal("b").next_step("demo");
    office.world.in("other").mark_all_complete(friday);
    office.world.opportunity("c")
        .owner("bob")
        .created(noon(2026y / 9 / 1))
        .set("extra", R"({"budget":"1"})");
    const auto evaluation = office.evaluate("opp.fields_missing");
    std::string held, found;
    for (const auto& one : evaluation.held)
        held += fmt::format("{}: {}, {}\n", one.source, one.reason, one.keeps_findings);
    for (const auto& one : evaluation.findings)
        found += one.subject.id + ": " + one.evidence[0].value + "\n";
    CHECK(held == "crm: crm gives no extra.budget of any opportunity, false\n"
                  "other: other gives no next_step of any opportunity, false\n");
    CHECK(found == "a: next_step\n");
    // One that had it and has gone says that the source gives it.
    office.world.opportunity("d").owner("bob").next_step("x").fetched(friday - 2h);
    office.world.opportunity("d").deleted().fetched(friday - 1h);
    CHECK(office.find("opp.fields_missing").size() == 2);
}

TEST_CASE("fields with a history are judged as they were") {
    Office office;
    office.options.opp_fields_missing.fields = {"amount"};
    office.deal("Acme").amount("5000");
    CHECK(office.find("opp.fields_missing").empty());
    office.world.change("x").opportunity("Acme").field("amount").to("5000").changed_at(
        noon(2026y / 11 / 18));
    CHECK(office.find("opp.fields_missing").empty());
    CHECK(office.find("opp.fields_missing", noon(2026y / 11 / 17)).size() == 1);
    office.world.opportunity("Acme").amount("0");
    CHECK(office.find("opp.fields_missing").size() == 1);
}

TEST_CASE("open deals of one account and type with amounts within a fifth may be one") {
    Office office;
    const auto deal = [&](const char* id, const char* amount, const char* type = "new") {
        office.deal(id).account("acme").amount(amount).type(type);
    };
    deal("first", "8000");
    SECTION("within a fifth of the larger one") {
        office.world.opportunity("second")
            .owner("bob")
            .created(noon(2026y / 10 / 1))
            .account("acme")
            .amount("10000")
            .type("New");
        const auto findings = office.find("opp.duplicate_open");
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].subject.id == "second");  // the later one
        CHECK(findings[0].evidence[0].value == "first, 8000, ana");
        CHECK(findings[0].evidence[1].value == "second, 10000, bob");
        office.world.opportunity("second").lost().closed_at(noon(2026y / 11 / 19));
        CHECK(office.find("opp.duplicate_open").empty());
    }
    SECTION("just beyond") {
        deal("second", "10000.01");
        CHECK(office.find("opp.duplicate_open").empty());
    }
    SECTION("another type, another account, no amount, another currency") {
        deal("renewal", "8000", "renewal");
        office.deal("globex").account("globex").amount("8000").type("new");
        office.deal("empty").account("acme").type("new");
        office.deal("dollars").account("acme").amount("8000").type("new").currency("USD");
        CHECK(office.find("opp.duplicate_open").empty());
    }
    SECTION("three are one item, and a fourth far away stands alone") {
        deal("second", "9000");
        deal("third", "10000");
        deal("fourth", "20000");
        const auto findings = office.find("opp.duplicate_open");
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].summary.starts_with("3 deals "));
    }
}

TEST_CASE("a lost deal without a reason is asked about after three working days, for twenty") {
    Office office;
    office.deal("told").lost().closed_at(noon(2026y / 10 / 1)).set("lost_reason", "price");
    const auto lost = [&](Instant when) { office.deal("Acme").lost().closed_at(when); };
    SECTION("three days ago") {
        lost(noon(2026y / 11 / 17));
        CHECK(office.find("opp.lost_no_reason").empty());
    }
    SECTION("four days ago, with a placeholder for a reason") {
        lost(noon(2026y / 11 / 16));
        office.world.opportunity("Acme").set("lost_reason", "n/a");
        const auto findings = office.find("opp.lost_no_reason");
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].subject.id == "Acme");
        CHECK(findings[0].severity == Severity::info);
        CHECK(findings[0].owner == office.world.person("ana"));
        office.world.opportunity("Acme").set("lost_reason", "no budget");
        CHECK(office.find("opp.lost_no_reason").empty());
    }
    SECTION("twenty days ago, and twenty-one") {
        lost(noon(2026y / 10 / 23));
        CHECK(office.find("opp.lost_no_reason").size() == 1);
        CHECK(office.find("opp.lost_no_reason", noon(2026y / 11 / 23)).empty());
    }
    SECTION("one of which nobody knows whether it was lost needs none") {
        office.deal("Acme").closed(true).closed_at(noon(2026y / 11 / 10));
        CHECK(office.find("opp.lost_no_reason").empty());
    }
    SECTION("one that was won needs none") {
        office.deal("Acme").won().closed_at(noon(2026y / 11 / 10));
        CHECK(office.find("opp.lost_no_reason").empty());
    }
}

TEST_CASE("a source that never tells why a deal was lost is not asked for reasons") {
    Office office;
    for (const auto* id : {"one", "two"}) office.deal(id).lost().closed_at(noon(2026y / 11 / 10));
    const auto evaluation = office.evaluate("opp.lost_no_reason");
    CHECK(evaluation.findings.empty());
    REQUIRE(evaluation.held.size() == 1);
    CHECK(evaluation.held[0].reason == "crm tells of no deal why it was lost");
}

TEST_CASE("a task without a date is asked about once it is older than three working days") {
    Office office;
    auto& world = office.world;
    world.task("three days").owner("ana").created(noon(2026y / 11 / 17));
    world.task("four days").owner("ana").created(noon(2026y / 11 / 16)).subject("Call back");
    world.task("dated").owner("ana").created(noon(2026y / 9 / 1)).due_on(day(2026y / 12 / 1));
    world.task("done").owner("ana").created(noon(2026y / 9 / 1)).done_at(noon(2026y / 11 / 1));
    const auto findings = office.find("task.no_due_date");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].subject.name == "Call back");
    CHECK(findings[0].severity == Severity::info);
    CHECK(findings[0].summary == "Open for 4 working days, without a date.");
}

TEST_CASE("a task whose day moves later for the third time is told with all the days") {
    Office office;
    auto& world = office.world;
    const auto due = [&](std::chrono::year_month_day seen, std::chrono::local_days date) {
        world.now(noon(seen));
        world.task("t").owner("ana").created(noon(2026y / 10 / 1)).due_on(date);
        world.reader();  // stored as of then
    };
    due(2026y / 10 / 1, day(2026y / 10 / 9));
    due(2026y / 10 / 9, day(2026y / 10 / 16));
    due(2026y / 10 / 12, day(2026y / 10 / 14));  // earlier: no snooze
    due(2026y / 10 / 14, day(2026y / 10 / 30));
    CHECK(office.find("task.snoozed").empty());
    due(2026y / 10 / 30, day(2026y / 11 / 27));
    const auto findings = office.find("task.snoozed");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::info);
    CHECK(findings[0].since == noon(2026y / 10 / 30));
    CHECK(findings[0].evidence[0].value == "2026-10-09 → 2026-10-16 on 2026-10-09");
    CHECK(findings[0].evidence.size() == 3);
    CHECK(office.find("task.snoozed", noon(2026y / 10 / 29)).empty());
    world.now(friday);
    world.task("t").done_at(noon(2026y / 11 / 19));
    CHECK(office.find("task.snoozed").empty());
}

TEST_CASE("lost deals that take more than one and a half times as long as won ones are told") {
    Office office;
    const auto close = [&](const char* kind, int count, int working_days, bool is_won) {
        // From a Monday on, so many working days later.
        const int calendar = working_days / 5 * 7 + working_days % 5;
        for (int i = 0; i < count; ++i)
            office.world.opportunity(fmt::format("{}-{}", kind, i))
                .owner("ana")
                .created(noon(2026y / 6 / 1))
                .won(is_won)
                .closed_at(noon(2026y / 6 / 1) + std::chrono::days{calendar});
    };
    close("won", 10, 20, true);
    SECTION("exactly as much") {
        close("lost", 10, 30, false);
        CHECK(office.find("rep.lost_cycle_long").empty());
    }
    SECTION("of which nobody knows whether they were lost") {
        close("lost", 10, 31, false);
        for (int i = 0; i < 10; ++i)
            office.world.opportunity(fmt::format("lost-{}", i)).clear("is_won");
        CHECK(office.find("rep.lost_cycle_long").empty());
    }
    SECTION("a day more") {
        close("lost", 10, 31, false);
        const auto findings = office.find("rep.lost_cycle_long");
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].owner == office.world.person("ana"));
        CHECK(findings[0].since == at(2026y / 11 / 1, 0));  // the verdict of the month
        CHECK(findings[0].evidence[0].value == "median of 31 working days of 10 deals");
        CHECK(findings[0].evidence[1].value == "median of 20 working days of 10 deals");
        // They are of twelve months before the month's first day.
        CHECK(office.find("rep.lost_cycle_long", noon(2027y / 6 / 30)).size() == 1);
        CHECK(office.find("rep.lost_cycle_long", noon(2027y / 8 / 2)).empty());
    }
    SECTION("nine lost ones") {
        close("lost", 9, 60, false);
        CHECK(office.find("rep.lost_cycle_long").empty());
    }
}
