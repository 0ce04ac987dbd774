// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"

#include <optional>
#include <span>
#include <vector>

namespace nudged::checks {

struct KpiSeries;

/// Whether a target shrinks with the days worked: not that of a ratio or a score, nor of what is
/// better the lower it is (sales practice §6); that of a query as it says itself.
bool is_prorated(const Kpi& kpi);

/// The target of a whole week for a rep whose ramp is over, as it was in force on the week's
/// Monday: that of the rep goes before that of the role, of the team, and everybody's.
std::optional<double> target_in(const Scene& scene, const Kpi& kpi, const warehouse::Rep& rep,
                                IsoWeek week);

/// What the full months in the role up to the week's Monday ask for: 0 … 1 of the target.
double ramp_in(const CheckOptions& options, const warehouse::Rep& rep, IsoWeek week);

/// How much of a target above 0 was reached; of what is better the lower it is, the other way
/// about.
double attainment_of(const Kpi& kpi, double value, double target);

/// What four of five weeks of the rep's peers stay below: the 80th percentile of their normalised
/// usable weeks, the last twelve. For a person to consider, never applied; nullopt without five
/// peers. `all` are the series of everybody.
std::optional<double> suggested_target(const Scene& scene, std::span<const KpiSeries> all,
                                       const KpiSeries& series);

/// Those of `all` whose rep does the same for the same KPI and is ramped in the series' last week:
/// of the role, or, where none is said, of the team; the rep left out.
std::vector<const KpiSeries*> peers_of(const Scene& scene, std::span<const KpiSeries> all,
                                       const KpiSeries& series);
/// With fewer there is no middle half.
inline constexpr std::size_t least_peers = 5;

/// The value below which a share of the sample lies, between its neighbours in proportion; 0 for
/// none.
double quantile(std::vector<double> values, double share);

}  // namespace nudged::checks
