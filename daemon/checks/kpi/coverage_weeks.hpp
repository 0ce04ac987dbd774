// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/kpi/query_weeks.hpp"
#include "daemon/warehouse/coverage_weeks.hpp"

#include <vector>

namespace nudged::checks {

/// The share of a rep's accounts or open deals that have a next step (sales practice §2), week by
/// week from `from` on. A week is what was so when it was looked at last, on its last working day
/// or later; what is planned has no history, so that each evaluation notes it
/// (warehouse/coverage_weeks.hpp), and the week of `as_of` is counted as of then.
QueryWeeks read_coverage(const Scene& scene, warehouse::CoverageObject object, IsoWeek from);

/// How each rep stands as of the scene, where that is proven: what an evaluation notes.
std::vector<warehouse::CoverageWeek> count_coverage(const Scene& scene);

}  // namespace nudged::checks
