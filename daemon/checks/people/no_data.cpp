// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/people/no_data.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/rollups.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

/// Held until every source has told all it has at least once.
std::optional<Held> first_load(const Scene& scene) {
    const auto& streams = streams_of(scene);
    if (streams.empty()) return Held{"rep.no_data", "", "no source has been read yet"};
    for (const auto& [source, states] : streams)
        for (const auto& state : states)
            if (model::tells_records(state.stream.lane))
                if (const auto reason = incomplete(scene, source, state.stream.entity, Instant{}))
                    return Held{"rep.no_data", source, *reason};
    if (!warehouse::read_rollup_proof(scene.reader).is_whole())
        return Held{"rep.no_data", "", "sums are counted anew"};
    return std::nullopt;
}

bool is_in_team(const warehouse::Rep& rep, std::chrono::local_days today) {
    return (!rep.from || *rep.from <= today) && (!rep.until || today < *rep.until);
}

}  // namespace

std::set<warehouse::PersonId> people_without_data(const Scene& scene) {
    std::vector<warehouse::PersonId> ids;
    for (const auto& rep : scene.people.reps)
        if (is_in_team(rep, rep.zone.local_day(scene.as_of))) ids.push_back(rep.id);
    // A day more: it may be tomorrow where somebody lives.
    const auto last = Zone::utc().local_day(scene.as_of) + std::chrono::days{1};
    const auto known = warehouse::read_people_with_data(scene.reader, ids, last);
    std::set<warehouse::PersonId> without;
    if (!warehouse::read_rollup_proof(scene.reader).is_whole()) return without;
    for (const auto id : ids)
        if (!known.contains(id)) without.insert(id);
    return without;
}

void rep_no_data(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    if (auto reason = first_load(scene)) {
        held.push_back(std::move(*reason));
        return;
    }
    const auto without = people_without_data(scene);
    std::map<std::string, std::vector<const warehouse::Rep*>> of_team;
    for (const auto& rep : scene.people.reps)
        if (!without.contains(rep.id))
            quiet(scene, "rep.no_data", rep.id,
                  "a CRM user of theirs owns a record, or they are "
                  "not in the team now");
        else
            of_team[scene.people.team_of(rep).name].push_back(&rep);
    for (auto& [team, reps] : of_team) {
        std::sort(reps.begin(), reps.end(),
                  [](const auto* one, const auto* other) { return one->name < other->name; });
        Finding finding;
        finding.check = "rep.no_data";
        finding.severity = Severity::info;
        finding.subject = {"team", "", team, team, ""};
        finding.team = team;
        finding.since = scene.as_of;
        finding.summary = fmt::format("No CRM tells anything of {} on the roster; their figures "
                                      "are missing, not zero.",
                                      count_text(reps.size(), "rep"));
        finding.question = "Who knows which CRM user is theirs?";
        for (const auto* rep : reps) finding.evidence.push_back({"rep", rep->name, ""});
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
