// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/kpi/counts.hpp"
#include "daemon/checks/kpi/weeks.hpp"

#include <string>
#include <vector>

namespace nudged::checks {

/// What changed that luck does not explain (sales practice §8): the findings of kpi.unusual_week,
/// kpi.drift and kpi.team_week, worked out together, since a team's week decides about its reps'.
struct Surprises {
    Findings findings;
    std::vector<Held> held;
    std::vector<HeldBack> held_back;  // one a series and test, and one a signal
};

/// Of the scene; worked out at the first call. Judged is the last week that is complete for all
/// reps of a manager.
const Surprises& surprises_of(const Scene& scene);

/// One rep's KPI, as it is judged.
struct SurpriseLine {
    const KpiSeries* series = nullptr;
    std::vector<CountWeek> weeks;  // the usable ones, oldest first
};

/// A test of one line with all that decides whether it is told.
struct SurpriseVerdict {
    const SurpriseLine* line = nullptr;
    IsoWeek week;
    CountTest test;
    Direction direction = Direction::low;
    double chance = 1;                 // by itself
    std::optional<double> given_team;  // were the team's total shared out as usual
    std::string kept_because;          // empty: told
    bool is_team_wide = false;         // kept because the week was everybody's
};

// The words for them.

Finding unusual_week_finding(const Scene& scene, const SurpriseVerdict& verdict,
                             std::span<const KpiSeries> all);
Finding drift_finding(const Scene& scene, const SurpriseLine& line, const Drift& drift,
                      IsoWeek week);
Finding team_week_finding(const warehouse::Team& team, const Kpi& kpi, IsoWeek week,
                          const TeamTotal& total, double chance);
HeldBack held_back_of(const Scene& scene, const SurpriseVerdict& verdict);
HeldBack held_back_of(const Scene& scene, std::string_view check, const SurpriseLine& line,
                      std::string what, std::string reason);

}  // namespace nudged::checks
