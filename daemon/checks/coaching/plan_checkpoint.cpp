// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/rules.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/plans.hpp"

#include <fmt/format.h>

namespace nudged::checks {

void plan_checkpoint(const Scene& scene, Findings& findings, std::vector<Held>&) {
    for (const auto& plan : warehouse::read_plans(scene.reader)) {
        const auto* rep = scene.people.rep(plan.rep);
        if (!rep || plan.ended_at) continue;
        const auto day = plan.due(rep->zone.local_day(scene.as_of));
        if (!day) continue;
        const auto number = static_cast<std::int64_t>(plan.id);
        Finding finding;
        finding.check = "plan.checkpoint";
        finding.severity = Severity::info;
        finding.subject = {"plan", "", fmt::format("{}", number),
                           fmt::format("{}'s plan", rep->name), ""};
        finding.owner = plan.rep;
        finding.team = scene.people.team_of(*rep).name;
        finding.since = rep->zone.instant(LocalTime{*day});
        finding.summary =
            *day == plan.until
                ? fmt::format("The plan that began on {} has come to its end.",
                              format_date(plan.from))
                : fmt::format("The checkpoint of {} is due ({} of {}).", format_date(*day),
                              plan.checked.size() + 1, plan.checkpoints().size());
        finding.question = "What has moved, and what would you both change for the next two weeks?";
        for (const auto& goal : plan.goals)
            finding.evidence.push_back(
                {goal.kpi,
                 fmt::format("from {} to {}{}", number_text(goal.from), number_text(goal.to),
                             warehouse::skill_of(goal.kpi).empty() ? " a week" : ""),
                 ""});
        finding.evidence.push_back({"note it", fmt::format("nudged plan check {}", number), ""});
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
