// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// Row of the table `plan`.
enum class PlanId : std::int64_t { none = 0 };

enum class GoalResult { reached, on_the_way, not_yet, not_known };
std::string_view to_string(GoalResult result);

/// What one KPI is to come to, per standard week; or a skill, "skill:discovery", from 1 to 5 as the
/// manager sees it.
struct PlanGoal {
    std::string kpi;
    double from = 0;
    double to = 0;
    std::optional<GoalResult> result;  // once the plan has ended
    std::optional<double> result_value;
};

/// "discovery" of the goal "skill:discovery"; empty for a KPI.
std::string_view skill_of(std::string_view goal);
inline constexpr int lowest_skill = 1;
inline constexpr int highest_skill = 5;

/// Where the rep stood in a goal's skill, as the manager saw it.
struct SkillLevel {
    std::size_t goal = 0;  // its position
    std::chrono::local_days day{};
    double level = 0;
};

/// What the goals stood at on one day; in the order of the goals, empty where it is not known.
struct PlanCheckpoint {
    std::chrono::local_days day{};
    std::vector<std::optional<double>> values;
};

struct PlanDraft {
    PersonId rep{};
    PersonId manager{};
    std::chrono::local_days from{};
    std::chrono::local_days until{};  // exclusive
    std::vector<PlanGoal> goals;
    std::optional<PlanId> follows;
};

/// An action plan of a rep (sales practice §10): six to eight weeks, one to three goals.
struct Plan {
    PlanId id{};
    PersonId rep{};  // as whom they count
    std::string rep_name;
    PersonId manager = PersonId::nobody;
    std::chrono::local_days from{};
    std::chrono::local_days until{};
    std::vector<PlanGoal> goals;
    std::vector<PlanCheckpoint> checked;  // the earliest first
    std::vector<SkillLevel> skills;       // by goal and day
    std::optional<PlanId> follows;
    std::optional<Instant> ended_at;
    std::string celebration;

    /// Every second week from the beginning, and the end.
    std::vector<std::chrono::local_days> checkpoints() const;
    /// The first one up to `today` that nobody has looked at.
    std::optional<std::chrono::local_days> due(std::chrono::local_days today) const;
};

inline constexpr std::chrono::days shortest_plan{42};
inline constexpr std::chrono::days longest_plan{56};
inline constexpr std::chrono::days checkpoint_every{14};
inline constexpr std::size_t most_goals = 3;

// Inside a write transaction.

PlanId store_plan(Database& database, const PlanDraft& plan, Instant now);
/// Once more for the same day replaces what was noted.
void note_checkpoint(Database& database, PlanId id, const PlanCheckpoint& checkpoint, Instant now);
/// Once more for the same day replaces what was noted.
void note_skill(Database& database, PlanId id, const SkillLevel& level);
/// The goals' results, in their order.
void end_plan(Database& database, PlanId id, const std::vector<PlanGoal>& goals,
              std::string_view celebration, Instant now);

/// All of them as they were stored, the earliest first.
std::vector<Plan> read_plans(const Reader& reader, std::optional<PersonId> rep = std::nullopt);

}  // namespace nudged::warehouse
