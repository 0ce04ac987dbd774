// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/plan_progress.hpp"

#include "daemon/checks/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace nudged::checks {
namespace {

using warehouse::GoalResult;
using warehouse::PlanGoal;

constexpr std::size_t weeks_looked_at = 2;

/// Numbers that people set themselves have no fractions of a call.
double rounded(double value) {
    return std::abs(value) >= 10 ? std::round(value) : std::round(value * 10) / 10;
}

std::string measure_of(const PlanGoal& goal) {
    const auto skill = warehouse::skill_of(goal.kpi);
    return skill.empty() ? goal.kpi + " a week" : fmt::format("in {}", skill);
}

/// As far as a skill goes.
double within(const PlanGoal& goal, double value) {
    return warehouse::skill_of(goal.kpi).empty()
               ? value
               : std::clamp<double>(value, warehouse::lowest_skill, warehouse::highest_skill);
}

}  // namespace

Standing standing_at(const KpiSeries& series, std::chrono::local_days day) {
    Standing standing;
    double sum = 0;
    std::size_t seen = 0, counted = 0;
    for (auto week = series.weeks.rbegin(); week != series.weeks.rend(); ++week) {
        if (week->week.end() > day) continue;
        if (seen++ == weeks_looked_at) break;
        if (week->provisional) standing.is_settled = false;
        if (!week->is_usable() || !week->value) continue;
        sum += *week->value * standard_week / week->working_days;
        ++counted;
    }
    if (counted > 0) standing.value = sum / static_cast<double>(counted);
    return standing;
}

Standing standing_at(const warehouse::Plan& plan, std::size_t goal, std::chrono::local_days day) {
    Standing standing;
    for (const auto& level : plan.skills)
        if (level.goal == goal && level.day <= day) standing.value = level.level;
    return standing;
}

GoalResult decide_result(const PlanGoal& goal, std::optional<double> value) {
    if (!value) return GoalResult::not_known;
    const double direction = goal.to < goal.from ? -1 : 1;
    if ((*value - goal.to) * direction >= 0) return GoalResult::reached;
    return (*value - goal.from) * direction > 0 ? GoalResult::on_the_way : GoalResult::not_yet;
}

std::string celebration_of(const warehouse::Plan& plan, const std::vector<PlanGoal>& goals) {
    std::vector<std::string> moved;
    for (const auto& goal : goals)
        if (goal.result == GoalResult::reached || goal.result == GoalResult::on_the_way)
            moved.push_back(fmt::format("from {} to {} {} (the goal was {})",
                                        number_text(goal.from),
                                        number_text(rounded(goal.result_value.value_or(goal.from))),
                                        measure_of(goal), number_text(goal.to)));
    if (moved.empty()) return "";
    const auto weeks = (plan.until - plan.from).count() / 7;
    return fmt::format("{} went {} in {} weeks!", plan.rep_name, fmt::join(moved, ", and "), weeks);
}

std::vector<PlanGoal> propose_next(const std::vector<PlanGoal>& goals) {
    std::vector<PlanGoal> next;
    for (const auto& goal : goals) {
        const double from = rounded(goal.result_value.value_or(goal.from));
        const bool is_reached = goal.result == GoalResult::reached;
        const double to =
            within(goal, is_reached ? rounded(from + (goal.to - goal.from)) : goal.to);
        if (from == to) continue;  // the skill is as good as it gets
        next.push_back({goal.kpi, from, to, std::nullopt, std::nullopt});
    }
    return next;
}

}  // namespace nudged::checks
