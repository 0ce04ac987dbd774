// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

namespace nudged::checks {
namespace {

/// From the amount before the first of the recent changes to the one after the last.
struct Fall {
    Decimal from, to;
    Instant at;
    std::string by;
};

std::optional<Fall> recent_fall(const Scene& scene, const warehouse::OpenOpportunity& deal,
                                const Owner& owner, int told_for) {
    std::optional<Fall> fall;
    for (const auto& change : changes_of(scene, deal.key, warehouse::DealField::amount)) {
        if (owner.age(change.at) > told_for || !is_meaningful(scene, change)) continue;
        const auto before = Decimal::parse(change.before);
        const auto after = Decimal::parse(change.after);
        if (!before || !after) continue;  // filled in or emptied: opp.amount_missing
        if (!fall) fall = Fall{*before, *after, change.at, change.by};
        fall->to = *after;
        fall->at = change.at;
        fall->by = change.by;
    }
    return fall;
}

/// True when `to` is less than `from` by the share or more; as far as doubles tell, which hold
/// amounts to fifteen digits.
bool is_drop(const Decimal& from, const Decimal& to, double share) {
    const double whole = from.to_double();
    return whole > 0 && whole - to.to_double() >= share * whole * (1 - 1e-12);
}

}  // namespace

void opp_amount_drop(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    hold_without_history(scene, "opp.amount_drop",
                         calendar_days(scene.options.opp_amount_drop.told_for), held);
    for (const auto& deal : book_of(scene).opportunities) {
        if (!deal.amount || changes_of(scene, deal.key, warehouse::DealField::amount).empty()) {
            quiet(scene, "opp.amount_drop", deal, "no change of its amount is known");
            continue;
        }
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_amount_drop;
        const auto fall = recent_fall(scene, deal, owner, rule.told_for);
        if (!fall || !is_drop(fall->from, fall->to, rule.share) ||
            !is_drop(fall->from, *deal.amount, rule.share)) {
            quiet(scene, "opp.amount_drop", deal,
                  "its amount did not fall by {} % or more within the last {} working days",
                  number_text(100 * rule.share), rule.told_for);
            continue;
        }
        Finding finding = finding_about("opp.amount_drop", deal, owner);
        finding.severity = Severity::info;
        finding.since = fall->at;
        const double lost = 1 - fall->to.to_double() / fall->from.to_double();
        finding.summary = fmt::format("The amount went from {} to {}, down {:.0f} %.",
                                      amount_text(fall->from, deal.currency),
                                      amount_text(fall->to, deal.currency), 100 * lost);
        finding.question = "What did the customer take out, and how does that change their "
                           "reason to buy?";
        finding.evidence.push_back(
            {"amount",
             fmt::format(
                 "{} → {} on {}{}", fall->from.str(), fall->to.str(), day_text(owner, fall->at),
                 fall->by.empty() ? "" : " by " + user_name(scene, deal.key.source, fall->by)),
             deal.url});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
