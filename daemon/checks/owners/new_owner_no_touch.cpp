// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/deal_values.hpp"

#include <fmt/format.h>

namespace nudged::checks {
namespace {

/// The change that gave the deal to its present owner; null where it has always been theirs, or
/// went from one user of the person to another.
const warehouse::DealChange* handover(const Scene& scene, const warehouse::OpenOpportunity& deal) {
    const auto& changes = changes_of(scene, deal.key, warehouse::DealField::owner);
    if (changes.empty() || deal.owner == warehouse::PersonId::nobody) return nullptr;
    const auto& last = changes.back();
    const auto* before = user_of(scene, deal.key.source, last.before);
    if (last.before.empty() || (before && before->person == deal.owner)) return nullptr;
    return &last;
}

}  // namespace

void opp_new_owner_no_touch(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.new_owner_no_touch", answer_feed(), held);
    for (const auto& deal : book_of(scene).opportunities) {
        const auto* change = handover(scene, deal);
        if (!change || !deal.owner_active) {
            quiet(scene, "opp.new_owner_no_touch", deal,
                  "no change of its owner is known, or the owner is inactive");
            continue;
        }
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_new_owner_no_touch;
        const int held_for = owner.age(change->at);
        if (held_for <= rule.within) {
            quiet(scene, "opp.new_owner_no_touch", deal,
                  "its owner has had it for {} working days, of {}", held_for, rule.within);
            continue;
        }
        if (!proof.holds(deal)) continue;
        // Of the few deals that changed hands, so a look at each is cheaper than one at all
        // touches.
        if (warehouse::has_touch_by(scene.reader, deal.key, deal.account_id, deal.owner, change->at,
                                    scene.as_of)) {
            quiet(scene, "opp.new_owner_no_touch", deal, "its owner was in touch since {}",
                  day_text(owner, change->at));
            continue;
        }
        Finding finding = finding_about("opp.new_owner_no_touch", deal, owner);
        finding.severity = Severity::info;
        finding.since = change->at;
        finding.summary = fmt::format("Yours since {}, {} ago; no call, meeting or e-mail of yours "
                                      "is on record since.",
                                      day_text(owner, change->at), days_text(held_for));
        finding.question = "How will the customer get to know who looks after them now?";
        finding.evidence.push_back({"owner", owner_name(scene, owner), deal.url});
        finding.evidence.push_back(
            {"owner before", user_name(scene, deal.key.source, change->before), ""});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
