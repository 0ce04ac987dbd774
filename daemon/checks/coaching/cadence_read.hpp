// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/coaching/cadence.hpp"
#include "daemon/warehouse/coaching_records.hpp"

#include <map>
#include <optional>
#include <vector>

namespace nudged::checks {

/// By the manager who held them, in the order of read_talks().
using TalksOfManagers = std::map<warehouse::PersonId, std::vector<warehouse::HeldTalk>>;
TalksOfManagers read_talks_of_managers(const Scene& scene);

/// What the manager of one team did up to `as_of`: the last `weeks` complete weeks, and what lies
/// before them as far as it is known.
CadenceInput read_cadence(const Scene& scene, const warehouse::Team& team,
                          const TalksOfManagers& talks, int weeks);

/// Whether commitments were followed up in those weeks; nullopt where the warehouse does not keep
/// commitments.
std::optional<FollowUp> read_follow_up(const Scene& scene, const warehouse::Team& team,
                                       std::chrono::local_days first, int weeks);

}  // namespace nudged::checks
