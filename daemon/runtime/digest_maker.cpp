// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/digest_maker.hpp"

#include "daemon/runtime/coaching_maker.hpp"
#include "daemon/warehouse/freshness.hpp"

#include <algorithm>

namespace nudged::runtime {
namespace {

/// The current week, and enough before it for the last one that is complete; a card draws eight.
int scorecard_weeks(alerts::Occasion occasion) {
    return occasion == alerts::Occasion::card ? 9 : 3;
}

bool is_shared(const config::Config& config, const std::string& channel) {
    return std::any_of(config.channels.begin(), config.channels.end(), [&](const auto& options) {
        return options.name == channel && options.audience == channels::Audience::shared;
    });
}

/// What a team's digest looks at; each has its episode looked up. A stale layer stands for other
/// findings of its owner, who may have been in another team when those were told.
warehouse::Findings findings_for(const warehouse::Team& team, const warehouse::Findings& all) {
    warehouse::Findings findings;
    std::copy_if(all.begin(), all.end(), std::back_inserter(findings), [&](const auto& finding) {
        return finding.team == team.name || finding.check == "rep.stale_layer";
    });
    return findings;
}

}  // namespace

alerts::Digest make_digest(const config::Config& config, const checks::Scene& scene,
                           const checks::Evaluation& evaluation,
                           const checks::ScorecardBasis& basis, const warehouse::Team& team,
                           const alerts::DigestDue& due) {
    const auto scorecard =
        checks::make_scorecard(scene, basis, scorecard_weeks(due.occasion), team.name);
    const alerts::DigestScene digest_scene{
        .people = scene.people,
        .team = team,
        .scorecard = scorecard,
        .held = evaluation.held,
        .due = due,
        .as_of = scene.as_of,
        .findings = alerts::join_episodes(scene.reader, findings_for(team, evaluation.findings)),
        .settled =
            warehouse::read_unsettled(scene.reader, team.name, scene.as_of - alerts::settled_for),
        .streams = warehouse::read_streams(scene.reader),
        .shared = is_shared(config, team.channel),
        .practices = read_practices(scene, team)};
    if (due.occasion != alerts::Occasion::digest) return make_coaching(config, scene, digest_scene);
    return alerts::compose_digest(digest_scene, config.alerts);
}

}  // namespace nudged::runtime
