// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "daemon/alerts/digest.hpp"
#include "daemon/checks/coaching/cadence.hpp"
#include "daemon/checks/coaching/judgement.hpp"
#include "daemon/warehouse/plans.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nudged::alerts {

/// What a rep won in the week before.
struct Wins {
    std::size_t deals = 0;
    std::map<std::string, Decimal> amounts;  // by currency
};

/// What a brief, a card and a scrum's sheet are made of, beside what a digest is. What it refers to
/// outlives it.
struct CoachingScene {
    const DigestScene& digest;
    const checks::Judgement& judgement;
    checks::Cadence cadence{};  // the manager's own, of the last four weeks
    int cadence_weeks = 4;
    std::map<warehouse::PersonId, Wins> wins{};
    std::map<warehouse::PersonId, std::chrono::local_days> last_one_on_one{};
    std::vector<warehouse::Plan> plans{};  // under way

    const warehouse::Team& team() const { return digest.team; }
};

}  // namespace nudged::alerts
