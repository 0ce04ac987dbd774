// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/case_trial.hpp"
#include "daemon/cli/why_not.hpp"
#include "tests/paths.hpp"
#include "tests/support/process.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;

namespace {

const std::string example = NUDGED_SOURCE_DIR "/config/examples/own-checks/";

std::shared_ptr<const config::Config> example_config() {
    const auto loaded = config::load(example + "nudged.toml");
    INFO(loaded.problems.str());
    REQUIRE(loaded.config);
    return loaded.config;
}

/// The cases of a text, which must be good.
std::vector<config::RuleCase> cases_of(const std::string& text) {
    const TempFolder folder;
    Diagnostics problems;
    auto cases = config::read_cases(folder.write("cases.toml", text), problems);
    INFO(problems.str());
    REQUIRE_FALSE(problems.has_errors());
    return cases;
}

const std::string one_deal = R"(
[[case]]
name = "one deal"
as_of = 2026-11-20T12:00:00Z
[[case.given.opportunity]]
id = "acme"
owner = "ana@example.com"
close_date = 2026-11-02
created_at = 2026-11-01T00:00:00Z
)";

/// A configuration over a World's warehouse.
struct Desk {
    World world{noon(2026y / 11 / 20)};
    config::Config config;
    TempFolder folder;

    Desk() {
        world.team("north").manager("max").rep("ana");
        world.mark_all_complete(noon(2026y / 11 / 20));
        config.roster = world.roster();
        config.daemon.state_dir = folder.path().string();
        std::filesystem::create_symlink(world.path(), config.warehouse_path());
    }
    std::string ask(const char* check, const char* subject) {
        world.reader();
        const cli::View view(config, noon(2026y / 11 / 20));
        return cli::why_not(view, check, subject);
    }
};

}  // namespace

TEST_CASE("the cases that ship pass") {
    const auto config = example_config();
    Diagnostics problems;
    const auto cases = config::read_cases(example + "cases.toml", problems);
    CHECK(problems.str().empty());
    REQUIRE(cases.size() == 2);
    CHECK(cases[0].given.size() == 6);
    for (const auto& one : cases)
        for (const auto& difference : cli::try_case(*config, one).differences) FAIL(difference);
}

TEST_CASE("a case tells what was found and not expected, and why what was expected was not") {
    const auto config = example_config();
    const auto cases = cases_of(one_deal + R"([case.expect]
"opp.past_close" = ["opportunity/other"]
"opp.amount_missing" = ["opportunity/acme"]
"opp.pastclose" = []
)");
    const auto differences = cli::try_case(*config, cases[0]).differences;
    REQUIRE(differences.size() == 4);
    CHECK(differences[0] == "- opp.amount_missing opportunity/acme  expected, not found, because "
                            "it is in stage 0 of 0 (0: not known); an amount is asked for from "
                            "stage 3");
    CHECK_THAT(differences[1],
               Catch::StartsWith("+ opp.past_close opportunity/acme  found, not expected: Still"));
    CHECK(differences[2] == "- opp.past_close opportunity/other  expected, not found");
    CHECK_THAT(differences[3], Catch::Contains("there is no check opp.pastclose, did you mean"));
}

TEST_CASE("a file of cases is checked whole, with the place of each problem") {
    const TempFolder folder;
    folder.write("bad.csv", "id,amount\n1,much\n");
    Diagnostics problems;
    config::read_cases(folder.write("cases.toml", R"([[case]]
name = "x"
as_of = "soon"
when = 1
[case.given]
deal = "x.csv"
opportunity = "bad.csv"
[[case.given.task]]
id = "1"
due = 2026-11-20
[[case.given.call]]
started_at = 2026-11-20T12:00:00Z
)"),
                       problems);
    for (const auto* part : {
             "cases.toml:3:9: \"as_of\" must be a moment",
             "cases.toml:4:1: \"when\" is not known",
             "cases.toml:6:1: there is no entity \"deal\"",
             "bad.csv:2: \"amount\" must be a number",
             "a task has no field \"due\"",
             "a call has no \"id\"",
             "\"expect\" is missing in [[case]]",
         })
        CHECK_THAT(problems.str(), Catch::Contains(part));
}

TEST_CASE("why-not tells of a deal that is not open, held, switched off, folded, or does fire") {
    Desk desk;
    auto& world = desk.world;
    world.opportunity("won").owner("ana").won().created(noon(2026y / 9 / 1));
    world.opportunity("gone").owner("ana").created(noon(2026y / 9 / 1)).deleted();
    world.opportunity("late")
        .owner("ana")
        .created(noon(2026y / 9 / 1))
        .close_date(day(2026y / 11 / 2));
    world.opportunity("soon")
        .owner("ana")
        .created(noon(2026y / 9 / 1))
        .close_date(day(2026y / 12 / 2));
    CHECK_THAT(desk.ask("opp.past_close", "crm/won"),
               Catch::Contains("because it is not open: won"));
    CHECK_THAT(desk.ask("opp.past_close", "crm/gone"), Catch::Contains("because it is deleted"));
    CHECK_THAT(desk.ask("opp.past_close", "crm/soon"),
               Catch::Contains("because it closes on 2026-12-02"));
    CHECK_THAT(desk.ask("opp.past_close", "crm/late"), Catch::Contains("It does fire: "));
    CHECK_THAT(desk.ask("opp.past_close", "crm/late"), Catch::Contains("`nudged explain "));

    desk.config.checks.opp_past_close.enabled = false;
    CHECK_THAT(desk.ask("opp.past_close", "crm/late"), Catch::Contains("switched off"));
    desk.config.checks.opp_past_close.enabled = true;

    // Ten stale deals of one owner: the layer stands for them.
    for (int i = 0; i < 10; ++i)
        world.opportunity(fmt::format("old{}", i)).owner("ana").created(noon(2026y / 9 / 1));
    CHECK_THAT(desk.ask("opp.idle", "crm/old1"), Catch::Contains("stands for all stale deals"));
    CHECK_THAT(desk.ask("rep.stale_layer", "ana@example.com"), Catch::Contains("It does fire"));

    world.mark_complete(model::Entity::opportunity, noon(2026y / 11 / 19));
    CHECK_THAT(desk.ask("opp.past_close", "crm/late"),
               Catch::Contains("the check is held: crm's opportunities were last complete"));
}

TEST_CASE("why-not tells what a check says that judges what little it knows") {
    Desk desk;
    auto& world = desk.world.in("plain");
    world.mark_complete(model::Entity::opportunity, noon(2026y / 11 / 20));
    world.opportunity("acme").owner("ana").created(noon(2026y / 9 / 1)).amount("900");
    const auto told = desk.ask("opp.amount_drop", "plain/acme");
    CHECK_THAT(told, Catch::Contains("the check is held: plain tells no history of opportunities"));
    CHECK_THAT(told, Catch::Contains("because no change of its amount is known"));
}

TEST_CASE("why-not tells why a week that was worked out is kept back") {
    Desk desk;
    checks::Kpi kpi;
    kpi.name = kpi.measure = "dials";
    kpi.label = "Dials";
    kpi.why = "Ninety dials a week become one deal.";
    kpi.targets[""] = 90;
    desk.config.checks.kpis.push_back(kpi);
    // Sales practice §8.3: of 60.5 a week, 46 come about by luck in 3.18 of 100 weeks.
    const int weeks[] = {52, 66, 58, 71, 49, 63, 60, 65, 46};
    for (int week = 0; week < 9; ++week)
        for (int call = 0; call < weeks[week]; ++call)
            desk.world.call(fmt::format("{}-{}", week, call))
                .owner("ana")
                .direction("outbound")
                .at(noon(2026y / 9 / 14) + std::chrono::days{7 * week + call % 5});
    const auto told = desk.ask("kpi.unusual_week", "ana@example.com");
    CHECK_THAT(told, Catch::Contains("Dials in 2026-W46: 46, where"));
    CHECK_THAT(told, Catch::Contains("luck does that in 3.18 of 100 weeks"));
}

TEST_CASE("why-not says what it cannot answer") {
    Desk desk;
    desk.world.task("t").owner("ana").due_on(day(2026y / 11 / 2));
    CHECK_THROWS_AS(desk.ask("opp.nonsense", "crm/t"), cli::Exit);
    CHECK_THROWS_AS(desk.ask("opp.idle", "crm/t"), cli::Exit);
    CHECK_THROWS_AS(desk.ask("opp.idle", "ana@example.com"), cli::Exit);
    CHECK_THROWS_AS(desk.ask("opp.idle", "crm/none"), cli::Exit);
    CHECK_THROWS_AS(desk.ask("rep.no_data", "nobody@example.com"), cli::Exit);
    CHECK_THAT(desk.ask("task.overdue", "crm/t"), Catch::Contains("It does fire"));
}
