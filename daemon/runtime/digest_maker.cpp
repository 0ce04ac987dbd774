// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/digest_maker.hpp"

#include "daemon/alerts/answer_button.hpp"
#include "daemon/alerts/backlog.hpp"
#include "daemon/runtime/coaching_maker.hpp"
#include "daemon/runtime/ways.hpp"
#include "daemon/warehouse/freshness.hpp"
#include "daemon/warehouse/shadow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

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

/// What a team's message looks at; each has its episode and its way looked up. A stale layer stands
/// for other findings of its owner, who may have been in another team when those were told.
warehouse::Findings findings_for(const warehouse::Team& team, const warehouse::Findings& all) {
    warehouse::Findings findings;
    std::copy_if(all.begin(), all.end(), std::back_inserter(findings), [&](const auto& finding) {
        return finding.team == team.name || finding.check == "rep.stale_layer";
    });
    return findings;
}

/// A team's briefs are one conversation, and so are the cards of a rep: each is read beside the one
/// before. A digest stands alone.
std::string series_of(const warehouse::Team& team, const alerts::DigestDue& due) {
    if (due.occasion == alerts::Occasion::brief) return "brief/" + team.name;
    if (due.occasion == alerts::Occasion::card)
        return fmt::format("card/{}/{}", team.name, static_cast<std::int64_t>(due.rep));
    return {};
}

}  // namespace

alerts::Digest make_digest(const config::Config& config, const checks::Scene& scene,
                           const checks::Evaluation& evaluation,
                           const checks::ScorecardBasis& basis, const warehouse::Team& team,
                           const alerts::DigestDue& due, const alerts::LinkSigner* signer) {
    const auto& database = scene.reader.database();
    const auto shadow = warehouse::read_shadow_book(database);
    const bool in_shadow = shadow.has_team(team.name);
    const auto tellings = warehouse::read_live_tellings(database);
    const auto routed =
        route_findings(config, scene, findings_for(team, evaluation.findings), shadow, tellings);
    const auto line = in_shadow ? alerts::shadow_line : alerts::manager_line;
    const auto scorecard =
        checks::make_scorecard(scene, basis, scorecard_weeks(due.occasion), team.name);
    const alerts::DigestScene digest_scene{
        .people = scene.people,
        .team = team,
        .scorecard = scorecard,
        .held = evaluation.held,
        .due = due,
        .as_of = scene.as_of,
        .findings = alerts::as_told_on(line, routed, tellings),
        .settled =
            warehouse::read_unsettled(scene.reader, team.name, scene.as_of - alerts::settled_for),
        .streams = warehouse::read_streams(scene.reader),
        .shared = is_shared(config, team.channel),
        .practices = read_practices(scene, team)};
    auto digest = due.occasion == alerts::Occasion::digest
                      ? alerts::compose_digest(digest_scene, config.alerts)
                      : make_coaching(config, scene, digest_scene);
    digest.message.series = series_of(team, due);
    if (in_shadow) alerts::mark_as_shadow(digest.message, team.name);
    if (!digest_scene.shared && !warehouse::has_told(database, team.name))
        alerts::sum_up_backlog(digest, digest_scene.findings, config.alerts.digest.max_items,
                               config.alerts.texts.in(team.language));
    const auto& texts = config.alerts.texts.in(team.language);
    const auto by_id = linked_by_id(routed);
    if (takes_answers(config, team.channel))
        alerts::add_answers(digest.message, by_id, texts, alerts::MayAnswer::everything);
    // Kept beside the buttons: a fallback has none.
    if (signer != nullptr)
        alerts::add_links(digest.message, {*signer, by_id, texts, scene.as_of},
                          alerts::MayAnswer::everything);
    return digest;
}

}  // namespace nudged::runtime
