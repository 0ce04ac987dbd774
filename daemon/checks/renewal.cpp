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

}  // namespace nudged::checks
