// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/pile.hpp"

#include "daemon/alerts/news.hpp"
#include "daemon/alerts/routing.hpp"

#include <algorithm>
#include <array>

namespace nudged::alerts {
namespace {

using warehouse::StoredFinding;

/// Whether a finding of the check goes by somebody's doing, rather than by time; one that another
/// stands for now has not gone.
bool is_settled(const DigestScene& scene, const StoredFinding& gone) {
    constexpr std::array repaired{"opp.", "acct.", "task.", "mtg.", "lead."};
    const auto& check = gone.finding.check;
    if (std::none_of(repaired.begin(), repaired.end(),
                     [&](const char* family) { return check.starts_with(family); }))
        return false;
    const bool is_stale =
        check == "opp.stalled" || check == "opp.idle" || check == "opp.never_moved";
    return !is_stale || std::none_of(scene.findings.begin(), scene.findings.end(),
                                     [&](const StoredFinding& live) {
                                         return live.finding.check == "rep.stale_layer" &&
                                                live.finding.owner == gone.finding.owner;
                                     });
}

warehouse::FindingChange change_of(News news) {
    switch (news) {
    case News::worsened: return warehouse::FindingChange::worsened;
    case News::repeated: return warehouse::FindingChange::repeated;
    case News::woken: return warehouse::FindingChange::woken;
    case News::none:
    case News::first: break;
    }
    return warehouse::FindingChange::told;
}

}  // namespace

std::vector<StoredFinding> settled_of(const DigestScene& scene) {
    std::vector<StoredFinding> settled;
    std::copy_if(scene.settled.begin(), scene.settled.end(), std::back_inserter(settled),
                 [&](const StoredFinding& gone) { return is_settled(scene, gone); });
    return settled;
}

Pile sort_out(const DigestScene& scene, const AlertOptions& options) {
    Pile pile;
    for (const auto& stored : scene.findings) {
        if (stored.finding.team != scene.team.name) continue;
        const auto timing = timing_of(options, stored.finding.check, scene.team.name);
        const Listener listener{scene.team.zone, scene.team.calendar, timing.repeat_after};
        const auto news = decide_news(stored, listener, scene.as_of);
        if (news != News::none) {
            (stored.finding.is_praise ? pile.praise : pile.news).push_back(stored);
            if (stored.episode.id != warehouse::FindingId{0})
                pile.told.push_back({stored.episode.id, change_of(news)});
        } else if (!stored.finding.is_praise) {
            const bool is_at_it =
                stored.answer && stored.answer->kind == warehouse::AnswerKind::acknowledged;
            ++(is_at_it ? pile.acknowledged : stored.answer ? pile.silent : pile.earlier);
        }
    }
    return pile;
}

}  // namespace nudged::alerts
