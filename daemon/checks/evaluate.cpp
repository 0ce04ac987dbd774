// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/evaluate.hpp"

#include "daemon/checks/departed.hpp"
#include "daemon/checks/kpi/surprise.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/sql/sql_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

namespace nudged::checks {
namespace {

/// One item for a person's stale layer stands for all of its members.
void fold_stale_layers(Evaluation& evaluation) {
    std::set<warehouse::PersonId> stale;
    for (const auto& finding : evaluation.findings)
        if (finding.check == "rep.stale_layer") stale.insert(finding.owner);
    const auto folded = std::stable_partition(
        evaluation.findings.begin(), evaluation.findings.end(), [&](const Finding& finding) {
            return (finding.check != "opp.stalled" && finding.check != "opp.never_moved" &&
                    finding.check != "opp.idle") ||
                   !stale.contains(finding.owner);
        });
    evaluation.folded.assign(std::make_move_iterator(folded),
                             std::make_move_iterator(evaluation.findings.end()));
    evaluation.findings.erase(folded, evaluation.findings.end());
}

/// Most severe first, then by amount, then the oldest; the rest only fixes the order.
bool comes_before(const Finding& one, const Finding& other) {
    if (one.severity != other.severity) return one.severity > other.severity;
    if (one.amount && other.amount && *one.amount != *other.amount)
        return *one.amount > *other.amount;
    if (one.amount.has_value() != other.amount.has_value()) return one.amount.has_value();
    const auto rest = [](const Finding& finding) {
        return std::tie(finding.since, finding.check, finding.subject.source, finding.subject.type,
                        finding.subject.id, finding.aspect);
    };
    return rest(one) < rest(other);
}

/// What those of the checks that ran worked out and kept to themselves.
void add_held_back(const Scene& scene, std::string_view only, Evaluation& evaluation) {
    if (!scene.surprises) return;
    for (const auto& one : scene.surprises->held_back) {
        const auto* check = find_check(one.check);
        if (only.empty() ? check && check->is_enabled(scene.options) : one.check == only)
            evaluation.held_back.push_back(one);
    }
}

/// What is somebody's whose team shows no figures of theirs, whichever check worked it out.
void leave_out_shielded(const warehouse::People& people, Evaluation& evaluation) {
    if (people.shielded.empty()) return;
    std::set<std::string> subjects;
    for (const auto& rep : people.shielded)
        subjects.insert(fmt::format("{}", fmt::underlying(rep.id)));
    std::erase_if(evaluation.findings, [&](const Finding& finding) {
        return people.is_shielded(finding.owner) ||
               (finding.subject.type == "person" && subjects.contains(finding.subject.id));
    });
    std::erase_if(evaluation.held_back,
                  [&](const HeldBack& one) { return people.is_shielded(one.owner); });
}

}  // namespace

void run_check(const Scene& scene, const Check& check, Evaluation& evaluation) {
    if (!is_enabled_somewhere(scene.options, check)) return;
    Findings findings;
    check.run(scene, findings, evaluation.held);
    for (auto& finding : findings)
        if (is_enabled_for(scene, check, finding))
            evaluation.findings.push_back(std::move(finding));
}

Evaluation evaluate(const Scene& scene, std::string_view only) {
    Evaluation evaluation;
    for (const auto& check : catalog())
        if (only.empty())
            run_check(scene, check, evaluation);
        else if (check.id == only)
            check.run(scene, evaluation.findings, evaluation.held);
    complete(scene, only, evaluation);
    return evaluation;
}

void complete(const Scene& scene, std::string_view only, Evaluation& evaluation) {
    run_sql_checks(scene, only, evaluation.findings, evaluation.held);
    add_held_back(scene, only, evaluation);
    leave_out_shielded(scene.people, evaluation);
    leave_out_departed(scene, evaluation);
    if (only.empty()) fold_stale_layers(evaluation);
    for (auto* findings : {&evaluation.findings, &evaluation.folded})
        std::sort(findings->begin(), findings->end(), comes_before);
}

}  // namespace nudged::checks
