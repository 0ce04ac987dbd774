// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/computed_weeks.hpp"

#include "daemon/checks/kpi/coverage_weeks.hpp"
#include "daemon/checks/kpi/lead_weeks.hpp"

#include <algorithm>
#include <array>

namespace nudged::checks {
namespace {

using warehouse::CoverageObject;

constexpr std::string_view not_noted = "not proven: next steps were not counted at its end";

constexpr std::array measures{
    ComputedMeasure{"account_coverage", not_noted, false,
                    [](const Scene& scene, IsoWeek from) {
                        return read_coverage(scene, CoverageObject::account, from);
                    }},
    ComputedMeasure{"opportunity_coverage", not_noted, false,
                    [](const Scene& scene, IsoWeek from) {
                        return read_coverage(scene, CoverageObject::opportunity, from);
                    }},
    ComputedMeasure{"speed_to_lead", "no lead came in", true, read_lead_weeks},
};

}  // namespace

std::span<const ComputedMeasure> computed_measures() {
    return measures;
}

const ComputedMeasure* computed_measure_of(const Kpi& kpi) {
    const auto* const found = std::ranges::find(measures, kpi.measure, &ComputedMeasure::name);
    return found == measures.end() ? nullptr : found;
}

const QueryWeeks& computed_weeks(const Scene& scene, const ComputedMeasure& measure, IsoWeek from) {
    // No KPI is called that.
    auto& known = scene.query_weeks[{"measure " + std::string{measure.name}, from}];
    if (!known) known = std::make_shared<const QueryWeeks>(measure.read(scene, from));
    return *known;
}

}  // namespace nudged::checks
