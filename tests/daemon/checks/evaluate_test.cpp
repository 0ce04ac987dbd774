// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/everything.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

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

/// How many statements all checks run.
std::size_t statements_of(Office& office) {
    const auto people = office.world.people();
    const auto reader = office.world.reader();
    std::size_t statements = 0;
    sqlite3_trace_v2(
        reader.database().handle(), SQLITE_TRACE_STMT,
        [](unsigned, void* counter, void*, void*) {
            ++*static_cast<std::size_t*>(counter);
            return 0;
        },
        &statements);
    checks::evaluate({reader, people, office.options, friday});
    sqlite3_trace_v2(reader.database().handle(), 0, nullptr, nullptr);
    return statements;
}

/// Deals of ana's, with customers and what happened with them, open and won.
void more_deals(Office& office, std::string_view prefix, int count) {
    for (int i = 0; i < count; ++i) {
        const auto id = fmt::format("{}-{}", prefix, i);
        office.deal(id).pipeline("p").stage("s3").account(id).amount("5000").close_date(
            day(2026y / 12 / 1));
        office.world.account(id).owner("ana").created(noon(2026y / 9 / 1));
        office.world.email(id)
            .owner("ana")
            .opportunity(id)
            .direction("outbound")
            .at(noon(2026y / 11 / 3));
        office.world.opportunity(id + "-won").owner("ana").closed_at(noon(2026y / 11 / 2)).won();
    }
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

TEST_CASE("checks ask the warehouse as often for many deals as for few") {
    // Else a large organisation's deals cost a question each: it is the number that grows, whatever
    // the time that one takes here.
    Office office;
    everything(office);
    auto& criterion = office.options.criteria.emplace_back();
    criterion.name = "Its type is known";
    criterion.is_mandatory = true;
    criterion.evidence = checks::Evidence::field;
    criterion.field = "type";
    more_deals(office, "few", 1);
    const auto few = statements_of(office);
    more_deals(office, "many", 40);
    CHECK(statements_of(office) == few);
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

TEST_CASE("rules of what has changed say once that a source has no history") {
    World world{friday};
    world.team("north").manager("max").rep("ana");
    for (int i = 0; i < 5; ++i)
        world.opportunity(std::to_string(i)).owner("ana").created(noon(2026y / 1 / 1));
    world.mark_complete(model::Entity::opportunity, friday);
    const checks::CheckOptions options;
    const auto people = world.people();
    for (const auto* check : {"opp.close_pushed", "opp.period_push", "opp.stage_back",
                              "opp.stage_skipped", "opp.amount_drop"}) {
        CAPTURE(check);
        CHECK(checks::find_check(check)->needs_history);
        const auto held = [&] {
            const auto reader = world.reader();
            const auto evaluation = checks::evaluate({reader, people, options, friday}, check);
            CHECK(evaluation.findings.empty());
            return evaluation.held;
        };
        REQUIRE(held().size() == 1);
        CHECK(held()[0].reason == "crm tells no history of opportunities");
        CHECK_FALSE(held()[0].keeps_findings);
    }
    world.mark_complete(model::Entity::opportunity_change, friday);
    const auto reader = world.reader();
    CHECK(checks::evaluate({reader, people, options, friday}, "opp.period_push").held.empty());
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
