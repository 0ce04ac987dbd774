// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/baselines.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/options.hpp"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
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

/// What the past says about each stage, for one scene; read when it is asked.
class StallHistory {
public:
    explicit StallHistory(const Scene& scene) : scene_(scene) {}
    /// Many deals share a stage, so the limit of each stage is worked out once. Lives as long as
    /// this.
    const StallLimit& limit(const Stalled& rule, const warehouse::OpenOpportunity& deal);

private:
    using LimitKey = std::tuple<StageKey, double, int, int, checks::Days, int, int>;

    const Scene& scene_;
    std::map<LimitKey, StallLimit> limits_;
};

/// True in a stage in which deals may rest.
bool is_exempt(const Stalled& rule, const warehouse::OpenOpportunity& deal);

/// Whether a deal has ever changed its stage, as far as anybody knows.
enum class Moved { never, once, unknown };
Moved decide_moved(const Scene& scene, const warehouse::OpenOpportunity& deal);

}  // namespace nudged::checks
