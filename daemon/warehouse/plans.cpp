// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/plans.hpp"

#include "daemon/warehouse/persons.hpp"

#include <algorithm>
#include <array>

namespace nudged::warehouse {
namespace {

constexpr std::array<std::string_view, 4> result_names{"reached", "on_the_way", "not_yet",
                                                       "not_known"};

std::optional<GoalResult> result_of(std::string_view name) {
    const auto* found = std::find(result_names.begin(), result_names.end(), name);
    if (found == result_names.end()) return std::nullopt;
    return static_cast<GoalResult>(found - result_names.begin());
}

std::optional<double> maybe_real(const Statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional{row.real(column)};
}

std::vector<PlanGoal> read_goals(const Database& database, PlanId id) {
    auto rows = database.prepare("SELECT kpi, from_value, to_value, result, result_value FROM "
                                 "plan_goal WHERE plan_id = ?1 ORDER BY position");
    rows.bind(1, id);
    std::vector<PlanGoal> goals;
    while (rows.step())
        goals.push_back({std::string{rows.text(0)}, rows.real(1), rows.real(2),
                         result_of(rows.text(3)), maybe_real(rows, 4)});
    return goals;
}

std::vector<PlanCheckpoint> read_checkpoints(const Database& database, PlanId id,
                                             std::size_t goals) {
    auto rows = database.prepare("SELECT day, position, value FROM plan_checkpoint WHERE "
                                 "plan_id = ?1 ORDER BY day, position");
    rows.bind(1, id);
    std::vector<PlanCheckpoint> checked;
    while (rows.step()) {
        const auto day = parse_date(rows.text(0));
        const auto position = static_cast<std::size_t>(rows.integer(1));
        if (!day || position >= goals) continue;
        if (checked.empty() || checked.back().day != *day)
            checked.push_back({*day, std::vector<std::optional<double>>(goals)});
        checked.back().values[position] = maybe_real(rows, 2);
    }
    return checked;
}

std::vector<SkillLevel> read_skills(const Database& database, PlanId id) {
    auto rows = database.prepare("SELECT position, day, level FROM plan_skill WHERE plan_id = ?1 "
                                 "ORDER BY position, day");
    rows.bind(1, id);
    std::vector<SkillLevel> levels;
    while (rows.step())
        if (const auto day = parse_date(rows.text(1)))
            levels.push_back({static_cast<std::size_t>(rows.integer(0)), *day, rows.real(2)});
    return levels;
}

}  // namespace

std::string_view skill_of(std::string_view goal) {
    constexpr std::string_view prefix = "skill:";
    return goal.starts_with(prefix) ? goal.substr(prefix.size()) : std::string_view{};
}

std::string_view to_string(GoalResult result) {
    return result_names[static_cast<std::size_t>(result)];
}

std::vector<std::chrono::local_days> Plan::checkpoints() const {
    std::vector<std::chrono::local_days> days;
    for (auto day = from + checkpoint_every; day < until; day += checkpoint_every)
        days.push_back(day);
    days.push_back(until);
    return days;
}

std::optional<std::chrono::local_days> Plan::due(std::chrono::local_days today) const {
    for (const auto day : checkpoints()) {
        if (day > today) break;
        if (std::none_of(checked.begin(), checked.end(),
                         [&](const PlanCheckpoint& one) { return one.day == day; }))
            return day;
    }
    return std::nullopt;
}

PlanId store_plan(Database& database, const PlanDraft& plan, Instant now) {
    const auto from = format_date(plan.from);
    const auto until = format_date(plan.until);
    database
        .prepare("INSERT INTO plan (rep_id, manager_id, from_day, until_day, follows_id, "
                 "created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(1, plan.rep)
        .bind(2, plan.manager)
        .bind(3, from)
        .bind(4, until)
        .bind(5, plan.follows)
        .bind(6, now)
        .run();
    const PlanId id{database.last_insert_id()};
    for (std::size_t i = 0; i < plan.goals.size(); ++i)
        database
            .prepare("INSERT INTO plan_goal (plan_id, position, kpi, from_value, to_value) "
                     "VALUES (?1, ?2, ?3, ?4, ?5)")
            .bind(1, id)
            .bind(2, static_cast<std::int64_t>(i))
            .bind(3, plan.goals[i].kpi)
            .bind(4, plan.goals[i].from)
            .bind(5, plan.goals[i].to)
            .run();
    return id;
}

void note_checkpoint(Database& database, PlanId id, const PlanCheckpoint& checkpoint, Instant now) {
    const auto day = format_date(checkpoint.day);
    for (std::size_t i = 0; i < checkpoint.values.size(); ++i)
        database
            .prepare("INSERT OR REPLACE INTO plan_checkpoint (plan_id, day, position, value, "
                     "checked_at) VALUES (?1, ?2, ?3, ?4, ?5)")
            .bind(1, id)
            .bind(2, day)
            .bind(3, static_cast<std::int64_t>(i))
            .bind(4, checkpoint.values[i])
            .bind(5, now)
            .run();
}

void note_skill(Database& database, PlanId id, const SkillLevel& level) {
    const auto day = format_date(level.day);
    database
        .prepare("INSERT OR REPLACE INTO plan_skill (plan_id, position, day, level) "
                 "VALUES (?1, ?2, ?3, ?4)")
        .bind(1, id)
        .bind(2, static_cast<std::int64_t>(level.goal))
        .bind(3, day)
        .bind(4, level.level)
        .run();
}

void end_plan(Database& database, PlanId id, const std::vector<PlanGoal>& goals,
              std::string_view celebration, Instant now) {
    for (std::size_t i = 0; i < goals.size(); ++i)
        database
            .prepare("UPDATE plan_goal SET result = ?3, result_value = ?4 WHERE plan_id = ?1 AND "
                     "position = ?2")
            .bind(1, id)
            .bind(2, static_cast<std::int64_t>(i))
            .bind(3, to_string(goals[i].result.value_or(GoalResult::not_known)))
            .bind(4, goals[i].result_value)
            .run();
    database.prepare("UPDATE plan SET ended_at = ?2, celebration = ?3 WHERE id = ?1")
        .bind(1, id)
        .bind(2, now)
        .bind(3, celebration)
        .run();
}

std::vector<Plan> read_plans(const Reader& reader, std::optional<PersonId> rep) {
    const auto& database = reader.database();
    auto rows = database.prepare(
        "SELECT l.id, l.rep_id, p.name, l.manager_id, l.from_day, l.until_day, l.follows_id, "
        "l.ended_at, l.celebration FROM plan l JOIN person p ON p.id = l.rep_id "
        "ORDER BY l.from_day, l.id");
    std::vector<Plan> plans;
    while (rows.step()) {
        Plan plan;
        plan.id = PlanId{rows.integer(0)};
        plan.rep = counted_as(database, PersonId{rows.integer(1)});
        if (rep && plan.rep != *rep) continue;
        plan.rep_name = rows.text(2);
        plan.manager =
            rows.is_null(3) ? PersonId::nobody : counted_as(database, PersonId{rows.integer(3)});
        plan.from = parse_date(rows.text(4)).value_or(std::chrono::local_days{});
        plan.until = parse_date(rows.text(5)).value_or(std::chrono::local_days{});
        if (const auto follows = rows.maybe_integer(6)) plan.follows = PlanId{*follows};
        plan.ended_at = rows.maybe_instant(7);
        plan.celebration = rows.text(8);
        plan.goals = read_goals(database, plan.id);
        plan.checked = read_checkpoints(database, plan.id, plan.goals.size());
        plan.skills = read_skills(database, plan.id);
        plans.push_back(std::move(plan));
    }
    return plans;
}

}  // namespace nudged::warehouse
