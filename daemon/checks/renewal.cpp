// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/renewal.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/trace.hpp"

#include <algorithm>

namespace nudged::checks {
namespace {

std::optional<std::chrono::local_days> opening_day(const CheckOptions& options,
                                                   const warehouse::OpenOpportunity& deal) {
    if (!deal.close_date || deal.type.empty()) return std::nullopt;
    const auto type = to_lower_ascii(deal.type);
    const auto& words = options.renewal_types;
    if (std::none_of(words.begin(), words.end(), [&](const std::string& word) {
            return type.find(to_lower_ascii(word)) != type.npos;
        }))
        return std::nullopt;
    return *deal.close_date - std::chrono::days{options.renewal_lead};
}

const std::vector<std::size_t>& open_deals(const Scene& scene,
                                           const warehouse::OwnedAccount& account) {
    static const std::vector<std::size_t> none;
    const auto& deals = book_of(scene).opportunities_of_account;
    const auto found = deals.find(account.key);
    return found == deals.end() ? none : found->second;
}

}  // namespace

std::optional<Instant> renewal_opens_at(const Scene& scene, const warehouse::OpenOpportunity& deal,
                                        const Owner& owner) {
    const auto day = opening_day(scene.options, deal);
    return day ? std::optional{owner.zone.instant(LocalTime{*day})} : std::nullopt;
}

bool is_asleep(const Scene& scene, const warehouse::OpenOpportunity& deal, const Owner& owner,
               std::string_view check) {
    const auto day = opening_day(scene.options, deal);
    if (!day || owner.today >= *day) return false;
    if (!check.empty())
        quiet(scene, check, deal,
              "it is a renewal, whose clock opens on {}, {} days before it ends", format_date(*day),
              scene.options.renewal_lead);
    return true;
}

std::optional<Instant> renewal_opens_after(const Scene& scene,
                                           const warehouse::OpenOpportunity& deal,
                                           const Owner& owner, Instant moment) {
    const auto opens_at = renewal_opens_at(scene, deal, owner);
    return opens_at && *opens_at > moment ? opens_at : std::nullopt;
}

std::optional<Instant> renewals_open_at(const Scene& scene,
                                        const warehouse::OwnedAccount& account) {
    std::optional<Instant> first;
    for (const std::size_t index : open_deals(scene, account)) {
        const auto& deal = book_of(scene).opportunities[index];
        const auto opens_at = renewal_opens_at(scene, deal, owner_of(scene, deal.owner));
        if (!opens_at) return std::nullopt;
        if (!first || *opens_at < *first) first = opens_at;
    }
    return first;
}

bool is_asleep(const Scene& scene, const warehouse::OwnedAccount& account) {
    const auto& deals = open_deals(scene, account);
    return !deals.empty() && std::all_of(deals.begin(), deals.end(), [&](std::size_t index) {
        const auto& deal = book_of(scene).opportunities[index];
        return is_asleep(scene, deal, owner_of(scene, deal.owner));
    });
}

}  // namespace nudged::checks
