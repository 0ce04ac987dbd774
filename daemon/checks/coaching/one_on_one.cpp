// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/cadence_read.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

namespace nudged::checks {
namespace {

/// Of those in the team; a rep's name may be anybody's, so the first who has it.
const warehouse::Rep* find_rep(const Scene& scene, const warehouse::Team& team,
                               const std::string& name) {
    for (const auto& rep : scene.people.reps)
        if (&scene.people.team_of(rep) == &team && rep.name == name) return &rep;
    return nullptr;
}

Finding finding_about(const Scene& scene, const warehouse::Team& team, const Gap& gap,
                      const warehouse::Rep& rep) {
    Finding finding;
    finding.check = "cadence.one_on_one";
    finding.severity = Severity::info;
    finding.subject = {"person", "", fmt::format("{}", static_cast<std::int64_t>(rep.id)), rep.name,
                       ""};
    finding.owner = team.manager;  // it is about the manager's own time
    finding.team = team.name;
    finding.since = gap.last ? team.zone.instant(LocalTime{*gap.last}) : scene.as_of;
    finding.summary =
        fmt::format("{} since the last 1:1 with {} that is noted (one every {} days).",
                    days_text(gap.working_days), rep.name, team.coaching.one_on_one_days);
    finding.question = "When this week would suit you both?";
    finding.evidence.push_back(
        {"last 1:1", gap.last ? format_date(*gap.last) : "none noted yet", ""});
    return finding;
}

}  // namespace

void cadence_one_on_one(const Scene& scene, Findings& findings, std::vector<Held>&) {
    const auto talks = read_talks_of_managers(scene);
    if (talks.empty()) return;
    for (const auto& team : scene.people.teams) {
        const auto cadence = make_cadence(read_cadence(scene, team, talks, 1));
        for (const auto& gap : cadence.gaps) {
            const auto* rep = find_rep(scene, team, gap.rep);
            if (!rep) continue;
            const auto limit = longest_gap(team.coaching.one_on_one_days, rep->calendar,
                                           scene.options.cadence_one_on_one.multiple);
            if (gap.working_days > limit)
                findings.push_back(finding_about(scene, team, gap, *rep));
            else
                quiet(scene, "cadence.one_on_one", rep->id,
                      "their last 1:1 was {} working days ago; the limit is {}", gap.working_days,
                      limit);
        }
    }
}

}  // namespace nudged::checks
