// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/life.hpp"

#include "daemon/alerts/routing.hpp"
#include "daemon/checks/departed.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace nudged::alerts {

using warehouse::FindingState;
using warehouse::StoredFinding;

bool is_held(const warehouse::Finding& finding, std::span<const checks::Held> held) {
    return std::any_of(held.begin(), held.end(), [&](const checks::Held& hold) {
        if (hold.check != finding.check || !hold.keeps_findings) return false;
        // What is about a person rests on every source, the one that is behind included.
        return hold.source.empty() || finding.subject.source.empty() ||
               hold.source == finding.subject.source;
    });
}

FindingChanges apply_findings(warehouse::Database& database, const checks::Evaluation& evaluation,
                              Instant now, const AlertOptions& options) {
    FindingChanges changes;
    std::unordered_map<std::string, StoredFinding> gone;
    for (auto& live : warehouse::read_live_findings(database)) {
        auto fingerprint = live.fingerprint;
        gone.emplace(std::move(fingerprint), std::move(live));
    }
    for (const auto& finding : evaluation.findings) {
        const auto fingerprint = finding.fingerprint();
        if (const auto live = gone.extract(fingerprint)) {
            warehouse::keep_finding(database, live.mapped().episode.id, finding, now);
            ++changes.kept;
            continue;
        }
        const auto last = warehouse::read_latest_episode(database, fingerprint);
        if (last && last->state != FindingState::resolved) continue;  // found twice in one run
        if (last && last->resolved_at &&
            now - *last->resolved_at <= std::chrono::days{options.reopen_days}) {
            warehouse::keep_finding(database, last->id, finding, now);
            warehouse::note_finding(database, last->id, warehouse::FindingChange::reopened, now);
            ++changes.reopened;
            changes.returned.push_back(last->id);
        } else {
            warehouse::open_finding(database, finding, last ? last->number + 1 : 1, now);
            ++changes.opened;
        }
    }
    for (const auto& [fingerprint, live] : gone) {
        if (const auto left = checks::left_on(evaluation.departed, live.finding)) {
            warehouse::resolve_finding(database, live.episode.id, now,
                                       "left the team on " + format_date(*left));
            ++changes.resolved;
            changes.ended.push_back(live.episode.id);
            continue;
        }
        if (is_held(live.finding, evaluation.held)) {
            ++changes.held;
            continue;
        }
        const auto hold = timing_of(options, live.finding.check, live.finding.team).hold;
        if (hold > hold.zero() && now - live.episode.seen_at < hold) {
            ++changes.kept;
            continue;
        }
        warehouse::resolve_finding(database, live.episode.id, now);
        ++changes.resolved;
        changes.ended.push_back(live.episode.id);
    }
    return changes;
}

std::vector<StoredFinding> join_episodes(const warehouse::Reader& reader,
                                         const warehouse::Findings& findings) {
    std::vector<StoredFinding> joined;
    joined.reserve(findings.size());
    const auto answers = warehouse::read_answers(reader.database());
    for (const auto& finding : findings) {
        StoredFinding stored;
        stored.finding = finding;
        stored.fingerprint = finding.fingerprint();
        const auto last = warehouse::read_latest_episode(reader.database(), stored.fingerprint);
        if (last && last->state != FindingState::resolved) stored.episode = *last;
        if (const auto answer = answers.find(stored.episode.id); answer != answers.end())
            stored.answer = answer->second;
        joined.push_back(std::move(stored));
    }
    return joined;
}

}  // namespace nudged::alerts
