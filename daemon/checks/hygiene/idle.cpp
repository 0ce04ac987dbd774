// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/renewal.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/touch_book.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

using warehouse::OpenOpportunity;

struct LastSign {
    std::optional<Instant> at;  // of anything at all; empty: nothing is known
    warehouse::LastTouches touches;
    std::optional<LastChange> change;
};

/// False where the deal was put into its stage by an integration or with many others.
bool stage_was_chosen(const Scene& scene, const OpenOpportunity& deal) {
    const auto& moves = changes_of(scene, deal.key, warehouse::DealField::stage);
    return std::none_of(moves.begin(), moves.end(), [&](const warehouse::DealChange& move) {
        const auto apart =
            move.at > *deal.stage_since ? move.at - *deal.stage_since : *deal.stage_since - move.at;
        return apart < std::chrono::minutes{1} && !is_meaningful(scene, move);
    });
}

/// The last touch, meaningful change, change of owner, the opening of a renewal, or the creation.
LastSign last_sign(const Scene& scene, const OpenOpportunity& deal, const Owner& owner) {
    LastSign sign;
    sign.touches = last_touches(scene, deal);
    sign.change = last_change_of(scene, deal.key);
    sign.at = deal.created_at;
    const auto keep_later = [&](const std::optional<Instant>& moment) {
        if (moment && (!sign.at || *moment > *sign.at)) sign.at = moment;
    };
    if (deal.stage_since && stage_was_chosen(scene, deal)) keep_later(deal.stage_since);
    keep_later(deal.owner_since);
    keep_later(renewal_opens_at(scene, deal, owner));
    if (sign.change) keep_later(sign.change->at);
    if (const auto* touch = sign.touches.latest()) keep_later(touch->at);
    return sign;
}

}  // namespace

void opp_idle(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.idle", idle_feed(), held);
    for (const auto& deal : book_of(scene).opportunities) {
        if (!proof.holds(deal)) continue;
        const Owner owner = owner_of(scene, deal.owner);
        if (is_asleep(scene, deal, owner, "opp.idle")) continue;
        const auto& options = options_for(scene, deal, owner);
        const auto& rule = options.opp_idle;
        const auto step = opportunity_step(scene, deal, owner, options.opp_no_next_step.horizon);
        if (is_covered(step.state)) {
            quiet(scene, "opp.idle", deal, "it has a next step: {}", step_text(step));
            continue;
        }
        const auto sign = last_sign(scene, deal, owner);
        // Without any date there is no telling how long it has been quiet.
        if (!sign.at) {
            quiet(scene, "opp.idle", deal, "nothing about it has a date");
            continue;
        }
        const int quiet_for = owner.age(*sign.at, rule.days);
        if (quiet_for < rule.after) {
            quiet(scene, "opp.idle", deal, "its last touch or change was on {}, {} ago, of {}",
                  day_text(owner, *sign.at), days_text(quiet_for, rule.days), rule.after);
            continue;
        }

        Finding finding = finding_about("opp.idle", deal, owner);
        finding.since = *sign.at;
        const bool tells_emails = tells(scene, deal.key.source, model::Entity::email);
        finding.summary =
            fmt::format("No call, no meeting{} and no change of stage, date or amount "
                        "since {}, {} ago.",
                        tells_emails ? ", no e-mail" : "", day_text(owner, *sign.at),
                        days_text(quiet_for, rule.days));
        finding.question = "What would the customer say is happening here?";
        add_touch_evidence(scene, finding, owner, sign.touches);
        if (sign.change)
            finding.evidence.push_back(
                {"last change",
                 fmt::format("{} ({})", day_text(owner, sign.change->at), sign.change->field), ""});
        finding.evidence.push_back({"next step", std::string{to_string(step.state)}, ""});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
