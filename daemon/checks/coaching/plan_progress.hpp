// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/warehouse/plans.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::checks {

/// What a goal stands at on a checkpoint: the mean of the last two complete weeks before it, per
/// standard week of five working days; weeks that do not count (leave, no data) are left out.
struct Standing {
    bool is_settled = true;       // false: a week before it may still change; ask again later
    std::optional<double> value;  // empty: neither week is known
};
Standing standing_at(const KpiSeries& series, std::chrono::local_days day);
/// The same of a goal that is a skill: where the manager saw it last.
Standing standing_at(const warehouse::Plan& plan, std::size_t goal, std::chrono::local_days day);

/// `to` reached from `from`, in either direction; on the way: moved towards it.
warehouse::GoalResult decide_result(const warehouse::PlanGoal& goal, std::optional<double> value);

/// "Ana Duarte went from 40 to 62 dials a week in six weeks (the goal was 60)!", of what moved;
/// "" when nothing has.
std::string celebration_of(const warehouse::Plan& plan,
                           const std::vector<warehouse::PlanGoal>& goals);

/// The goals that a next plan could have: where a goal was reached, as large a step again; else
/// what was left of it.
std::vector<warehouse::PlanGoal> propose_next(const std::vector<warehouse::PlanGoal>& goals);

}  // namespace nudged::checks
