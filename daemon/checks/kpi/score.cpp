// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/score.hpp"

#include "daemon/checks/kpi/targets.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

struct Part {
    const KpiSeries* series;
    double weight;
};

std::vector<Part> parts_of(const Kpi& kpi, std::span<const KpiSeries> of_rep) {
    std::vector<Part> parts;
    for (const auto& [name, weight] : kpi.score)
        for (const auto& series : of_rep)
            if (series.kpi->name == name) parts.push_back({&series, weight});
    return parts;
}

/// Why a part says nothing of the week; "" when it does.
std::string why_unknown(const KpiSeries& part, const KpiWeek& week) {
    if (!week.excluded.empty()) return week.excluded;
    if (!week.target) return fmt::format("{} has no target", part.kpi->label);
    return week.attainment ? "" : fmt::format("{} is not known", part.kpi->label);
}

KpiWeek make_week(const Scene& scene, const KpiSeries& made, const std::vector<Part>& parts,
                  std::size_t index) {
    const auto& first = parts.front().series->weeks[index];
    KpiWeek week{.week = first.week};
    week.working_days = first.working_days;
    week.provisional = first.provisional;
    double sum = 0;
    bool is_known = true;
    for (const auto& part : parts) {
        const auto& one = part.series->weeks[index];
        if (week.excluded.empty()) week.excluded = why_unknown(*part.series, one);
        is_known = is_known && one.attainment.has_value();
        sum += part.weight * std::min(one.attainment.value_or(0), made.kpi->score_cap) * 100;
    }
    if (is_known) week.value = sum;
    week.target = target_in(scene, *made.kpi, *made.rep, week.week);
    if (week.value && week.target)
        week.attainment = attainment_of(*made.kpi, *week.value, *week.target);
    return week;
}

}  // namespace

KpiSeries make_score(const Scene& scene, const warehouse::Rep& rep, const Kpi& kpi,
                     std::span<const KpiSeries> of_rep) {
    KpiSeries made;
    made.rep = &rep;
    made.kpi = &kpi;
    const auto now = IsoWeek::of(rep.zone.local_day(scene.as_of));
    made.week_target = target_in(scene, kpi, rep, now);
    const auto parts = parts_of(kpi, of_rep);
    if (parts.empty()) return made;
    made.has_data = std::all_of(parts.begin(), parts.end(),
                                [](const Part& part) { return part.series->has_data; });
    for (std::size_t i = 0; i < parts.front().series->weeks.size(); ++i)
        made.weeks.push_back(make_week(scene, made, parts, i));
    for (const auto& part : parts)
        for (const auto& one : part.series->unproven) made.unproven.push_back(one);
    made.trend = trend_until(scene, made, now);
    return made;
}

}  // namespace nudged::checks
