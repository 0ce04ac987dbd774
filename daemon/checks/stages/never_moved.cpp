// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/hygiene/stalled.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/renewal.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

/// A CRM writes both times of a new deal one after the other.
constexpr std::chrono::minutes same_moment{10};

}  // namespace

Moved decide_moved(const Scene& scene, const warehouse::OpenOpportunity& deal) {
    // What filled the stage in for the first time was no move.
    const auto& moves = changes_of(scene, deal.key, warehouse::DealField::stage);
    if (std::any_of(moves.begin(), moves.end(),
                    [](const auto& move) { return !move.before.empty(); }))
        return Moved::once;
    if (!deal.created_at) return Moved::unknown;
    if (deal.stage_since)
        return *deal.stage_since - *deal.created_at > same_moment ? Moved::once : Moved::never;
    return tells(scene, deal.key.source, model::Entity::opportunity_change) ? Moved::never
                                                                            : Moved::unknown;
}

void opp_never_moved(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.never_moved", stalled_feed(), held);
    StallHistory history(scene);
    for (const auto& deal : book_of(scene).opportunities) {
        if (!deal.created_at || deal.stage_id.empty() ||
            decide_moved(scene, deal) != Moved::never) {
            quiet(scene, "opp.never_moved", deal, "it has changed stage, or nobody knows");
            continue;
        }
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_stalled;
        if (is_exempt(rule, deal)) {
            quiet(scene, "opp.never_moved", deal, "its stage, {}, is one of exempt_stages",
                  deal.stage);
            continue;
        }
        if (is_asleep(scene, deal, owner, "opp.never_moved")) continue;
        if (is_newly_owned(scene, deal, owner, "opp.never_moved")) continue;
        const auto opened = renewal_opens_after(scene, deal, owner, *deal.created_at);
        const auto since = opened.value_or(*deal.created_at);
        const int age = owner.age(since, rule.days);
        const auto& limit = history.limit(rule, deal);
        if (age <= limit.days) {
            quiet(scene, "opp.never_moved", deal, "it is {} old; the limit is {}: {}",
                  days_text(age, rule.days), number_text(limit.days), limit.basis);
            continue;
        }
        if (!proof.holds(deal)) continue;
        Finding finding = finding_about("opp.never_moved", deal, owner);
        finding.since = since;
        finding.summary = fmt::format(
            "Still in its first stage {} after {}; the limit is {}.", days_text(age, rule.days),
            opened ? "its clock opened on " + day_text(owner, *opened) : "it was created",
            number_text(limit.days));
        finding.question = "What would have to happen first for this to become a real opportunity?";
        finding.evidence.push_back({"created", day_text(owner, *deal.created_at), deal.url});
        if (opened) finding.evidence.push_back({"clock opened", day_text(owner, *opened), ""});
        finding.evidence.push_back({"limit", limit.basis, ""});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
