// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace nudged::checks {
namespace {

using warehouse::OpenOpportunity;

/// Open deals of one account and one type with an amount, the smallest first.
using Alike = std::vector<const OpenOpportunity*>;

std::vector<Alike> read_alike(const Scene& scene) {
    std::map<std::tuple<std::string, std::string, std::string, std::string>, Alike> groups;
    for (const auto& deal : book_of(scene).opportunities) {
        if (deal.account_id.empty() || !deal.amount || deal.amount->is_zero() ||
            deal.amount->is_negative())
            continue;
        groups[{deal.key.source, deal.account_id, to_lower_ascii(trim(deal.type)), deal.currency}]
            .push_back(&deal);
    }
    std::vector<Alike> alike;
    for (auto& [key, deals] : groups) {
        if (deals.size() < 2) continue;
        std::stable_sort(deals.begin(), deals.end(), [](const auto* one, const auto* other) {
            return *one->amount < *other->amount;
        });
        alike.push_back(std::move(deals));
    }
    return alike;
}

bool is_earlier(const OpenOpportunity* one, const OpenOpportunity* other) {
    const auto created = [](const auto* deal) { return deal->created_at.value_or(Instant::min()); };
    return std::pair{created(one), one->key} < std::pair{created(other), other->key};
}

/// The last one was probably entered a second time; the others are shown beside it.
Finding about(const Scene& scene, Alike deals) {
    std::sort(deals.begin(), deals.end(), is_earlier);
    const auto& newest = *deals.back();
    const Owner owner = owner_of(scene, newest.owner);
    Finding finding = finding_about("opp.duplicate_open", newest, owner);
    finding.severity = Severity::info;
    finding.since = newest.created_at.value_or(scene.as_of);
    finding.summary =
        fmt::format("{} of the same kind are open with this customer, for nearly the same amount.",
                    count_text(deals.size(), "deal"));
    finding.question = "What tells these apart, and which of them is the one to go on with?";
    for (const auto* deal : deals)
        finding.evidence.push_back(
            {"opportunity",
             fmt::format("{}, {}, {}", deal->name.empty() ? deal->key.id : deal->name,
                         amount_text(*deal->amount, deal->currency),
                         owner_name(scene, owner_of(scene, deal->owner))),
             deal->url});
    if (!newest.account.empty()) finding.evidence.push_back({"account", newest.account, ""});
    return finding;
}

}  // namespace

void opp_duplicate_open(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.duplicate_open", opportunity_feed(), held);
    for (const auto& deals : read_alike(scene)) {
        // From the smallest of a cluster on, as far as the amounts reach.
        for (std::size_t first = 0, end = 0; first < deals.size(); first = end) {
            const auto& smallest = *deals[first];
            const auto& rule =
                options_for(scene, smallest, owner_of(scene, smallest.owner)).opp_duplicate_open;
            end = first + 1;
            while (end < deals.size() && deals[end]->amount->to_double() * (1 - rule.within) <=
                                             smallest.amount->to_double() * (1 + 1e-12))
                ++end;
            if (end - first < 2 || !proof.holds(smallest)) continue;
            findings.push_back(about(scene, {deals.begin() + static_cast<std::ptrdiff_t>(first),
                                             deals.begin() + static_cast<std::ptrdiff_t>(end)}));
        }
    }
}

}  // namespace nudged::checks
