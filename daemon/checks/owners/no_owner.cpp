// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

namespace nudged::checks {
namespace {

using warehouse::OpenOpportunity;

void keep_later(std::optional<Instant>& moment, const std::optional<Instant>& other) {
    if (other && (!moment || *other > *moment)) moment = other;
}

/// Since when the owner has been gone, as far as known; nullopt for one who is there.
std::optional<Instant> gone_since(const Scene& scene, const OpenOpportunity& deal,
                                  const Owner& owner) {
    const bool has_left = owner.rep && owner.rep->until && owner.today >= *owner.rep->until;
    if (deal.owner_active && !has_left) return std::nullopt;
    std::optional<Instant> since = deal.created_at;
    keep_later(since, deal.owner_since);
    if (has_left)
        keep_later(since, owner.zone.instant(LocalTime{*owner.rep->until}));
    else
        keep_later(since, deal.owner_modified);
    return since.value_or(scene.as_of);
}

}  // namespace

void opp_no_owner(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.no_owner", opportunity_feed(), held);
    for (const auto& deal : book_of(scene).opportunities) {
        if (!deal.owner_user.empty() && deal.owner_is_person) {
            quiet(scene, "opp.no_owner", deal,
                  "its owner is a person, or one whom the CRM does not "
                  "tell");
            continue;
        }
        const Owner owner = owner_of(scene, warehouse::PersonId::nobody);
        const auto& rule = options_for(scene, deal, owner).opp_no_owner;
        std::optional<Instant> since = deal.created_at;
        keep_later(since, deal.owner_since);
        if (since && owner.age(*since) <= rule.grace) {
            quiet(scene, "opp.no_owner", deal, "nobody has owned it for {} working days, of {}",
                  owner.age(*since), rule.grace);
            continue;
        }
        if (!proof.holds(deal)) continue;
        Finding finding = finding_about("opp.no_owner", deal, owner);
        finding.since = since.value_or(scene.as_of);
        finding.summary = since ? fmt::format("Nobody in person has owned this for {}.",
                                              days_text(owner.age(*since)))
                                : std::string{"0 people own this."};
        finding.question = "Who takes this over?";
        finding.evidence.push_back(
            {"owner",
             deal.owner_user.empty()
                 ? "none"
                 : (deal.owner_name.empty() ? deal.owner_user : deal.owner_name) + ", no person",
             deal.url});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

void opp_owner_inactive(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.owner_inactive", opportunity_feed(), held);
    for (const auto& deal : book_of(scene).opportunities) {
        if (deal.owner_user.empty() || !deal.owner_is_person) continue;
        const Owner owner = owner_of(scene, deal.owner);
        const auto since = gone_since(scene, deal, owner);
        if (!since) {
            quiet(scene, "opp.owner_inactive", deal, "its owner is there");
            continue;
        }
        const auto& rule = options_for(scene, deal, owner).opp_owner_inactive;
        if (owner.age(*since) <= rule.grace) {
            quiet(scene, "opp.owner_inactive", deal,
                  "its owner has been gone for {} working days, of {}", owner.age(*since),
                  rule.grace);
            continue;
        }
        if (!proof.holds(deal)) continue;
        Finding finding = finding_about("opp.owner_inactive", deal, owner);
        // It is the team's to hand over; whoever left is told nothing.
        finding.owner = warehouse::PersonId::nobody;
        finding.since = *since;
        finding.summary =
            fmt::format("Its owner has not been there for {}.", days_text(owner.age(*since)));
        finding.question = "Who takes this over, and who tells the customer?";
        const auto name = deal.owner_name.empty() ? owner_name(scene, owner) : deal.owner_name;
        finding.evidence.push_back({"owner", name, deal.url});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
