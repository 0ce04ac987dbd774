// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/coaching_records.hpp"

#include <fmt/format.h>

#include <map>
#include <tuple>

namespace nudged::checks {
namespace {

using warehouse::PersonId;
using Key = std::tuple<PersonId, PersonId, std::string>;  // manager, rep, skill

const warehouse::Team* team_of(const Scene& scene, PersonId manager, const warehouse::Rep& rep) {
    const auto& team = scene.people.team_of(rep);
    return team.manager == manager ? &team : nullptr;
}

}  // namespace

/// The skill itself is said in the notes alone: findings have other readers than they have.
void coach_same_skill(const Scene& scene, Findings& findings, std::vector<Held>&) {
    const auto& rule = scene.options.coach_same_skill;
    std::map<Key, std::vector<std::chrono::local_days>> joined;
    for (const auto& talk : warehouse::read_talks(scene.reader, scene.as_of)) {
        const auto skill = to_lower_ascii(trim(talk.skill));
        const auto* rep = scene.people.rep(talk.rep);
        if (talk.type != warehouse::NoteType::joint_call || skill.empty() || !rep) continue;
        const auto* team = team_of(scene, talk.manager, *rep);
        if (!team) continue;
        const auto today = team->zone.local_day(scene.as_of);
        if (talk.held_on <= today && talk.held_on > today - std::chrono::days{7 * rule.weeks})
            joined[{talk.manager, talk.rep, skill}].push_back(talk.held_on);
    }
    for (const auto& [key, days] : joined) {
        const auto& [manager, person, skill] = key;
        if (static_cast<int>(days.size()) < rule.times) {
            quiet(scene, "coach.same_skill", person, "{} joined calls for one skill, of {}",
                  days.size(), rule.times);
            continue;
        }
        const auto& rep = *scene.people.rep(person);
        const auto& team = scene.people.team_of(rep);
        Finding finding;
        finding.check = "coach.same_skill";
        finding.severity = Severity::info;
        finding.subject = {"person", "", fmt::format("{}", static_cast<std::int64_t>(person)),
                           rep.name, ""};
        finding.owner = manager;
        finding.team = team.name;
        finding.aspect = fingerprint(skill).substr(0, 8);
        finding.since = team.zone.instant(LocalTime{days.front()});
        finding.summary = fmt::format("{} with {} in {} weeks were for one and the same skill.",
                                      count_text(days.size(), "joined call"), rep.name, rule.weeks);
        finding.question = "What if you show it once more, and then let them lead and look back "
                           "together?";
        finding.evidence = {{"last", format_date(days.back()), ""},
                            {"list", "nudged note list --type joint_call --as YOU", ""}};
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
