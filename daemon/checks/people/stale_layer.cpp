// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/renewal.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nudged::checks {
namespace {

using warehouse::OpenOpportunity;
using warehouse::PersonId;

constexpr const char* stale_checks[] = {"opp.stalled", "opp.never_moved", "opp.idle"};

/// A person's open opportunities, without renewals that sleep, and which of them are stale.
struct Layer {
    std::size_t open = 0;
    std::set<std::size_t> stale;  // indexes into the book
    Instant since = Instant::max();
};

std::map<PersonId, Layer> read_layers(const Scene& scene, std::vector<Held>& held) {
    const auto& book = book_of(scene);
    std::map<PersonId, Layer> layers;
    Proof proof(scene, "rep.stale_layer", stalled_feed(), held);
    for (const auto& deal : book.opportunities)
        if (proof.holds(deal) && !is_asleep(scene, deal, owner_of(scene, deal.owner)))
            ++layers[deal.owner].open;
    Findings members;
    std::vector<Held> of_members;  // told by their own checks
    for (const auto* id : stale_checks) {
        const auto& check = *find_check(id);
        if (is_enabled_somewhere(scene.options, check)) check.run(scene, members, of_members);
    }
    for (const auto& member : members) {
        if (!is_enabled_for(scene, *find_check(member.check), member)) continue;
        auto& layer = layers[member.owner];
        layer.stale.insert(book.opportunity_of.at({member.subject.source, member.subject.id}));
        layer.since = std::min(layer.since, member.since);
    }
    layers.erase(PersonId::nobody);
    return layers;
}

/// The stale ones, the largest first; those without an amount last, by name.
std::vector<const OpenOpportunity*> by_amount(const Book& book, const Layer& layer) {
    std::vector<const OpenOpportunity*> deals;
    for (const std::size_t index : layer.stale) deals.push_back(&book.opportunities[index]);
    std::stable_sort(deals.begin(), deals.end(), [](const auto* one, const auto* other) {
        if (one->amount && other->amount && *one->amount != *other->amount)
            return *one->amount > *other->amount;
        if (one->amount.has_value() != other->amount.has_value()) return one->amount.has_value();
        return one->name < other->name;
    });
    return deals;
}

void add_sums(Finding& finding, const std::vector<const OpenOpportunity*>& deals) {
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

void rep_stale_layer(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    for (const auto& [person, layer] : read_layers(scene, held)) {
        const Owner owner = owner_of(scene, person);
        const auto& rule = options_for(scene, owner).rep_stale_layer;
        const auto minimum = static_cast<std::size_t>(std::max(1, rule.minimum_opportunities));
        if (layer.open < minimum) {
            quiet(scene, "rep.stale_layer", person,
                  "they have {} open opportunities, of at least {}", layer.open, minimum);
            continue;
        }
        const double share =
            static_cast<double>(layer.stale.size()) / static_cast<double>(layer.open);
        if (share <= rule.share) {
            quiet(scene, "rep.stale_layer", person,
                  "{} of their {} open opportunities are stalled or idle, {:.0f} %; the limit is "
                  "{:.0f} %",
                  layer.stale.size(), layer.open, 100 * share, 100 * rule.share);
            continue;
        }
        const auto deals = by_amount(book_of(scene), layer);
        Finding finding;
        finding.check = "rep.stale_layer";
        finding.subject = {"person", "", fmt::format("{}", static_cast<std::int64_t>(person)),
                           owner_name(scene, owner), ""};
        finding.owner = person;
        finding.team = owner.team;
        finding.since = layer.since;
        finding.summary = fmt::format("{} of {} open opportunities ({:.0f} %) have not moved or "
                                      "been touched for longer than usual.",
                                      layer.stale.size(), layer.open, 100 * share);
        finding.question = "What would it take to go through these in one sitting, and close what "
                           "is over?";
        add_sums(finding, deals);
        for (std::size_t i = 0; i < std::min<std::size_t>(3, deals.size()); ++i) {
            const auto& deal = *deals[i];
            auto value = deal.name.empty() ? deal.key.id : deal.name;
            if (deal.amount) value += ", " + amount_text(*deal.amount, deal.currency);
            finding.evidence.push_back({"opportunity", std::move(value), deal.url});
        }
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
