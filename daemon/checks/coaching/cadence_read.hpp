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

/// Whether what was agreed for those weeks was followed up: what worked, or where it was hard, was
/// noted by the first 1:1 after the week. nullopt where nothing was ever agreed.
std::optional<FollowUp> read_follow_up(const Scene& scene, const warehouse::Team& team,
                                       std::span<const warehouse::HeldTalk> talks,
                                       std::chrono::local_days first, int weeks);

}  // namespace nudged::checks
