// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/baselines.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/kpi/trend.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/closed_deals.hpp"

#include <fmt/format.h>

namespace nudged::checks {
namespace {

/// What a person's won deals were worth, in one currency.
using AmountsOf = std::map<std::pair<warehouse::PersonId, std::string>, std::vector<double>>;

AmountsOf read_amounts(const Scene& scene, int months) {
    AmountsOf amounts;
    for (const auto& won : warehouse::read_won_amounts(
             scene.reader, months_before(day_start(scene.as_of), months), scene.as_of))
        amounts[{won.owner, won.currency}].push_back(won.amount.to_double());
    return amounts;
}

}  // namespace

void opp_amount_outlier(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.amount_outlier", opportunity_feed(), held);
    std::map<int, AmountsOf> histories;  // by months
    for (const auto& deal : book_of(scene).opportunities) {
        if (!deal.amount || deal.owner == warehouse::PersonId::nobody) {
            quiet(scene, "opp.amount_outlier", deal, "it has no amount, or no owner");
            continue;
        }
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_amount_outlier;
        if (!histories.contains(rule.history_months))
            histories[rule.history_months] = read_amounts(scene, rule.history_months);
        const auto& history = histories[rule.history_months];
        const auto won = history.find({deal.owner, deal.currency});
        if (won == history.end() ||
            won->second.size() < static_cast<std::size_t>(rule.minimum_deals)) {
            quiet(
                scene, "opp.amount_outlier", deal,
                "its owner has won {} deals of its currency in {} months, of the {} that it takes",
                won == history.end() ? 0 : won->second.size(), rule.history_months,
                rule.minimum_deals);
            continue;
        }
        const double usual = median(won->second);
        if (deal.amount->to_double() <= rule.multiple * usual) {
            quiet(scene, "opp.amount_outlier", deal,
                  "its amount is {}; the limit is {} × {}, what its owner usually wins",
                  deal.amount->str(), number_text(rule.multiple), number_text(usual));
            continue;
        }
        if (!proof.holds(deal)) continue;
        Finding finding = finding_about("opp.amount_outlier", deal, owner);
        finding.severity = Severity::info;
        finding.since = deal.created_at.value_or(scene.as_of);
        finding.summary = fmt::format("Worth {}, {} × the usual won deal.",
                                      amount_text(*deal.amount, deal.currency),
                                      number_text(deal.amount->to_double() / usual));
        finding.question = "What makes this one so large, and what does it need that smaller ones "
                           "do not?";
        finding.evidence.push_back({"usual won deal",
                                    fmt::format("median of {} of {}", number_text(usual),
                                                count_text(won->second.size(), "won deal")),
                                    ""});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
