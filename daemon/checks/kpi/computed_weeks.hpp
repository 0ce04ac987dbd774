// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/kpi/query_weeks.hpp"

#include <span>
#include <string_view>

namespace nudged::checks {

/// What a KPI may name as its measure though it is no sum of days: a share, or a median. It is no
/// part of a ratio, cannot be added up over a team, and its target is the same in a short week.
struct ComputedMeasure {
    std::string_view name;     // in kpis.toml
    std::string_view without;  // why a week has no value
    bool lower_is_better;
    QueryWeeks (*read)(const Scene& scene, IsoWeek from);
};

std::span<const ComputedMeasure> computed_measures();
/// Null for a KPI that is none of these.
const ComputedMeasure* computed_measure_of(const Kpi& kpi);

/// What the weeks from `from` on came to, read once per scene.
const QueryWeeks& computed_weeks(const Scene& scene, const ComputedMeasure& measure, IsoWeek from);

}  // namespace nudged::checks
