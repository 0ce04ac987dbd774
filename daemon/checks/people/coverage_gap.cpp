// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/holds.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/review/coverage.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

namespace nudged::checks {
namespace {

std::string money_text(double amount, const std::string& currency) {
    return currency.empty() ? number_text(amount) : number_text(amount) + " " + currency;
}

/// A source that is behind may hold the deals that are missing here: then nobody is judged.
bool is_proven(const Scene& scene, std::vector<Held>& held) {
    Proof proof(scene, "rep.coverage_gap", opportunity_feed(), held);
    bool all = true;
    for (const auto& [source, states] : streams_of(scene))
        if (tells(scene, source, model::Entity::opportunity)) all = proof.holds(source, {}) && all;
    return all;
}

Finding gap_finding(const Scene& scene, const warehouse::Rep& rep, const QuarterCoverage& coverage,
                    double needed) {
    const auto& currency = coverage.currency;
    Finding finding;
    finding.check = "rep.coverage_gap";
    finding.severity = Severity::info;
    finding.subject = {"person", "", fmt::format("{}", static_cast<std::int64_t>(rep.id)), rep.name,
                       ""};
    finding.owner = rep.id;
    finding.team = scene.people.team_of(rep).name;
    finding.aspect = coverage.quarter.name();
    finding.since = rep.zone.instant(LocalTime{coverage.quarter.from});
    finding.summary = fmt::format(
        "{}: {} of real pipeline to close in the quarter covers what is left {:.2f} times; at a "
        "win rate of {:.0f} % it takes {:.1f}.",
        coverage.quarter.name(), money_text(coverage.real, currency), coverage.ratios->real,
        100 * *coverage.win_rate, *coverage.required());
    finding.question = "What would bring pipeline for the rest of the quarter, and where could it "
                       "come from?";
    const auto add = [&](std::string label, std::string value) {
        finding.evidence.push_back({std::move(label), std::move(value), ""});
    };
    add("quota", money_text(coverage.quota, currency));
    add("won so far", money_text(coverage.won, currency));
    add("left", money_text(coverage.left, currency));
    add("open", fmt::format("{} in {}, {:.2f} times", money_text(coverage.open, currency),
                            count_text(coverage.open_deals, "deal"), coverage.ratios->headline));
    add("of that real",
        fmt::format("{} in {}, {:.2f} times", money_text(coverage.real, currency),
                    count_text(coverage.real_deals, "deal"), coverage.ratios->real));
    if (scene.options.criteria.empty()) add("criteria", "none: every open deal counts as real");
    add("needed", money_text(std::round(needed), currency));
    add("win rate", fmt::format("{:.1f} %: own {} of {}, with the team's {} of {} as 20 more",
                                100 * *coverage.win_rate, coverage.own_won, coverage.own_closed,
                                coverage.team_won, coverage.team_closed));
    if (coverage.left_out > 0)
        add("left out", count_text(coverage.left_out, "deal") + " of another currency or without "
                                                                "an amount");
    return finding;
}

}  // namespace

void rep_coverage_gap(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    if (scene.options.quotas.empty() || !is_proven(scene, held)) return;
    const int least = scene.options.rep_coverage_gap.minimum_deals;
    std::set<std::string> too_few;  // teams
    for (const auto& rep : scene.people.reps) {
        const auto today = rep.zone.local_day(scene.as_of);
        if (scene.people.rep(rep.id) != &rep) continue;  // an earlier stay of theirs
        if ((rep.from && today < *rep.from) || (rep.until && today >= *rep.until)) continue;
        const auto coverage = coverage_of(scene, rep);
        if (!coverage || coverage->left <= 0) {
            quiet(scene, "rep.coverage_gap", rep.id,
                  "no [[quota]] is theirs this quarter, or it is reached");
            continue;
        }
        const auto& team = scene.people.team_of(rep).name;
        if (!coverage->required()) {
            if (too_few.insert(team).second) {
                held.push_back({"rep.coverage_gap", "",
                                fmt::format("{} closed {} and won {} in {} months; a win rate "
                                            "needs {} and a win",
                                            team, count_text(coverage->team_closed, "deal"),
                                            coverage->team_won,
                                            scene.options.rep_coverage_gap.win_months, least)});
                note_hold(scene, held.back(), {HeldFor::What::team, {"", team}});
            }
            continue;
        }
        const double needed = coverage->left * *coverage->required();
        if (coverage->real < needed)
            findings.push_back(gap_finding(scene, rep, *coverage, needed));
        else
            quiet(scene, "rep.coverage_gap", rep.id, "their real pipeline is {}, and {} is needed",
                  money_text(coverage->real, coverage->currency),
                  money_text(std::round(needed), coverage->currency));
    }
}

}  // namespace nudged::checks
