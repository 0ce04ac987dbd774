// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/replay.hpp"

#include "daemon/alerts/life.hpp"
#include "daemon/alerts/schedule.hpp"
#include "daemon/checks/departed.hpp"

#include <set>

namespace nudged::alerts {

void Replay::take_up(const warehouse::Finding& finding, Instant now) {
    auto& tally = tallies_[finding.check];
    const auto [at, is_new] = episodes_.try_emplace(finding.fingerprint());
    auto& episode = at->second;
    const bool came_back = !is_new && episode.resolved_at &&
                           now - *episode.resolved_at <= std::chrono::days{options_.reopen_days};
    if (came_back) ++tally.reopened;
    if (is_new || (episode.resolved_at && !came_back)) {
        ++tally.opened;
        episode = {};
        episode.check = finding.check;
        episode.subject.check = finding.check;
        episode.subject.subject = {finding.subject.type, finding.subject.source, finding.subject.id,
                                   "", ""};
    }
    episode.subject.owner = finding.owner;
    episode.team = finding.team;
    episode.severity = finding.severity;
    episode.resolved_at.reset();
    episode.seen = days_;
}

void Replay::let_go(const checks::Evaluation& evaluation, Instant now) {
    for (auto& [fingerprint, episode] : episodes_) {
        if (episode.seen == days_ || episode.resolved_at) continue;
        if (!checks::left_on(evaluation.departed, episode.subject) &&
            is_held(episode.subject, evaluation.held))
            continue;
        episode.resolved_at = now;
        auto& tally = tallies_[episode.check];
        ++(episode.told ? tally.resolved : tally.gone_untold);
    }
    // What cannot come back any more begins anew when it does.
    std::erase_if(episodes_, [&](const auto& entry) {
        const auto& resolved_at = entry.second.resolved_at;
        return resolved_at && now - *resolved_at > std::chrono::days{options_.reopen_days};
    });
}

void Replay::tell(const warehouse::Team& team, std::chrono::local_days day) {
    auto& week = weeks_[team.name][IsoWeek::of(day)];
    const auto due =
        decide_due(team, options_.digest, digest_of(team, options_.digest, day).due_at);
    if (!due) return;
    int items = 0;
    for (auto& [fingerprint, episode] : episodes_) {
        if (episode.team != team.name || episode.resolved_at) continue;
        if (episode.told && episode.severity <= *episode.told) continue;
        ++items;
        ++tallies_[episode.check].told;
        episode.told = episode.severity;
    }
    week.items += items;
    if (items > 0 || due->is_weekly) ++week.messages;
}

void Replay::advance(const checks::Evaluation& evaluation, const warehouse::People& people,
                     std::chrono::local_days day, Instant now) {
    ++days_;
    for (const auto& finding : evaluation.findings) take_up(finding, now);
    let_go(evaluation, now);
    for (const auto& team : people.teams) tell(team, day);
    std::set<std::string> held;
    for (const auto& hold : evaluation.held) held.insert(hold.check);
    for (const auto& check : held) ++tallies_[check].days_held;
}

std::map<std::string, Replay::Tally> Replay::tallies() const {
    auto tallies = tallies_;
    for (const auto& [fingerprint, episode] : episodes_)
        if (!episode.resolved_at) ++tallies[episode.check].open_at_end;
    return tallies;
}

}  // namespace nudged::alerts
