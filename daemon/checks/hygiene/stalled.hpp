// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/options.hpp"

#include <string>
#include <vector>

namespace nudged::checks {

/// After how many days in its stage a deal is stalled, and why.
struct StallLimit {
    double days = 0;
    std::string basis;  // "2 × the median of 10.5 days of 24 deals that left this stage forwards"
};

/// Where the stage stands in its pipeline: 1 of 3 is early. 0 of 0: not known.
struct StagePlace {
    int rank = 0;
    int count = 0;
};

/// `stays`: days in this stage of deals that left it forwards; `cycles`: days from creation to the
/// win of the pipeline's deals. With less history than the rule's minimum the one stands in for the
/// other, and a fixed number of days by the stage's place for both.
StallLimit decide_stall_limit(const Stalled& rule, const std::vector<double>& stays,
                              const std::vector<double>& cycles, StagePlace place);

}  // namespace nudged::checks
