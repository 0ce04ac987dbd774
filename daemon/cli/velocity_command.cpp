// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/review/velocity.hpp"
#include "daemon/checks/statistics/rates.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/roster_find.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

using checks::RepVelocity;
using checks::TeamVelocity;

struct Options {
    std::string team;
    std::string as_of;
    bool json = false;
};

/// "3,333": of money a day, cents are noise.
std::string whole_text(double value) {
    auto text = fmt::format("{:.0f}", value);
    for (auto place = static_cast<int>(text.size()) - 3; place > 0; place -= 3)
        text.insert(static_cast<std::size_t>(place), ",");
    return text;
}

std::string gain_text(const std::optional<checks::Gain>& gain) {
    if (!gain) return "";
    return fmt::format("the others' {}: {} a day", to_string(gain->lever),
                       whole_text(gain->velocity));
}

void add_row(Table& table, const std::string& name, const checks::Levers& levers,
             bool has_own_value, const std::string& gain) {
    const auto* borrowed = has_own_value ? "" : "~";
    table.row({for_terminal(name, 24), fmt::format("{:.0f}", levers.open),
               fmt::format("{:.0f} %", levers.win_rate * 100), borrowed + whole_text(levers.value),
               borrowed + fmt::format("{:.0f} d", levers.cycle), whole_text(velocity(levers)),
               gain});
}

void print_text(const TeamVelocity& team, int months) {
    fmt::print("{}: {} of {} deals won in {} months", for_terminal(team.team, 40), team.won,
               team.closed, months);
    if (!team.levers) {
        fmt::print("; too few have closed to say how fast deals become money.\n");
        return;
    }
    fmt::print("{}{}\n\n", team.currency.empty() ? "" : ", in ", team.currency);
    using Align = Table::Align;
    Table table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right,
                 Align::left});
    table.row({"rep", "open", "win rate", "deal value", "cycle", "a day", "most gained by"});
    bool has_borrowed = false;
    for (const auto& rep : team.reps) {
        has_borrowed |= !rep.has_own_value;
        add_row(table, rep.rep->name, rep.levers, rep.has_own_value, gain_text(rep.gain));
    }
    add_row(table, "all", *team.levers, true, "");
    fmt::print("{}\nopen deals × win rate × deal value / days of the cycle; the win rate is drawn "
               "towards the team's by {} cases.\n",
               table.str(), checks::shrink_weight);
    if (has_borrowed) fmt::print("~ too little won of their own: the team's.\n");
    if (team.left_out > 0)
        fmt::print("{} without an amount in {}: not counted.\n",
                   checks::count_text(team.left_out, "won deal"),
                   team.currency.empty() ? "that currency" : team.currency);
}

void write_levers(Json& json, const checks::Levers& levers) {
    json.field("open", levers.open)
        .field("win_rate", levers.win_rate)
        .field("deal_value", levers.value)
        .field("cycle_days", levers.cycle)
        .field("per_day", velocity(levers));
}

void write_team(Json& json, const TeamVelocity& team) {
    json.begin_object()
        .field("team", team.team)
        .field("currency", team.currency)
        .field("won", static_cast<std::int64_t>(team.won))
        .field("closed", static_cast<std::int64_t>(team.closed))
        .field("left_out", static_cast<std::int64_t>(team.left_out));
    if (team.levers) write_levers(json, *team.levers);
    json.key("reps").begin_array();
    for (const auto& rep : team.reps) {
        json.begin_object().field("rep", rep.rep->name).field("email", rep.rep->email);
        write_levers(json, rep.levers);
        json.field("has_own_value", rep.has_own_value)
            .field("lever", rep.gain ? to_string(rep.gain->lever) : "")
            .field("per_day_with_it", rep.gain ? rep.gain->velocity : velocity(rep.levers))
            .end_object();
    }
    json.end_array().end_object();
}

}  // namespace

void add_velocity(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "velocity", "How fast open deals become money, and which lever would help whom most");
    command.add_option("--team", options->team, "only this team");
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command.add_flag("--json", options->json, "a list of teams");
    command.callback([options, &context] {
        const auto config = context.load();
        const auto team = options->team.empty()
                              ? std::string{}
                              : warehouse::find_team(config->roster, options->team).name;
        const View view(*config, as_of_option(options->as_of, *config));
        const auto teams = checks::read_velocity(view.scene(), team);
        Json json;
        json.begin_array();
        for (std::size_t i = 0; i < teams.size(); ++i) {
            write_team(json, teams[i]);
            if (options->json) continue;
            if (i > 0) fmt::print("\n");
            print_text(teams[i], view.scene().options.rep_coverage_gap.win_months);
        }
        json.end_array();
        if (options->json) fmt::print("{}\n", json.str());
    });
}

}  // namespace nudged::cli
