// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/statistics/rates.hpp"

#include <span>
#include <string>
#include <vector>

/// The way back from a quota to what has to be done each week (sales practice §9).
namespace nudged::checks {

/// How many of each step it takes for `results` of the first one, real numbers throughout:
/// `rates[i]` is the share of step i + 1 that becomes step i. One more value than there are rates;
/// infinite behind a rate of 0.
std::vector<double> steps_back(double results, std::span<const double> rates);
/// The other way: what `efforts` of the last step come to, the results first.
std::vector<double> steps_forward(double efforts, std::span<const double> rates);

/// Between one step and the one it is made from.
struct FunnelRate {
    long hits = 0;  // the rep's own, over the history
    long cases = 0;
    double own = 0;   // shrunk towards the team's
    double team = 0;  // of the whole team
};

/// One rep's way back, beside the team's.
struct FunnelChain {
    double deal_size = 0;
    double deals = 0;
    std::vector<std::string> steps;  // measures
    std::vector<FunnelRate> rates;   // one fewer
    std::vector<double> own, team;   // needed in all
    int weeks = 1;

    double weekly(double needed) const { return needed / weeks; }
};

/// Throws Failure(needs_person) where the funnel or the worth of a deal is not known.
FunnelChain read_funnel(const Scene& scene, const warehouse::Rep& rep);

}  // namespace nudged::checks
