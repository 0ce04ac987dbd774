// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/words.hpp"
#include "daemon/cli/asker.hpp"
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/plans.hpp"

#include <algorithm>
#include <cstdio>

namespace nudged::cli {
namespace {

using warehouse::Plan;

struct Options {
    std::string rep, start, days, skill, level, day;
    std::vector<std::string> goals;
    std::int64_t id = 0;
    bool force = false;
    bool json = false;
};

std::string value_text(const std::optional<double>& value) {
    return value ? checks::number_text(*value) : "not known";
}

std::string goals_text(const Plan& plan) {
    std::vector<std::string> goals;
    for (const auto& goal : plan.goals)
        goals.push_back(fmt::format("{} {} → {}", goal.kpi, checks::number_text(goal.from),
                                    checks::number_text(goal.to)));
    return fmt::format("{}", fmt::join(goals, ", "));
}

std::string state_text(const Plan& plan) {
    if (!plan.ended_at)
        return fmt::format("{} of {} checkpoints", plan.checked.size(), plan.checkpoints().size());
    const auto reached = std::count_if(plan.goals.begin(), plan.goals.end(), [](const auto& goal) {
        return goal.result == warehouse::GoalResult::reached;
    });
    return fmt::format("ended, {} of {} reached", reached, plan.goals.size());
}

std::vector<Plan> read(const config::Config& config, const Options& options) {
    const warehouse::Reader reader(config.warehouse_path().string());
    std::optional<warehouse::PersonId> rep;
    if (!options.rep.empty()) rep = find_rep(reader, config, options.rep);
    auto plans = warehouse::read_plans(reader, rep);
    if (options.id != 0)
        std::erase_if(plans, [&](const Plan& plan) {
            return static_cast<std::int64_t>(plan.id) != options.id;
        });
    return plans;
}

std::string json_of(const std::vector<Plan>& plans) {
    Json json;
    json.begin_array();
    for (const auto& plan : plans) {
        json.begin_object()
            .field("id", static_cast<std::int64_t>(plan.id))
            .field("rep", plan.rep_name)
            .field("from", format_date(plan.from))
            .field("until", format_date(plan.until));
        if (plan.follows) json.field("follows", static_cast<std::int64_t>(*plan.follows));
        if (plan.ended_at) json.field("ended_at", format_instant(*plan.ended_at));
        if (!plan.celebration.empty()) json.field("celebration", plan.celebration);
        json.key("goals").begin_array();
        for (const auto& goal : plan.goals) {
            json.begin_object()
                .field("kpi", goal.kpi)
                .field("from", goal.from)
                .field("to", goal.to);
            if (goal.result) json.field("result", to_string(*goal.result));
            json.field("result_value", goal.result_value).end_object();
        }
        json.end_array().key("checkpoints").begin_array();
        for (const auto& checkpoint : plan.checked) {
            json.begin_object().field("day", format_date(checkpoint.day)).key("values");
            json.begin_array();
            for (const auto& value : checkpoint.values) json.value(value);
            json.end_array().end_object();
        }
        json.end_array().end_object();
    }
    json.end_array();
    return json.str();
}

void list(const config::Config& config, const Options& options) {
    const auto plans = read(config, options);
    if (options.json) {
        fmt::print("{}\n", json_of(plans));
        return;
    }
    Table table(std::vector<Table::Align>(6, Table::Align::left));
    table.row({"id", "rep", "from", "until", "goals", "state"});
    for (const auto& plan : plans)
        table.row({fmt::format("{}", static_cast<std::int64_t>(plan.id)),
                   for_terminal(plan.rep_name), format_date(plan.from), format_date(plan.until),
                   for_terminal(goals_text(plan)), state_text(plan)});
    fmt::print("{}", table.str());
}

int show(const config::Config& config, const Options& options) {
    const auto plans = read(config, options);
    if (plans.empty()) {
        fmt::print(stderr, "there is no plan {}; `nudged plan list` shows those that there are\n",
                   options.id);
        return exit_failure;
    }
    if (options.json) {
        fmt::print("{}\n", json_of(plans));
        return exit_ok;
    }
    const auto& plan = plans.front();
    fmt::print("{}: {} to {}, {}\n", for_terminal(plan.rep_name), format_date(plan.from),
               format_date(plan.until), state_text(plan));
    if (plan.follows)
        fmt::print("goes on from plan {}\n", static_cast<std::int64_t>(*plan.follows));
    std::vector<Table::Align> columns(1, Table::Align::left);
    columns.resize(plan.goals.size() + 1, Table::Align::right);
    Table table(columns);
    std::vector<std::string> head{"checkpoint"}, from{"from"}, to{"to"};
    for (const auto& goal : plan.goals) {
        head.push_back(goal.kpi);
        from.push_back(checks::number_text(goal.from));
        to.push_back(checks::number_text(goal.to));
    }
    table.row(head);
    table.row(from);
    for (const auto& checkpoint : plan.checked) {
        std::vector<std::string> row{format_date(checkpoint.day)};
        for (const auto& value : checkpoint.values) row.push_back(value_text(value));
        table.row(row);
    }
    table.row(to);
    fmt::print("\n{}", table.str());
    if (!plan.celebration.empty()) fmt::print("\n{}\n", for_terminal(plan.celebration, 400));
    return exit_ok;
}

using Shared = std::shared_ptr<Options>;

void add_writing(Parser group, Context& context) {
    auto added = std::make_shared<Options>();
    auto add = group.add_subcommand("add", "A plan of six to eight weeks, with one to three goals");
    add.add_option("--rep", added->rep, "whose plan").required();
    add.add_option("--goal", added->goals,
                   "KPI:FROM:TO per week, such as dials:40:60, or a skill from 1 to 5, such as "
                   "skill:discovery:2:4; up to three")
        .required()
        .one_value_each();
    add.add_option("--start", added->start, "its first day; default: today");
    add.add_option("--days", added->days, "42 to 56; default: 42");
    add.add_flag("--force", added->force, "another length all the same");
    add.add_flag("--json", added->json, "an object");
    add.callback([added, &context] {
        runtime::ControlRequest request{
            .command = "plan.add",
            .arguments = {{"rep", added->rep},
                          {"goals", fmt::format("{}", fmt::join(added->goals, "\n"))},
                          {"start", added->start},
                          {"days", added->days},
                          {"force", added->force ? "true" : ""}}};
        context.status = take_care(*context.load(), request, added->json);
    });

    auto rated = std::make_shared<Options>();
    auto rate = group.add_subcommand(
        "rate", "Note where the rep stands in a skill that is a goal of the plan");
    rate.add_option("ID", rated->id, "of `nudged plan list`").required();
    rate.add_option("--skill", rated->skill, "which one").required();
    rate.add_option("--level", rated->level, "from 1 to 5").required();
    rate.add_option("--day", rated->day, "when it was seen; default: today");
    rate.add_flag("--json", rated->json, "an object");
    rate.callback([rated, &context] {
        const runtime::ControlRequest request{.command = "plan.rate",
                                              .arguments = {{"id", fmt::format("{}", rated->id)},
                                                            {"skill", rated->skill},
                                                            {"level", rated->level},
                                                            {"day", rated->day}}};
        context.status = take_care(*context.load(), request, rated->json);
    });

    auto checked = std::make_shared<Options>();
    auto check = group.add_subcommand(
        "check", "Note what the goals stand at on checkpoints that are past, and the result");
    check.add_option("ID", checked->id, "only this plan");
    check.add_flag("--json", checked->json, "an object");
    check.callback([checked, &context] {
        runtime::ControlRequest request{.command = "plan.check", .arguments = {}};
        if (checked->id != 0) request.arguments["id"] = fmt::format("{}", checked->id);
        context.status = take_care(*context.load(), request, checked->json);
    });
}

}  // namespace

void add_plan(Parser app, Context& context) {
    auto group = app.add_subcommand("plan", "Action plans: goals of KPIs, with checkpoints");
    group.require_subcommand();
    add_writing(group, context);
    auto listed = std::make_shared<Options>();
    auto list_command = group.add_subcommand("list", "All plans");
    list_command.add_option("--rep", listed->rep, "only of this rep");
    list_command.add_flag("--json", listed->json, "an array of objects");
    list_command.callback([listed, &context] { list(*context.load(), *listed); });
    auto shown = std::make_shared<Options>();
    auto show_command = group.add_subcommand("show", "One plan and its checkpoints");
    show_command.add_option("ID", shown->id, "of `nudged plan list`").required();
    show_command.add_flag("--json", shown->json, "an array of one object");
    show_command.callback([shown, &context] { context.status = show(*context.load(), *shown); });
}

}  // namespace nudged::cli
