// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/plan_desk.hpp"

#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "daemon/checks/coaching/plan_progress.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/runtime/note_draft.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace nudged::runtime {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using warehouse::Database;
using warehouse::Plan;
using warehouse::PlanGoal;

constexpr std::int64_t longest_forced = 366;
constexpr int most_weeks = 104;

double read_value(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > 1e12)
        refuse(fmt::format("\"{}\" is no value of a goal; write a number such as 40", text));
    return value;
}

double read_level(std::string_view text) {
    const double level = read_value(text);
    if (level < warehouse::lowest_skill || level > warehouse::highest_skill)
        refuse(fmt::format("a skill goes from {} to {}, and not to {}", warehouse::lowest_skill,
                           warehouse::highest_skill, text));
    return level;
}

/// "skill:discovery:2:4"
PlanGoal read_skill_goal(std::string_view text, const std::vector<std::string_view>& parts) {
    PlanGoal goal;
    goal.kpi = fmt::format("skill:{}", trim(parts[1]));
    if (warehouse::skill_of(goal.kpi).empty())
        refuse(fmt::format("\"{}\" names no skill; write skill:NAME:FROM:TO, such as "
                           "skill:discovery:2:4",
                           text));
    goal.from = read_level(parts[2]);
    goal.to = read_level(parts[3]);
    if (goal.from == goal.to) refuse(fmt::format("\"{}\" goes nowhere: from and to are one", text));
    return goal;
}

/// "dials:40:60"
PlanGoal read_goal(const config::Config& config, std::string_view text) {
    const auto parts = split(text, ':');
    if (parts.size() == 4 && parts[0] == "skill") return read_skill_goal(text, parts);
    if (parts.size() != 3)
        refuse(fmt::format("\"{}\" is no goal; write KPI:FROM:TO, such as dials:40:60", text));
    const auto& kpis = config.checks.kpis;
    const bool is_known = std::any_of(kpis.begin(), kpis.end(),
                                      [&](const auto& kpi) { return kpi.name == parts[0]; });
    if (!is_known) {
        std::vector<std::string> names;
        for (const auto& kpi : kpis) names.push_back(kpi.name);
        refuse(fmt::format("kpis.toml has no KPI \"{}\"; it has {}", parts[0],
                           names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
    }
    PlanGoal goal;
    goal.kpi = parts[0];
    goal.from = read_value(parts[1]);
    goal.to = read_value(parts[2]);
    if (goal.from == goal.to) refuse(fmt::format("\"{}\" goes nowhere: from and to are one", text));
    return goal;
}

std::vector<PlanGoal> read_goals(const config::Config& config, const std::string& text) {
    std::vector<PlanGoal> goals;
    for (const auto line : split(text, '\n'))
        if (!trim(line).empty()) goals.push_back(read_goal(config, trim(line)));
    if (goals.empty() || goals.size() > warehouse::most_goals)
        refuse(fmt::format("a plan has one to {} goals: --goal KPI:FROM:TO or skill:NAME:FROM:TO",
                           warehouse::most_goals));
    return goals;
}

days read_length(const ControlRequest& request) {
    const auto text = request.argument("days");
    const days length{text.empty() ? warehouse::shortest_plan.count()
                                   : read_number("days", text, 1, longest_forced)};
    const bool fits = length >= warehouse::shortest_plan && length <= warehouse::longest_plan;
    if (!fits && request.argument("force") != "true")
        refuse(fmt::format(
            "a plan takes {} to {} days, six to eight weeks, and not {}: long enough "
            "to change a habit, short enough to see the end; --force makes it all "
            "the same",
            warehouse::shortest_plan.count(), warehouse::longest_plan.count(), length.count()));
    return length;
}

/// The plan of the rep that ended last: the new one goes on from it.
std::optional<warehouse::PlanId> find_last(const Database& database, warehouse::PersonId rep) {
    auto row = database.prepare("SELECT id FROM plan WHERE rep_id = ?1 AND ended_at IS NOT NULL "
                                "ORDER BY until_day DESC, id DESC LIMIT 1");
    row.bind(1, rep);
    if (!row.step()) return std::nullopt;
    return warehouse::PlanId{row.integer(0)};
}

/// One plan on the way over its checkpoints.
class Progress {
public:
    Progress(const Plan& plan, const std::vector<checks::KpiSeries>& series, local_days today)
        : plan_(plan), series_(series), today_(today) {}

    struct Step {
        warehouse::PlanId plan{};
        warehouse::PlanCheckpoint checkpoint;
        std::vector<PlanGoal> results;  // of the end; else empty
        std::string celebration;
    };

    std::vector<Step> steps(std::vector<std::string>& told) {
        std::vector<Step> steps;
        auto plan = plan_;
        for (auto day = plan.due(today_); day; day = plan.due(today_)) {
            Step step{plan.id, {*day, {}}, {}, ""};
            for (std::size_t i = 0; i < plan.goals.size(); ++i) {
                const auto standing = standing_of(i, *day);
                if (!standing.is_settled) {
                    told.push_back(fmt::format("plan {}: the weeks before {} are not complete yet",
                                               number(), format_date(*day)));
                    return steps;
                }
                step.checkpoint.values.push_back(standing.value);
            }
            told.push_back(line_of(step));
            if (*day == plan.until) end(step, told);
            plan.checked.push_back(step.checkpoint);
            steps.push_back(std::move(step));
        }
        return steps;
    }

private:
    std::int64_t number() const { return static_cast<std::int64_t>(plan_.id); }

    checks::Standing standing_of(std::size_t position, local_days day) const {
        const auto& goal = plan_.goals[position];
        if (!warehouse::skill_of(goal.kpi).empty())
            return checks::standing_at(plan_, position, day);
        for (const auto& series : series_)
            if (series.rep->id == plan_.rep && series.kpi->name == goal.kpi)
                return checks::standing_at(series, day);
        return {};
    }

    std::string line_of(const Step& step) const {
        std::vector<std::string> parts;
        for (std::size_t i = 0; i < plan_.goals.size(); ++i) {
            const auto& goal = plan_.goals[i];
            const auto& value = step.checkpoint.values[i];
            parts.push_back(fmt::format("{} {} (from {} to {})", goal.kpi,
                                        value ? checks::number_text(*value) : "not known",
                                        checks::number_text(goal.from),
                                        checks::number_text(goal.to)));
        }
        return fmt::format("plan {}, {}, {}: {}", number(), plan_.rep_name,
                           format_date(step.checkpoint.day), fmt::join(parts, ", "));
    }

    void end(Step& step, std::vector<std::string>& told) const {
        step.results = plan_.goals;
        for (std::size_t i = 0; i < step.results.size(); ++i) {
            auto& goal = step.results[i];
            goal.result_value = step.checkpoint.values[i];
            goal.result = checks::decide_result(goal, goal.result_value);
            told.push_back(fmt::format("plan {} has ended; {}: {}", number(), goal.kpi,
                                       words_of(*goal.result)));
        }
        step.celebration = checks::celebration_of(plan_, step.results);
        if (!step.celebration.empty()) told.push_back(step.celebration);
        std::string goals;
        for (const auto& goal : checks::propose_next(step.results))
            goals += fmt::format(" --goal {}:{}:{}", goal.kpi, checks::number_text(goal.from),
                                 checks::number_text(goal.to));
        told.push_back(fmt::format("A next plan to talk about: nudged plan add --rep \"{}\"{}",
                                   plan_.rep_name, goals));
    }

    static std::string_view words_of(warehouse::GoalResult result) {
        switch (result) {
        case warehouse::GoalResult::reached: return "reached";
        case warehouse::GoalResult::on_the_way: return "on the way";
        case warehouse::GoalResult::not_yet: return "not yet";
        case warehouse::GoalResult::not_known: return "not known";
        }
        return {};
    }

    const Plan& plan_;
    const std::vector<checks::KpiSeries>& series_;
    local_days today_;
};

struct Checked {
    std::vector<Progress::Step> steps;
    std::vector<std::string> told;
};

Checked read_progress(const CareContext& context, std::optional<std::int64_t> only) {
    const auto now = context.clock();
    const warehouse::Reader reader(context.config.warehouse_path().string());
    const auto people = warehouse::read_people(reader, context.config.roster);
    const checks::Scene scene{reader, people, context.config.checks, now};
    std::vector<std::pair<Plan, local_days>> due;
    int weeks = 4;
    bool is_there = false;
    for (auto& plan : warehouse::read_plans(reader)) {
        if (only && static_cast<std::int64_t>(plan.id) != *only) continue;
        is_there = true;
        const auto* rep = people.rep(plan.rep);
        if (!rep || plan.ended_at) continue;
        const auto today = rep->zone.local_day(now);
        if (const auto day = plan.due(today)) {
            const auto back = static_cast<int>((today - *day).count() / 7) + 4;
            weeks = std::min(most_weeks, std::max(weeks, back));
            due.emplace_back(std::move(plan), today);
        }
    }
    if (only && !is_there)
        refuse(fmt::format("there is no plan {}; `nudged plan list` shows those that there are",
                           *only));
    std::set<warehouse::PersonId> reps;
    for (const auto& [plan, today] : due) reps.insert(plan.rep);
    const auto series = checks::read_kpi_series(
        scene, weeks, [&](const warehouse::Rep& rep) { return reps.contains(rep.id); });
    Checked checked;
    for (const auto& [plan, today] : due) {
        auto steps = Progress(plan, series, today).steps(checked.told);
        std::move(steps.begin(), steps.end(), std::back_inserter(checked.steps));
    }
    return checked;
}

}  // namespace

asio::awaitable<CareReport> add_plan(const CareContext& context, ControlRequest request) {
    const auto& config = context.config;
    const auto rep =
        warehouse::find_on_roster(config.roster, request.argument("rep"), warehouse::Role::rep);
    const auto now = context.clock();
    warehouse::PlanDraft draft;
    draft.goals = read_goals(config, request.argument("goals"));
    const auto start = request.argument("start");
    draft.from = start.empty() ? rep.team->zone.local_day(now) : read_day("start", start);
    draft.until = draft.from + read_length(request);
    auto store = [&](Database& database) {
        draft.rep = settle_person(database, config, rep);
        draft.manager = settle_person(database, config, manager_on(*rep.team, draft.from));
        draft.follows = find_last(database, draft.rep);
        return warehouse::store_plan(database, draft, now);
    };
    const auto stored = co_await context.writer.run(store);
    const auto id = static_cast<std::int64_t>(stored);
    Plan plan;
    plan.from = draft.from;
    plan.until = draft.until;
    std::vector<std::string> dates;
    for (const auto day : plan.checkpoints()) dates.push_back(format_date(day));
    CareReport report;
    report.facts["plan"] = fmt::format("{}", id);
    report.sentences.push_back(fmt::format("plan {}: {} to {}; checkpoints on {}", id,
                                           format_date(plan.from), format_date(plan.until),
                                           fmt::join(dates, ", ")));
    if (draft.follows)
        report.sentences.push_back(
            fmt::format("It goes on from plan {}.", static_cast<std::int64_t>(*draft.follows)));
    co_return report;
}

asio::awaitable<CareReport> rate_plan(const CareContext& context, ControlRequest request) {
    const auto number =
        read_number("plan", request.argument("id"), 1, std::numeric_limits<std::int64_t>::max());
    const auto skill = request.argument("skill");
    const auto level = read_level(request.argument("level"));
    const auto now = context.clock();
    auto store = [&](Database& database) {
        auto row = database.prepare("SELECT position FROM plan_goal WHERE plan_id = ?1 AND "
                                    "lower(kpi) = 'skill:' || lower(?2)");
        row.bind(1, number).bind(2, std::string_view{skill});
        if (!row.step())
            refuse(fmt::format("plan {} has no skill \"{}\" for a goal; `nudged plan list` shows "
                               "the goals of each",
                               number, skill));
        const auto text = request.argument("day");
        const auto day = text.empty() ? Zone::utc().local_day(now) : read_day("day", text);
        warehouse::note_skill(database, warehouse::PlanId{number},
                              {static_cast<std::size_t>(row.integer(0)), day, level});
        return day;
    };
    const auto day = co_await context.writer.run(store);
    CareReport report;
    report.sentences.push_back(fmt::format("plan {}, {}: {} of {} on {}", number, skill,
                                           checks::number_text(level), warehouse::highest_skill,
                                           format_date(day)));
    co_return report;
}

asio::awaitable<CareReport> check_plans(const CareContext& context, ControlRequest request) {
    std::optional<std::int64_t> only;
    if (const auto id = request.argument("id"); !id.empty())
        only = read_number("plan", id, 1, std::numeric_limits<std::int64_t>::max());
    auto read = [&] { return read_progress(context, only); };
    const auto checked = co_await on(context.workers, read);
    const auto now = context.clock();
    auto store = [&](Database& database) {
        for (const auto& step : checked.steps) {
            warehouse::note_checkpoint(database, step.plan, step.checkpoint, now);
            if (!step.results.empty())
                warehouse::end_plan(database, step.plan, step.results, step.celebration, now);
        }
        return true;
    };
    co_await context.writer.run(store);
    CareReport report;
    report.facts["checkpoints"] = fmt::format("{}", checked.steps.size());
    report.sentences = checked.told;
    if (report.sentences.empty()) report.sentences.emplace_back("No checkpoint is due.");
    co_return report;
}

}  // namespace nudged::runtime
