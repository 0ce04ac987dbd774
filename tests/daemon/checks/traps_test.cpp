// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

/// `count` deals whose field one user changes, all within nine minutes; the first is "Acme".
void mass_edit(Office& office, int count, const char* field, const char* from, const char* to) {
    for (int i = 0; i < count; ++i) {
        const auto id = i == 0 ? std::string{"Acme"} : fmt::format("deal-{}", i);
        office.deal(id).close_date(day(2027y / 1 / 29));
        office.world.change(fmt::format("{}-{}", field, i))
            .opportunity(id)
            .field(field)
            .from(from)
            .to(to)
            .changed_at(noon(2026y / 11 / 18) + std::chrono::seconds{540 * i / count})
            .set("changed_by", "admin");
    }
}

bool finds(Office& office, std::string_view check, std::string_view deal) {
    for (const auto& finding : office.find(check))
        if (finding.subject.id == deal) return true;
    return false;
}

}  // namespace

TEST_CASE("what one user changes in more than fifty deals at once is no sign of life") {
    struct Case {
        const char* name;
        int deals;
        bool idle;
    };
    const auto c = GENERATE(values<Case>({
        {"fifty deals are edits of deals", 50, false},
        {"fifty-one are a mass edit", 51, true},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        mass_edit(office, c.deals, "close_date", "2027-01-28", "2027-01-29");
        CHECK(finds(office, "opp.idle", "Acme") == c.idle);
    }
}

TEST_CASE("a mass edit pushes nothing out of its quarter and lowers no amount") {
    Office office;
    SECTION("close dates") {
        mass_edit(office, 51, "close_date", "2026-12-15", "2027-01-29");
        CHECK_FALSE(finds(office, "opp.period_push", "Acme"));
        office.options.mass_edit_objects = 51;
        CHECK(finds(office, "opp.period_push", "Acme"));
        // Fewer than fifty of them within a shorter time.
        office.options.mass_edit_objects = 50;
        office.options.mass_edit_minutes = 5min;
        CHECK(finds(office, "opp.period_push", "Acme"));
    }
    SECTION("amounts") {
        mass_edit(office, 51, "amount", "5000", "100");
        office.world.opportunity("Acme").amount("100");
        CHECK_FALSE(finds(office, "opp.amount_drop", "Acme"));
        office.options.mass_edit_objects = 51;
        CHECK(finds(office, "opp.amount_drop", "Acme"));
    }
    SECTION("many changes of one deal are no mass edit") {
        office.deal("Acme").amount("1");
        for (int i = 60; i > 0; --i)
            office.world.change(std::to_string(i))
                .opportunity("Acme")
                .field("amount")
                .from(std::to_string(i + 1))
                .to(std::to_string(i))
                .changed_at(noon(2026y / 11 / 18) + std::chrono::seconds{60 - i})
                .set("changed_by", "admin");
        CHECK(finds(office, "opp.amount_drop", "Acme"));
    }
}

TEST_CASE("edits of an integration end no silence, and a person's do") {
    Office office;
    office.deal("Acme").stage("s2").stage_since(noon(2026y / 11 / 18));
    office.world.change("x")
        .opportunity("Acme")
        .field("stage")
        .from("s1")
        .to("s2")
        .changed_at(noon(2026y / 11 / 18))
        .set("changed_by", "sync");
    CHECK(office.find("opp.idle").empty());
    office.options.integration_users = {"other/sync", "crm/sync"};
    CHECK(office.find("opp.idle").size() == 1);
    office.world.change("y")
        .opportunity("Acme")
        .field("amount")
        .from("1")
        .to("2")
        .changed_at(noon(2026y / 11 / 17))
        .set("changed_by", "ana");
    CHECK(office.find("opp.idle").empty());
}

TEST_CASE("an integration pushes no close date") {
    Office office;
    office.deal("Acme").close_date(day(2027y / 1 / 29));
    for (int i = 1; i <= 3; ++i)
        office.world.change(std::to_string(i))
            .opportunity("Acme")
            .field("close_date")
            .from(fmt::format("2026-{:02}-28", 8 + i))
            .to(fmt::format("2026-{:02}-28", 9 + i))
            .changed_at(noon(2026y / 9 / 1) + std::chrono::days{7 * i})
            .set("changed_by", "sync");
    CHECK(office.find("opp.close_pushed").size() == 1);
    office.options.integration_users = {"crm/sync"};
    CHECK(office.find("opp.close_pushed").empty());
}

TEST_CASE("a deal that is opened again gets a new date rather than a later one") {
    Office office;
    office.stages();
    office.world.stage("lost").pipeline("p").position(6).lost();
    office.deal("Acme").stage("s2").close_date(day(2027y / 1 / 29));
    const auto change = [&](const char* id, const char* field, const char* from, const char* to,
                            Instant when) {
        office.world.change(id).opportunity("Acme").field(field).from(from).to(to).changed_at(when);
    };
    change("1", "close_date", "2026-12-15", "2026-10-05", noon(2026y / 10 / 5));  // by the loss
    change("2", "stage", "s2", "lost", noon(2026y / 10 / 5));
    change("3", "close_date", "2026-10-05", "2027-01-29", noon(2026y / 11 / 18));
    CHECK(office.find("opp.period_push").size() == 1);
    change("4", "stage", "lost", "s2", noon(2026y / 11 / 18) - 5min);
    CHECK(office.find("opp.period_push").empty());
    CHECK(office.find("opp.stage_back").empty());
}

TEST_CASE("a renewal is not asked about before ninety days to its end, and then has its time") {
    // Untouched since September, without a next step.
    const auto finds_any = [](std::chrono::local_days ends, const char* type) {
        Office office;
        office.deal("Acme").close_date(ends).type(type);
        return std::pair{finds(office, "opp.no_next_step", "Acme"),
                         finds(office, "opp.idle", "Acme")};
    };
    const auto today = day(2026y / 11 / 20);
    // A rule that knows no renewals fires in both.
    REQUIRE(finds_any(today + std::chrono::days{91}, "New Business") == std::pair{true, true});
    CHECK(finds_any(today + std::chrono::days{91}, "Renewal") == std::pair{false, false});
    // Open since Tuesday, which is three working days: in the grace of idle alone.
    CHECK(finds_any(today + std::chrono::days{87}, "Existing Business - Renewal") ==
          std::pair{true, false});
    // Since Wednesday, two working days.
    CHECK(finds_any(today + std::chrono::days{88}, "renewal") == std::pair{false, false});
    CHECK(finds_any(today + std::chrono::days{60}, "Renewal") == std::pair{true, true});
}

TEST_CASE("a sleeping renewal does not count for coverage") {
    Office office;
    office.deal("Acme").close_date(day(2027y / 6 / 30)).type("Renewal");
    office.deal("Beta");
    CHECK(office.scorecard(1).reps.at(0).opportunities->in_scope == 1);
}

TEST_CASE("the age of a renewal is told from the day on which its clock opened") {
    Office office;
    office.stages();
    // Ninety days after Wednesday 21 October, which is 22 working days before Friday.
    const auto ends = day(2027y / 1 / 19);
    const auto september = noon(2026y / 9 / 1);
    office.deal("never").stage("s4").stage_since(september).close_date(ends).type("Renewal");
    office.deal("moved").stage("s4").stage_since(september + 24h).close_date(ends).type("Renewal");
    const auto check = [&](const char* id, const char* summary) {
        const auto findings = office.find(id);
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].summary == summary);
        CHECK(findings[0].since == at(2026y / 10 / 21, 0));
        CHECK(findings[0].evidence.at(1).label == "clock opened");
        CHECK(findings[0].evidence.at(1).value == "2026-10-21");
    };
    check("opp.never_moved", "Still in its first stage 22 working days after its clock opened on "
                             "2026-10-21; the limit is 7.");
    check("opp.stalled", "In this stage for 22 working days since its clock opened on 2026-10-21; "
                         "the limit is 7.");
}

TEST_CASE("a customer of whom only sleeping renewals are open sleeps with them") {
    Office office;
    auto& world = office.world;
    world.account("acme").owner("ana").created(noon(2026y / 1 / 1));
    world.account("beta").owner("ana").created(noon(2026y / 1 / 1));
    office.deal("Acme").account("acme").close_date(day(2027y / 6 / 30)).type("Renewal");
    CHECK_FALSE(finds(office, "acct.no_next_step", "acme"));
    CHECK(finds(office, "acct.no_next_step", "beta"));
    CHECK(office.scorecard(1).reps.at(0).accounts->in_scope == 1);
    SECTION("until the clock of one opens") {
        office.deal("Acme").close_date(day(2027y / 1 / 19));
        office.deal("later").account("acme").close_date(day(2027y / 6 / 30)).type("Renewal");
        const auto findings = office.find("acct.no_next_step");
        REQUIRE(findings.size() == 2);
        for (const auto& finding : findings)
            if (finding.subject.id == "acme") CHECK(finding.since == at(2026y / 10 / 21, 0));
        CHECK(office.scorecard(1).reps.at(0).accounts->in_scope == 2);
    }
    SECTION("but not beside another deal") {
        office.deal("new").account("acme");
        CHECK(finds(office, "acct.no_next_step", "acme"));
    }
}

TEST_CASE("of a sleeping renewal it is still asked what came of a meeting") {
    Office office;
    office.deal("Acme").close_date(day(2027y / 6 / 30)).type("Renewal");
    office.world.meeting("m").owner("ana").opportunity("Acme").at(noon(2026y / 11 / 17));
    CHECK(finds(office, "mtg.no_follow_up", "Acme"));
    CHECK_FALSE(finds(office, "opp.no_next_step", "Acme"));
}

TEST_CASE("a recurring task that was missed twice running is no next step any more") {
    struct Case {
        const char* name;
        int missed;  // weekly occurrences that are past and open
        bool is_series;
        bool overdue;
    };
    const auto c = GENERATE(values<Case>({
        {"once", 1, true, false},
        {"twice", 2, true, true},
        // Two tasks that are past beside one to come are no series: the one to come counts.
        {"twice, of no series", 2, false, false},
    }));
    DYNAMIC_SECTION(c.name) {
        Office office;
        office.deal("Acme");
        // One of this week, the ones missed before it, and 52 to come.
        for (int week = -c.missed; week < 52; ++week) {
            auto& task = office.world.task(fmt::format("t{}", week))
                             .owner("ana")
                             .opportunity("Acme")
                             .due_on(day(2026y / 11 / 20) + std::chrono::days{7 * week + 2});
            if (c.is_series) task.set("series", "master");
        }
        CHECK(finds(office, "opp.next_step_overdue", "Acme") == c.overdue);
        CHECK_FALSE(finds(office, "opp.no_next_step", "Acme"));
    }
}

TEST_CASE("a rep in another country has its holidays and its week, and not the team's") {
    // The team's Thursday 19 November is a holiday; bob lives where Sunday is worked, Friday is
    // not, and Wednesday is a holiday.
    Office office;
    auto& world = office.world;
    auto roster = world.roster();
    auto& team = roster.teams[0];
    team.holidays.insert(day(2026y / 11 / 19));
    team.half_days.set(0);
    const auto worked = [&](std::size_t member) {
        world.set_roster(roster);
        const auto people = world.people();
        return people.reps[member].calendar.working_days(day(2026y / 11 / 16),
                                                         day(2026y / 11 / 23));
    };
    auto& bob = team.members[1];
    bob.holidays.insert(day(2026y / 11 / 18));
    // With no more than holidays beside the team's he would be off on both days: half a Monday,
    // Tuesday, Friday.
    REQUIRE(worked(1) == 2.5);
    bob.team_holidays = false;
    bob.work_week = std::bitset<7>{0b1001111};  // Sunday to Thursday
    CHECK(worked(1) == 4);                      // Monday, Tuesday, Thursday, Sunday
    CHECK(worked(0) == 3.5);                    // ana: half a Monday, Tuesday, Wednesday, Friday
    bob.half_days.set(3);
    CHECK(worked(1) == 3.5);
    bob.work_week.reset();
    CHECK(worked(1) == 3.5);  // the team's Monday to Friday, Thursday for half, without Wednesday
}
