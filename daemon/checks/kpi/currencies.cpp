// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/currencies.hpp"

#include "daemon/warehouse/closed_deals.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

constexpr std::string_view amount_measure = "won_amount";

/// ISO 4217: three capital letters.
bool is_currency(std::string_view unit) {
    return unit.size() == 3 &&
           std::ranges::all_of(unit, [](char c) { return c >= 'A' && c <= 'Z'; });
}

using Counts = std::map<std::string, int>;

std::string most_of(const Counts& counts) {
    const auto most = std::ranges::max_element(
        counts, [](const auto& one, const auto& other) { return one.second < other.second; });
    return most == counts.end() ? "" : most->first;
}

std::string reason_of(const Counts& counts, const std::string& wanted) {
    int all = 0;
    std::string others;
    for (const auto& [currency, deals] : counts) {
        all += deals;
        if (currency != wanted)
            others += fmt::format("{}{} in {}", others.empty() ? "" : ", ", deals, currency);
    }
    return fmt::format("not proven: of {} deals won {}, which is not added to {}", all, others,
                       wanted);
}

}  // namespace

bool adds_up_amounts(const Kpi& kpi) {
    if (!kpi.ratio) return kpi.measure == amount_measure;
    return kpi.ratio->of == amount_measure ||
           std::ranges::count(kpi.ratio->by, std::string{amount_measure}) > 0;
}

OtherCurrencies other_currencies(const Scene& scene, const Kpi& kpi, IsoWeek from) {
    // A day earlier, since a Monday begins at other moments elsewhere on the globe.
    const auto since = Zone::utc().instant(LocalTime{from.monday() - std::chrono::days{1}});
    std::map<warehouse::PersonId, std::map<IsoWeek, Counts>> won;
    Counts in_all;
    for (const auto& deal : warehouse::read_won_currencies(scene.reader, since)) {
        const auto* rep = scene.people.rep(deal.owner);
        if (!rep) continue;
        const auto day = deal.closed_at ? rep->zone.local_day(*deal.closed_at) : deal.close_date;
        ++won[deal.owner][IsoWeek::of(day)][deal.currency];
        ++in_all[deal.currency];
    }
    const auto wanted = is_currency(kpi.unit) ? kpi.unit : most_of(in_all);
    OtherCurrencies others;
    for (const auto& [person, weeks] : won)
        for (const auto& [week, counts] : weeks)
            if (counts.size() > 1 || !counts.contains(wanted))
                others[person][week] = reason_of(counts, wanted);
    return others;
}

}  // namespace nudged::checks
