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

/// Everything that an evaluation says, but for what is held.
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
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::vector<std::string> held_lines(const checks::Evaluation& evaluation) {
    std::vector<std::string> lines;
    for (const auto& held : evaluation.held)
        lines.push_back(fmt::format("held {} {} {} {}", held.check, held.source, held.reason,
                                    held.keeps_findings));
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
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

struct Tally {
    int evaluations = 0;
    int parts = 0;
    std::size_t findings = 0;
};

/// What differs after the first step where anything does; empty for nothing.
std::string run_script(std::uint32_t seed, int steps, Tally& tally) {
    tests::World world;
    tests::StandingScript script{world, seed};
    warehouse::ChangeNotes notes{world.database()};
    checks::Standing standing;
    for (int step = 0; step < steps; ++step) {
        // No record is of exactly this moment.
        const auto now = script.now() + std::chrono::milliseconds{1};
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
        const auto held = held_lines(found);
        for (const auto& line : held_lines(expected))
            if (!std::binary_search(held.begin(), held.end(), line))
                return fmt::format("step {}: not {}\n{}", step, line, script.log());
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
    CHECK(tally.parts * 10 > tally.evaluations);  // there was something to compare
    CHECK(tally.findings > 0);
}
