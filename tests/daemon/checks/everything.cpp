// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/everything.hpp"

#include "daemon/warehouse/coaching_records.hpp"
#include "daemon/warehouse/commitment_verdicts.hpp"
#include "daemon/warehouse/commitments.hpp"
#include "daemon/warehouse/escalations.hpp"
#include "daemon/warehouse/plans.hpp"

#include <fmt/format.h>

namespace nudged::tests {
namespace {

using namespace std::chrono_literals;

/// Of what happens with customers.
void every_touch(Office& office) {
    auto& world = office.world;
    office.deal("silent").pipeline("p").stage("s3");
    for (const int date : {3, 5})
        world.email(fmt::format("mail-{}", date))
            .owner("ana")
            .opportunity("silent")
            .contact("kim")
            .direction("outbound")
            .at(noon(2026y / 11 / std::chrono::day(static_cast<unsigned>(date))));
    office.deal("met");
    world.meeting("demo").owner("ana").opportunity("met").at(noon(2026y / 11 / 17));
    office.options.leads.stages = {"s1"};
    world.opportunity("lead").owner("ana").stage("s1").created(noon(2026y / 11 / 13));
    world.opportunity("slow").owner("ana").stage("s1").created(noon(2026y / 11 / 18));
    world.call("answer").owner("ana").opportunity("slow").at(at(2026y / 11 / 18, 15));
    auto& criterion = office.options.criteria.emplace_back();
    criterion.name = "The next step is written down";
    criterion.is_mandatory = true;
    criterion.evidence = checks::Evidence::field;
    criterion.field = "next_step";
    office.options.quotas.push_back({"", "", "", 100'000, "", {}});
    for (int i = 0; i < 6; ++i)
        world.opportunity(fmt::format("closed-{}", i))
            .owner("ana")
            .closed_at(noon(2026y / 8 / 3))
            .won(i == 0);
}

/// What ana agreed to for a week, and said yes to in September.
warehouse::Commitment agreed(Office& office, const char* kpi, const char* week, double from,
                             double to) {
    return {.person = office.world.person("ana"),
            .kpi = kpi,
            .week = *IsoWeek::parse(week),
            .baseline = from,
            .promised = to,
            .agreed_by = "max",
            .agreed_at = noon(2026y / 9 / 1),
            .made_at = noon(2026y / 9 / 1)};
}

/// One KPI for each thing that can come of an agreement; ana's weeks 45 and 46 come to 40 and 41.
void agreements(Office& office) {
    auto& database = office.world.database();
    for (const auto* name : {"kept", "partly", "missed", "twice", "moved"}) {
        auto kpi = office.options.kpis.front();
        kpi.name = name;
        kpi.targets.clear();
        office.options.kpis.push_back(std::move(kpi));
    }
    warehouse::insert_commitment(database, agreed(office, "kept", "2026-W46", 30, 41));
    warehouse::insert_commitment(database, agreed(office, "partly", "2026-W46", 40, 42));
    warehouse::insert_commitment(database, agreed(office, "missed", "2026-W46", 50, 60));
    warehouse::insert_commitment(database, agreed(office, "twice", "2026-W45", 50, 60));
    warehouse::insert_commitment(database, agreed(office, "twice", "2026-W46", 50, 60));
    auto moved = agreed(office, "moved", "2026-W40", 50, 60);
    moved.id = warehouse::insert_commitment(database, moved);
    warehouse::insert_verdict(database, {.commitment = moved.id,
                                         .person = moved.person,
                                         .week = moved.week,
                                         .status = "excused",
                                         .working_days = 1,
                                         .decided_at = noon(2026y / 10 / 8)});
    moved.week = *IsoWeek::parse("2026-W48");
    moved.reason = "1 days worked in 2026-W40";
    moved.made_at = noon(2026y / 10 / 8);
    warehouse::revise_commitment(database, moved);
}

void change(Office& office, std::string_view deal, const char* field, const char* from,
            const char* to, Instant when) {
    office.world.change(fmt::format("{}/{}/{}", deal, field, to))
        .opportunity(deal)
        .field(field)
        .from(from)
        .to(to)
        .changed_at(when)
        .set("changed_by", "ana");
}

/// Ten deals of ana's that were won in a week, and ten that were lost after half a year.
void closed_deals(Office& office) {
    for (int i = 0; i < 20; ++i) {
        const auto id = fmt::format("closed-{}", i);
        const Instant created = noon(2026y / 1 / 5);
        const Instant ended = created + std::chrono::days{i < 10 ? 7 : 180};
        auto& deal = office.world.opportunity(id).owner("ana").pipeline("p").created(created);
        deal.won(i < 10).closed_at(ended).stage(i < 10 ? "won" : "lost").amount("100");
        change(office, id, "stage", "s2", i < 10 ? "won" : "lost", ended);
    }
}

/// Of each check about deals' own data.
void everything_about_deals(Office& office) {
    auto& world = office.world;
    world.task("no day").owner("ana").created(noon(2026y / 9 / 1));
    for (int week = 0; week < 4; ++week) {
        world.now(noon(2026y / 10 / 1) + std::chrono::days{7 * week});
        world.task("snoozed").owner("ana").due_on(day(2026y / 10 / 2) +
                                                  std::chrono::days{7 * week});
        world.reader();
    }
    world.now(friday);
    for (int i = 0; i < 5; ++i) {
        const auto id = fmt::format("moved-{}", i);
        office.deal(id).close_date(day(2027y / 1 / 29)).amount("5000").account("acme");
        change(office, id, "close_date", "2026-12-15", "2027-01-29",
               noon(2026y / 11 / 18) + std::chrono::minutes{i});
    }
    closed_deals(office);
    office.options.opp_close_unrealistic.minimum_deals = 10;
    office.deal("soon").pipeline("p").stage("s2").close_date(day(2026y / 11 / 24));
    office.options.opp_close_default.sources = {"crm"};
    office.deal("default").close_date(day(2026y / 9 / 30));
    office.deal("back").stage("s1");
    change(office, "back", "stage", "s3", "s1", noon(2026y / 11 / 18));
    office.deal("forth").stage("s4");
    change(office, "forth", "stage", "s1", "s4", noon(2026y / 11 / 18));
    office.deal("less").amount("40000");
    change(office, "less", "amount", "50000", "40000", noon(2026y / 11 / 18));
    office.options.opp_fields_missing.stages["s3"] = {"type"};
    office.deal("typeless").stage("s3");
    office.deal("handed over").owner("zoe");
    change(office, "handed over", "owner", "ana", "zoe", noon(2026y / 11 / 2));
    office.deal("of nobody here").owner("gone");
    office.deal("lost").lost().closed_at(noon(2026y / 11 / 10));
    office.deal("lost and told")
        .lost()
        .closed_at(noon(2026y / 11 / 10))
        .type("new business")  // which the CRM gives, then
        .set("lost_reason", "price");
}

/// Of what a manager writes down.
void everything_of_coaching(Office& office) {
    auto& world = office.world;
    world.reader();  // the roster is taken in
    auto& database = world.database();
    const warehouse::EscalationDraft trouble{.customer = "Acme",
                                             .rep = world.person("ana"),
                                             .manager = world.person("max"),
                                             .team = "north",
                                             .text = "",
                                             .next_step = "call them"};
    open_escalation(database, trouble, noon(2026y / 11 / 18));
    const auto closed = open_escalation(database, trouble, noon(2026y / 11 / 2));
    close_escalation(database, closed, "they stay", noon(2026y / 11 / 6));
    warehouse::NoteDraft note;
    note.rep = world.person("ana");
    note.team = "north";
    note.manager = world.person("max");
    note.body = "between us";
    note.held_on = day(2026y / 11 / 10);
    store_note(database, note, noon(2026y / 11 / 10));
    note.type = warehouse::NoteType::joint_call;
    note.skill = "discovery";
    for (const unsigned date : {9U, 12U, 17U}) {
        note.held_on = day(2026y / 11 / std::chrono::day{date});
        store_note(database, note, noon(2026y / 11 / std::chrono::day{date}));
    }
    const auto from = day(2026y / 10 / 5);
    store_plan(world.database(),
               {.rep = world.person("ana"),
                .manager = world.person("max"),
                .from = from,
                .until = from + std::chrono::days{42},
                .goals = {{"dials", 40, 60, {}, {}}},
                .follows = {}},
               noon(2026y / 10 / 5));
}

}  // namespace

void everything(Office& office) {
    auto& world = office.world;
    office.stages();
    every_touch(office);
    office.dials(90);
    office.deal("bare").close_date(day(2026y / 11 / 25)).amount("5000");
    office.deal("late").close_date(day(2026y / 11 / 2)).forecast_category("commit");
    office.deal("words").next_step("send the offer");
    office.deal("undated");
    world.task("u").owner("ana").opportunity("undated");
    office.deal("overdue");
    world.task("o").owner("ana").opportunity("overdue").due_on(day(2026y / 11 / 2));
    office.deal("far");
    world.task("f").owner("ana").opportunity("far").due_on(day(2027y / 2 / 1));
    office.deal("orphan");
    world.user("gone").email("gone@example.com").active(false);
    world.task("g").owner("gone").opportunity("orphan").due_on(day(2026y / 11 / 25));
    office.deal("stuck").stage("s4").stage_since(noon(2026y / 9 / 2));
    everything_about_deals(office);
    office.deal("pushed").close_date(day(2027y / 1 / 31));
    world.change("1")
        .opportunity("pushed")
        .field("close_date")
        .from("2026-09-30")
        .to("2026-10-31")
        .changed_at(noon(2026y / 9 / 20));
    world.change("2")
        .opportunity("pushed")
        .field("close_date")
        .from("2026-10-31")
        .to("2027-01-31")
        .changed_at(noon(2026y / 10 / 20));
    for (const auto* id : {"one", "two", "three"}) office.deal(id);
    world.account("quiet").owner("ana").created(noon(2026y / 9 / 1));
    world.opportunity("elsewhere").owner("zoe").created(noon(2026y / 9 / 1));
    world.opportunity("ownerless").created(noon(2026y / 9 / 1));
    for (int back = 8; back >= 1; --back)
        office.week_of_calls("ana", IsoWeek::parse("2026-W47")->plus(-back).str(), 40 + back % 2);
    agreements(office);
    everything_of_coaching(office);
    // Dora's dials drift, Emil's last week is unusual, and that of the west is everybody's.
    office.options.kpis[0].targets["east"] = 10;
    world.team("east").manager("eve").rep("dora").rep("emil").member("leo", std::nullopt,
                                                                     day(2026y / 11 / 16));
    world.account("left behind").owner("leo").created(noon(2026y / 9 / 1));
    world.team("west").manager("wes").rep("w1").rep("w2").rep("w3");
    for (int back = 11; back >= 1; --back) {
        const auto week = IsoWeek::parse("2026-W47")->plus(-back).str();
        office.week_of_calls("dora", week, back > 3 ? 20 : 12);
        office.week_of_calls("emil", week, back > 1 ? 20 : 5);
        for (const auto* rep : {"w1", "w2", "w3"})
            office.week_of_calls(rep, week, back > 1 ? 20 : 9);
    }
}

}  // namespace nudged::tests
