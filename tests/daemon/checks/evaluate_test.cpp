// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/commitment_verdicts.hpp"
#include "daemon/warehouse/commitments.hpp"
#include "tests/daemon/checks/scene.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

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
        .set("lost_reason", "price");
}

/// Something of every kind that is worth telling.
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
    // Dora's dials drift, Emil's last week is unusual, and that of the west is everybody's.
    office.options.kpis[0].targets["east"] = 10;
    world.team("east").manager("eve").rep("dora").rep("emil");
    world.team("west").manager("wes").rep("w1").rep("w2").rep("w3");
    for (int back = 11; back >= 1; --back) {
        const auto week = IsoWeek::parse("2026-W47")->plus(-back).str();
        office.week_of_calls("dora", week, back > 3 ? 20 : 12);
        office.week_of_calls("emil", week, back > 1 ? 20 : 5);
        for (const auto* rep : {"w1", "w2", "w3"})
            office.week_of_calls(rep, week, back > 1 ? 20 : 9);
    }
}

std::string text_of(const checks::Findings& findings) {
    std::string text;
    for (const auto& finding : findings) {
        text += fmt::format("{} {} {} {} {} {} | {} | {}\n", finding.fingerprint(), finding.check,
                            to_string(finding.severity), finding.subject.id,
                            static_cast<std::int64_t>(finding.owner), format_instant(finding.since),
                            finding.summary, finding.question);
        for (const auto& evidence : finding.evidence)
            text += fmt::format("  {}: {}\n", evidence.label, evidence.value);
    }
    return text;
}

/// Every check by itself, so that nothing is folded away.
checks::Findings all_findings(Office& office, Instant as_of = friday) {
    checks::Findings all;
    for (const auto& check : checks::catalog())
        for (auto& finding : office.find(check.id, as_of)) all.push_back(std::move(finding));
    return all;
}

}  // namespace

TEST_CASE("every check of the catalog finds something in a world that has everything") {
    Office office;
    everything(office);
    for (const auto& check : checks::catalog()) {
        CAPTURE(check.id);
        CHECK_FALSE(office.find(check.id).empty());
        CHECK(checks::find_check(check.id) == &check);
    }
    CHECK_FALSE(checks::find_check("opp.nonsense"));
}

TEST_CASE("every check has its section in the manual") {
    std::ifstream file{NUDGED_SOURCE_DIR "/docs/checks.md"};
    std::stringstream manual;
    manual << file.rdbuf();
    for (const auto& check : checks::catalog()) {
        CAPTURE(check.id);
        CHECK(manual.str().find(fmt::format("\n### {}\n", check.id)) != std::string::npos);
    }
}

TEST_CASE("the same contents at the same moment give the same findings") {
    Office office;
    everything(office);
    // Figures are counted for the present owner of a deal, so bob has some either way.
    office.world.task("bob's").owner("bob").due_on(day(2026y / 11 / 27));
    const auto first = text_of(office.find(""));
    CHECK(text_of(office.find("")) == first);
    // What is stored about later moments changes nothing of this one.
    auto& world = office.world;
    world.change("later").opportunity("bare").field("owner").from("ana").to("bob").changed_at(
        noon(2026y / 11 / 23));
    world.opportunity("bare").owner("bob").fetched(noon(2026y / 11 / 23));
    world.call("later").owner("ana").opportunity("bare").at(noon(2026y / 11 / 23));
    world.opportunity("new").owner("ana").created(noon(2026y / 11 / 23));
    world.mark_all_complete(noon(2026y / 11 / 23));
    CHECK(text_of(office.find("")) == first);
    CHECK(text_of(office.find("", noon(2026y / 11 / 24))) != first);
}

TEST_CASE("a past moment shows the values of then, as far as the history reaches") {
    Office office;
    auto& world = office.world;
    world.now(noon(2026y / 11 / 10));
    office.stages();
    office.deal("Acme").stage("s3").close_date(day(2026y / 11 / 2)).owner("ana");
    world.reader();  // stored as of the 10th
    world.now(friday);
    world.opportunity("Acme").stage("s3").close_date(day(2026y / 12 / 24)).owner("bob").amount("9");
    CHECK(office.find("opp.past_close").empty());
    CHECK(office.find("opp.amount_missing").empty());
    const auto then = office.find("opp.past_close", noon(2026y / 11 / 19));
    REQUIRE(then.size() == 1);
    CHECK(then[0].owner == world.person("ana"));
    CHECK(office.find("opp.amount_missing", noon(2026y / 11 / 19)).size() == 1);
    // It did not exist in August.
    CHECK(office.find("opp.past_close", noon(2026y / 8 / 1)).empty());
}

TEST_CASE("rules about absence are held until it is proven") {
    Office office;
    everything(office);
    auto& world = office.world;
    const auto held_for = [&](const char* check) {
        const auto evaluation = office.evaluate(check);
        CHECK(evaluation.findings.empty());
        REQUIRE(evaluation.held.size() == 1);
        CHECK(evaluation.held[0].check == check);
        CHECK(evaluation.held[0].source == "crm");
        return evaluation.held[0].reason;
    };
    SECTION("a source that is behind") {
        world.mark_complete(model::Entity::task, friday - 6h - 1min);
        for (const auto* check : {"opp.no_next_step", "opp.next_step_overdue", "opp.next_step_far",
                                  "acct.no_next_step", "opp.idle", "task.overdue"}) {
            CAPTURE(check);
            CHECK(held_for(check) == "crm's tasks were last complete at 2026-11-20T05:59:00Z");
        }
        CHECK_FALSE(office.find("opp.past_close").empty());  // needs no tasks
    }
    SECTION("just fresh enough") {
        world.mark_complete(model::Entity::task, friday - 6h);
        CHECK_FALSE(office.find("opp.no_next_step").empty());
    }
    SECTION("opportunities that are behind hold what is judged by them") {
        world.mark_complete(model::Entity::opportunity, noon(2026y / 11 / 19));
        CHECK(held_for("opp.past_close") ==
              "crm's opportunities were last complete at 2026-11-19T12:00:00Z");
        CHECK_FALSE(office.find("opp.close_pushed").empty());  // what happened, happened
    }
    SECTION("a first load that is not finished") {
        auto& database = world.database();
        database.execute("INSERT INTO cursor (source_id, entity, lane, floor, position, updated_at)"
                         " VALUES (1, 'task', 'backfill', '', 'p7', 0)");
        CHECK(held_for("opp.no_next_step") == "the first load of crm's tasks is not finished");
    }
}

TEST_CASE("a source that tells no activities holds these rules once and never fires them") {
    World world{friday};
    world.in("maven");
    world.team("north").manager("max").rep("ana");
    for (int i = 0; i < 5; ++i)
        world.opportunity(std::to_string(i)).owner("ana").created(noon(2026y / 1 / 1));
    world.mark_complete(model::Entity::opportunity, friday);
    const checks::CheckOptions options;
    const auto people = world.people();
    const auto reader = world.reader();
    for (const auto* check : {"opp.no_next_step", "opp.idle"}) {
        const auto evaluation = checks::evaluate({reader, people, options, friday}, check);
        CHECK(evaluation.findings.empty());
        REQUIRE(evaluation.held.size() == 1);
        CHECK(evaluation.held[0].reason == "maven tells no tasks, calls or meetings");
    }
}

TEST_CASE("owners who are on no team are shown without one, and so is what nobody owns") {
    Office office;
    everything(office);
    std::map<std::string, checks::Finding> found;
    for (auto& finding : office.find("opp.no_next_step")) found[finding.subject.id] = finding;
    REQUIRE(found.contains("elsewhere"));
    CHECK(found["elsewhere"].owner == office.world.person("zoe"));
    CHECK(found["elsewhere"].team.empty());
    REQUIRE(found.contains("ownerless"));
    CHECK(found["ownerless"].owner == warehouse::PersonId::nobody);
}

TEST_CASE("a check that is switched off is silent unless it is asked for") {
    Office office;
    office.deal("Acme");
    office.options.opp_no_next_step.enabled = false;
    for (const auto& finding : office.find("")) CHECK(finding.check != "opp.no_next_step");
    CHECK(office.find("opp.no_next_step").size() == 1);
}

TEST_CASE("the most severe comes first, then the largest, then the oldest") {
    Office office;
    everything(office);
    const auto findings = office.find("");
    CHECK(std::is_sorted(findings.begin(), findings.end(), [](const auto& one, const auto& other) {
        return one.severity > other.severity;
    }));
    REQUIRE(findings.size() > 1);
    CHECK(findings[0].subject.id == "bare");  // high, with an amount
}

TEST_CASE("fingerprints tell findings apart and do not change from day to day") {
    Office office;
    everything(office);
    std::set<std::string> today;
    const auto findings = all_findings(office);
    for (const auto& finding : findings) today.insert(finding.fingerprint());
    CHECK(today.size() == findings.size());
    office.world.mark_all_complete(noon(2026y / 11 / 23));
    std::set<std::string> monday;
    for (const auto& finding : all_findings(office, noon(2026y / 11 / 23)))
        monday.insert(finding.fingerprint());
    CHECK(std::includes(monday.begin(), monday.end(), today.begin(), today.end()));
}

TEST_CASE("what is told asks, has a number, is short, and never shames") {
    Office office;
    everything(office);
    const std::vector<std::string> forbidden{
        "fail",  "bad",     "lazy",   "poor",         "violation",      "compliant", "offender",
        "worst", "naughty", "excuse", "unacceptable", "why didn't you", "you must",  "!"};
    const std::vector<std::string> openings{"What", "How", "Who", "When"};
    for (const auto& finding : all_findings(office)) {
        const std::string text = finding.summary + " " + finding.question;
        CAPTURE(finding.check, text);
        for (const auto& word : forbidden) CHECK(text.find(word) == std::string::npos);
        CHECK(std::any_of(openings.begin(), openings.end(), [&](const std::string& opening) {
            return finding.question.starts_with(opening + " ");
        }));
        CHECK(finding.question.ends_with("?"));
        CHECK(std::any_of(finding.summary.begin(), finding.summary.end(),
                          [](unsigned char c) { return std::isdigit(c); }));
        CHECK(std::count(text.begin(), text.end(), ' ') < 60);
        CHECK_FALSE(finding.evidence.empty());
    }
}
