// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/spark.hpp"

#include "daemon/checks/kpi/weeks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace nudged::alerts {
namespace {

constexpr std::array<const char*, 8> steps{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

/// What the week would have come to in a week of five days; a share is what it is.
double whole_week(const checks::KpiWeek& week) {
    const bool is_part = !week.cases && week.working_days > 0;
    return is_part ? *week.value * checks::standard_week / week.working_days : *week.value;
}

bool counts(const checks::KpiWeek& week) {
    return week.value && (week.is_usable() || week.provisional);
}

}  // namespace

std::string spark_of(const checks::ScorecardKpi& kpi, std::size_t weeks) {
    if (kpi.weeks.size() < 2) return {};
    std::span<const checks::KpiWeek> shown{kpi.weeks.data(), kpi.weeks.size() - 1};
    if (shown.size() > weeks) shown = shown.last(weeks);
    double top = kpi.week_target.value_or(0);
    for (const auto& week : shown)
        if (counts(week)) top = std::max(top, whole_week(week));
    if (!(top > 0)) return {};
    std::string line;
    for (const auto& week : shown) {
        if (!counts(week)) {
            line += "·";
            continue;
        }
        const auto step = std::lround(whole_week(week) / top * (steps.size() - 1));
        line += steps[static_cast<std::size_t>(std::clamp<long>(step, 0, steps.size() - 1))];
    }
    return line;
}

}  // namespace nudged::alerts
