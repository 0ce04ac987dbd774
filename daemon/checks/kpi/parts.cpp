// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/parts.hpp"

#include "daemon/checks/kpi/computed_weeks.hpp"

#include <algorithm>

namespace nudged::checks {
namespace {

using warehouse::PersonId;

template <typename Told>
std::optional<Told> find_week(const std::map<PersonId, std::map<IsoWeek, Told>>& people,
                              PersonId person, IsoWeek week) {
    const auto weeks = people.find(person);
    if (weeks == people.end()) return std::nullopt;
    const auto told = weeks->second.find(week);
    return told == weeks->second.end() ? std::nullopt : std::optional{told->second};
}

}  // namespace

PersonSums::PersonSums(const std::vector<const warehouse::Measure*>& measures, const Sums& sums,
                       PersonId person) {
    for (const auto* measure : measures) {
        const auto& people = sums.at(measure->name);
        const auto found = people.find(person);
        if (found != people.end())
            parts_.push_back({&found->second, static_cast<double>(measure->parts)});
    }
}

std::optional<double> PersonSums::of(IsoWeek week) const {
    std::optional<double> total;
    for (const auto& [weeks, parts] : parts_) {
        const auto sum = weeks->find(week);
        if (sum == weeks->end()) continue;
        total = total.value_or(0) + static_cast<double>(sum->second) / parts;
    }
    return total;
}

std::vector<const warehouse::Measure*> KpiParts::all() const {
    auto both = of;
    both.insert(both.end(), by.begin(), by.end());
    return both;
}

std::optional<double> KpiParts::queried(PersonId person, IsoWeek week) const {
    return query ? find_week(query->values, person, week) : std::nullopt;
}

std::optional<Cases> KpiParts::cases(PersonId person, IsoWeek week) const {
    return query ? find_week(query->cases, person, week) : std::nullopt;
}

std::optional<std::string> KpiParts::too_few(PersonId person, IsoWeek week) const {
    return query ? find_week(query->too_few, person, week) : std::nullopt;
}

std::optional<std::string> KpiParts::mixed(PersonId person, IsoWeek week) const {
    return find_week(other_currencies, person, week);
}

bool KpiParts::is_of_counts() const {
    const auto measures = all();
    return std::all_of(measures.begin(), measures.end(),
                       [](const auto* measure) { return measure->is_count(); });
}

std::optional<KpiParts> parts_of(const Scene& scene, const Kpi& kpi) {
    KpiParts parts;
    const auto add = [&](const std::string& name, auto& to) {
        const auto* measure = scene.options.measures.find(name);
        if (measure) to.push_back(measure);
        return measure != nullptr;
    };
    if (kpi.is_query()) return parts;
    if (const auto* computed = computed_measure_of(kpi)) {
        parts.without = computed->without;
        return parts;
    }
    if (!kpi.ratio) return add(kpi.measure, parts.of) ? std::optional{parts} : std::nullopt;
    bool known = add(kpi.ratio->of, parts.of);
    for (const auto& name : kpi.ratio->by) known = add(name, parts.by) && known;
    return known && !parts.by.empty() ? std::optional{parts} : std::nullopt;
}

}  // namespace nudged::checks
