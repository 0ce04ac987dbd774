// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/digest_maker.hpp"

#include "daemon/checks/scorecard.hpp"
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

}  // namespace

alerts::Digest make_digest(const config::Config& config, const checks::Scene& scene,
                           const checks::Evaluation& evaluation, const warehouse::Team& team,
                           const alerts::DigestDue& due) {
    const auto scorecard = checks::make_scorecard(scene, scorecard_weeks(due.occasion), team.name);
    const alerts::DigestScene digest_scene{
        .people = scene.people,
        .team = team,
        .scorecard = scorecard,
        .held = evaluation.held,
        .due = due,
        .as_of = scene.as_of,
        .findings = alerts::join_episodes(scene.reader, evaluation.findings),
        .settled =
            warehouse::read_unsettled(scene.reader, team.name, scene.as_of - alerts::settled_for),
        .streams = warehouse::read_streams(scene.reader),
        .shared = is_shared(config, team.channel),
        .practices = read_practices(scene, team)};
    if (due.occasion != alerts::Occasion::digest) return make_coaching(config, scene, digest_scene);
    return alerts::compose_digest(digest_scene, config.alerts);
}

}  // namespace nudged::runtime
