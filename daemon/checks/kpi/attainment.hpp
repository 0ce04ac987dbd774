// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/kpi/weeks.hpp"

#include <optional>

namespace nudged::checks {

/// What a series is worth saying; nullopt for nothing. Pure.
std::optional<Finding> decide_attainment(const Scene& scene, const KpiSeries& series);

/// The next rung of a ladder from what is usual towards the target: a fifth of the way, at least
/// one; never all of it at once.
double next_rung(double usual, double target);

}  // namespace nudged::checks
