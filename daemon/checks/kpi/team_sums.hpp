// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/warehouse/team_weeks.hpp"

#include <vector>

namespace nudged::checks {

/// What the last `weeks` complete weeks of the teams came to that show no figures of their members,
/// for each measure that a KPI goes by. A week is decided once every member's sources prove it,
/// over the members whose week counts, and left out where these are fewer than the team's minimum.
/// To be written down (note_team_weeks): the first decision stays.
std::vector<warehouse::TeamWeek> decide_team_weeks(const Scene& scene, int weeks);

}  // namespace nudged::checks
