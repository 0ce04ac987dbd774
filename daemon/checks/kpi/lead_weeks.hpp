// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/kpi/query_weeks.hpp"

#include <cstddef>

namespace nudged::checks {

/// With fewer leads a week's median enters no verdict: the range of five holds the middle of what
/// they are drawn from 15 times in 16, that of four only 7 times in 8.
inline constexpr std::size_t leads_for_median = 5;

/// Speed to lead (sales practice §5): the median of the working minutes from a lead's coming in to
/// the first touch of ours, by the week in which it came. `[leads]` says what one is, open or not.
/// It counts for whoever had it at the first touch, from when they got it; one that nobody has
/// touched counts for its owner with what it has waited so far, or did until it was closed.
QueryWeeks read_lead_weeks(const Scene& scene, IsoWeek from);

}  // namespace nudged::checks
