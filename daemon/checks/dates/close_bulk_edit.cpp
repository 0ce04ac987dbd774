// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/baselines.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/holds.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nudged::checks {
namespace {

using warehouse::DealChange;
using warehouse::OpenOpportunity;
using warehouse::PersonId;

/// A close date that one person moved to a later day.
struct Edit {
    Instant at;
    const OpenOpportunity* deal;
};

bool is_push(const DealChange& change) {
    const auto from = parse_date(change.before);
    const auto to = parse_date(change.after);
    return from && to && *to > *from;
}

/// Recent pushes by person. Mass edits count here, since they are what is looked for; those of an
/// integration do not.
std::map<PersonId, std::vector<Edit>> read_edits(const Scene& scene, std::vector<Held>& held) {
    const auto& book = book_of(scene);
    std::map<PersonId, std::vector<Edit>> edits;
    // Deals with a date that nobody is said to have moved, by source.
    std::map<std::string, std::vector<warehouse::RecordKey>> untold;
    for (const auto& [key, changes] : all_changes(scene, warehouse::DealField::close_date)) {
        const auto open = book.opportunity_of.find(key);
        if (open == book.opportunity_of.end()) continue;
        for (const auto& change : changes) {
            if (!is_push(change)) continue;
            if (change.by.empty()) untold[key.source].push_back(key);
            const auto* user = user_of(scene, key.source, change.by);
            if (!user || user->person == PersonId::nobody) continue;
            if (edits_of(scene).is_integration(key.source, change.by)) continue;
            edits[user->person].push_back({change.at, &book.opportunities[open->second]});
        }
    }
    for (const auto& [source, deals] : untold) {
        if ((baselines_of(scene).tells_movers[source] =
                 warehouse::tells_who_moves_dates(scene.reader, source)))
            continue;
        held.push_back(
            {"opp.close_bulk_edit", source, source + " does not tell who moves close dates"});
        for (const auto& deal : deals)
            note_hold(scene, held.back(), {HeldFor::What::opportunity, deal});
    }
    return edits;
}

std::set<const OpenOpportunity*> deals_of(const std::vector<Edit>& edits, std::size_t first,
                                          std::size_t last) {
    std::set<const OpenOpportunity*> deals;
    for (std::size_t i = first; i <= last; ++i) deals.insert(edits[i].deal);
    return deals;
}

/// The first and the last of the most edits that lie within the time and end last.
std::pair<std::size_t, std::size_t> last_burst(const std::vector<Edit>& edits,
                                               const CloseBulkEdit& rule, std::size_t last) {
    std::size_t first = last;
    while (first > 0 && edits[last].at - edits[first - 1].at <= rule.within) --first;
    return {first, last};
}

void add_sums(Finding& finding, const std::set<const OpenOpportunity*>& deals) {
    std::map<std::string, Decimal> sums;
    for (const auto* deal : deals)
        if (deal->amount)
            if (const auto sum = sums[deal->currency].plus(*deal->amount))
                sums[deal->currency] = *sum;
    for (const auto& [currency, sum] : sums) {
        finding.evidence.push_back({"sum", amount_text(sum, currency), ""});
        if (!finding.amount || sum > *finding.amount) finding.amount = sum;
    }
}

}  // namespace

void opp_close_bulk_edit(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    for (auto& [person, edits] : read_edits(scene, held)) {
        const Owner owner = owner_of(scene, person);
        const auto& rule = options_for(scene, owner).opp_close_bulk_edit;
        std::stable_sort(edits.begin(), edits.end(),
                         [](const Edit& one, const Edit& other) { return one.at < other.at; });
        for (std::size_t last = edits.size(); last-- > 0;) {
            if (owner.age(edits[last].at) > rule.told_for) break;
            const auto [first, end] = last_burst(edits, rule, last);
            const auto deals = deals_of(edits, first, end);
            if (static_cast<int>(deals.size()) < rule.deals) continue;
            Finding finding;
            finding.check = "opp.close_bulk_edit";
            finding.severity = Severity::info;
            finding.subject = {"person", "", fmt::format("{}", static_cast<std::int64_t>(person)),
                               owner_name(scene, owner), ""};
            finding.owner = person;
            finding.team = owner.team;
            finding.aspect = day_text(owner, edits[first].at);
            finding.since = edits[first].at;
            finding.summary = fmt::format("{} close dates moved to a later day within {} minutes, "
                                          "on {}.",
                                          deals.size(), rule.within.count(), finding.aspect);
            finding.question = "What do the customers of these deals have in common that moved "
                               "their dates?";
            finding.evidence.push_back({"close dates", fmt::format("{}", deals.size()), ""});
            add_sums(finding, deals);
            findings.push_back(std::move(finding));
            break;
        }
    }
}

}  // namespace nudged::checks
