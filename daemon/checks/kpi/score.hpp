// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/kpi/weeks.hpp"

#include <span>

namespace nudged::checks {

/// The series of a score (sales practice §5): each week the sum of weight × attainment × 100 over
/// the KPIs that it is made of, no attainment more than the cap. `of_rep` are the rep's series of
/// the KPIs so far. A week in which one part is not known, or has no target, has no score: half of
/// a score looks like a low one.
KpiSeries make_score(const Scene& scene, const warehouse::Rep& rep, const Kpi& kpi,
                     std::span<const KpiSeries> of_rep);

}  // namespace nudged::checks
