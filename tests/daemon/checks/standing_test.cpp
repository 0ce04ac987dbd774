// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/standing.hpp"

#include "daemon/checks/kpi/coverage_weeks.hpp"
#include "daemon/warehouse/change_notes.hpp"
#include "tests/daemon/checks/standing_script.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace nudged;

namespace {

/// How many scripts of how many steps: a few seconds, or as many as somebody asks for.
int from_environment(const char* name, int usual) {
    const char* text = std::getenv(name);
    return text ? std::atoi(text) : usual;
}

std::string line_of(const char* what, const warehouse::Finding& finding) {
    std::string line = fmt::format(
        "{} {} {} {}/{}/{} \"{}\" {} owner {} team {} aspect {} since {} {} | {} | {}", what,
        finding.check, to_string(finding.severity), finding.subject.type, finding.subject.source,
        finding.subject.id, finding.subject.name, finding.subject.url,
        static_cast<std::int64_t>(finding.owner), finding.team, finding.aspect,
        to_millis(finding.since), finding.amount ? finding.amount->str() : "-", finding.summary,
        finding.question);
    for (const auto& fact : finding.evidence)
        line += fmt::format(" | {}: {} {}", fact.label, fact.value, fact.url);
    return line + (finding.is_praise ? " praise" : "");
}

/// Everything that an evaluation says.
std::vector<std::string> lines_of(const checks::Evaluation& evaluation,
                                  const std::vector<warehouse::CoverageWeek>& coverage) {
    std::vector<std::string> lines;
    for (const auto& finding : evaluation.findings) lines.push_back(line_of("found", finding));
    for (const auto& finding : evaluation.folded) lines.push_back(line_of("folded", finding));
    for (const auto& one : coverage)
        lines.push_back(fmt::format("coverage {} {} {} {} of {} {} {}",
                                    static_cast<std::int64_t>(one.person), to_string(one.object),
                                    one.week.str(), one.covered, one.in_scope,
                                    format_date(one.seen_on), to_millis(one.seen_at)));
    for (const auto& held : evaluation.held)
        lines.push_back(fmt::format("held {} {} {} {}", held.check, held.source, held.reason,
                                    held.keeps_findings));
    for (const auto& one : evaluation.held_back)
        lines.push_back(fmt::format("held back {} {} {} {} {} {}", one.check,
                                    static_cast<std::int64_t>(one.owner), one.name, one.team,
                                    one.what, one.reason));
    for (const auto& [person, day] : evaluation.departed)
        lines.push_back(
            fmt::format("left {} {}", static_cast<std::int64_t>(person), format_date(day)));
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::string differences(const std::vector<std::string>& whole,
                        const std::vector<std::string>& part) {
    std::string text;
    for (const auto& line : whole)
        if (!std::binary_search(part.begin(), part.end(), line)) text += "- " + line + "\n";
    for (const auto& line : part)
        if (!std::binary_search(whole.begin(), whole.end(), line)) text += "+ " + line + "\n";
    return text;
}

/// Both as they are read, one after the other.
bool is_in_order(const checks::Evaluation& one, const checks::Evaluation& other) {
    const auto is_same = [](const warehouse::Findings& some, const warehouse::Findings& others) {
        return std::ranges::equal(
            some, others, {}, [](const auto& finding) { return line_of("", finding); },
            [](const auto& finding) { return line_of("", finding); });
    };
    return is_same(one.findings, other.findings) && is_same(one.folded, other.folded);
}

/// What the scripts came to, so that it can be seen what was compared.
struct Tally {
    int evaluations = 0;
    int parts = 0;
    std::size_t findings = 0;
    std::map<std::string, int> of_parts;  // checks that found something or were held, departures

    void add(const checks::Evaluation& evaluation) {
        for (const auto* findings_of : {&evaluation.findings, &evaluation.folded})
            for (const auto& finding : *findings_of) ++of_parts[finding.check];
        for (const auto& held : evaluation.held) ++of_parts["held " + held.check];
        if (!evaluation.departed.empty()) ++of_parts["departed"];
    }
};

/// What differs after the first step where anything does; empty for nothing.
std::string run_script(std::uint32_t seed, int steps, Tally& tally) {
    tests::World world;
    tests::StandingScript script{world, seed};
    warehouse::ChangeNotes notes{world.database()};
    checks::Standing standing;
    for (int step = 0; step < steps; ++step) {
        const auto now = script.now();
        const auto people = world.people();
        const auto reader = world.reader();
        const checks::Scene of_standing{reader, people, script.options(), now};
        const auto found = standing.evaluate(of_standing, notes.take(now));
        const auto part = lines_of(found, checks::count_coverage(of_standing));
        const checks::Scene scene{reader, people, script.options(), now};
        const auto expected = checks::evaluate(scene);
        const auto whole = lines_of(expected, checks::count_coverage(scene));
        ++tally.evaluations;
        tally.parts += !standing.was_whole();
        tally.findings += whole.size();
        if (whole != part)
            return fmt::format("step {}{}\n{}{}", step, standing.was_whole() ? ", whole" : "",
                               differences(whole, part), script.log());
        if (!is_in_order(found, expected))
            return fmt::format("step {}: another order\n{}", step, script.log());
        if (!standing.was_whole()) tally.add(found);
        script.step();
    }
    return "";
}

}  // namespace

TEST_CASE("what is looked at again after any edits and times gives what looking at all gives") {
    const auto first_seed = static_cast<std::uint32_t>(
        from_environment("NUDGED_FIRST_SEED", static_cast<int>(std::random_device{}() >> 2)));
    const int scripts = from_environment("NUDGED_STANDING_SCRIPTS", 8);
    const int steps = from_environment("NUDGED_STANDING_STEPS", 40);
    Tally tally;
    for (int i = 0; i < scripts; ++i) {
        const auto seed = first_seed + static_cast<std::uint32_t>(i);
        const auto wrong = run_script(seed, steps, tally);
        if (!wrong.empty()) FAIL("seed " << seed << "\n" << wrong);
    }
    std::printf("standing findings: first seed %u, %d evaluations, %d of a part, %zu lines\n",
                first_seed, tally.evaluations, tally.parts, tally.findings);
    if (std::getenv("NUDGED_STANDING_TELLS"))
        for (const auto& [what, times] : tally.of_parts)
            std::printf("  %s: %d\n", what.c_str(), times);
    CHECK(tally.parts * 10 > tally.evaluations);  // there was something to compare
    CHECK(tally.findings > 0);
}

namespace {

/// Looks as the daemon does, again and again.
struct Looks {
    tests::World& world;
    checks::CheckOptions options{};
    warehouse::ChangeNotes notes{world.database()};
    checks::Standing standing{};

    checks::Evaluation at(Instant now) {
        const auto people = world.people();
        const auto reader = world.reader();
        return standing.evaluate({reader, people, options, now}, notes.take(now));
    }
};

bool is_held(const checks::Evaluation& evaluation, std::string_view check) {
    return std::ranges::any_of(evaluation.held,
                               [&](const auto& held) { return held.check == check; });
}

bool is_found(const checks::Evaluation& evaluation, std::string_view check) {
    return std::ranges::any_of(evaluation.findings,
                               [&](const auto& finding) { return finding.check == check; });
}

}  // namespace

TEST_CASE("a check is held no more once the last deal that it was held for is closed") {
    using namespace std::chrono_literals;
    const auto now = tests::noon(2026y / 11 / 18);
    tests::World world{now};
    world.team("north").manager("max").rep("ana").rep("ben").rep("eva").rep("ida");
    world.opportunity("Acme").owner("ana").forecast_category("commit").created(now - 240h);
    world.opportunity("Beta").owner("ben").created(now - 240h);
    // No e-mail is told, so that nobody knows whether the customer answered.
    for (const auto entity : {model::Entity::opportunity, model::Entity::call, model::Entity::user})
        world.mark_complete(entity, now);
    world.reader();
    Looks looks{world};
    CHECK(is_held(looks.at(now), "opp.commit_cold"));

    world.now(now + 1min);
    world.opportunity("Acme").won().closed_at(now);
    const auto then = looks.at(now + 5min);
    CHECK_FALSE(looks.standing.was_whole());
    CHECK_FALSE(is_held(then, "opp.commit_cold"));
    CHECK(is_held(then, "opp.ghosted"));  // for Beta
}

TEST_CASE("nothing is found of a rep from the day on which they left, though nothing was written") {
    using namespace std::chrono_literals;
    const auto now = tests::at(2026y / 11 / 18, 23, 50);
    tests::World world{now};
    world.team("north").manager("max").rep("ben").rep("eva").member("ana", std::nullopt,
                                                                    tests::day(2026y / 11 / 19));
    world.opportunity("Acme").owner("ana").close_date(tests::day(2026y / 11 / 2));
    world.mark_all_complete(now);
    world.reader();
    Looks looks{world};
    const auto before = looks.at(now);
    CHECK(is_found(before, "opp.past_close"));
    CHECK(before.departed.empty());

    const auto after = looks.at(now + 10min);
    CHECK_FALSE(is_found(after, "opp.past_close"));
    CHECK(after.departed.size() == 1);
}
