// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/replay.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/problem_text.hpp"
#include "daemon/cli/table.hpp"

#include "connectors/base/text.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace nudged::cli {
namespace {

using std::chrono::local_days;

constexpr const char* without_history =
    "What has no history is taken as it is today: names, accounts, pipelines, links, due dates "
    "and\n"
    "cancellations of tasks, owners of accounts, calls that were logged late, teams.toml, and what "
    "a\n"
    "check of your own reads in other views than v_opportunity_period (docs/checks.md).\n";

struct Options {
    std::string check, from, to, against;
    std::vector<std::string> settings;
    bool json = false;
};

/// One configuration, and what came of it.
struct Trial {
    std::string name;
    config::Config config;
    alerts::Replay replay;
};

local_days day_option(const char* option, const std::string& text) {
    if (const auto day = parse_date(text)) return *day;
    fmt::print(stderr, "{} {}: expected a day like 2026-11-20\n", option, for_terminal(text));
    throw Exit{exit_usage};
}

/// Checks and digests of another configuration, over this one's warehouse and people.
std::shared_ptr<const config::Config> other(const Context& context, const Options& options) {
    const auto file = options.against.empty() ? context.config_file : options.against;
    auto loaded = config::load(file, options.settings, config::Secrets::unread);
    print_problems(loaded.problems, std::filesystem::absolute(file).parent_path(),
                   Diagnostic::Severity::error);
    if (!loaded.config) throw Exit{exit_config};
    return loaded.config;
}

std::vector<Trial> make_trials(const Context& context, const config::Config& config,
                               const Options& options) {
    std::vector<Trial> trials;
    trials.push_back({"configured", config, alerts::Replay{config.alerts}});
    if (options.against.empty() && options.settings.empty()) return trials;
    const auto second = other(context, options);
    auto mixed = config;
    mixed.checks = second->checks;
    mixed.alerts = second->alerts;
    trials.push_back({options.against.empty() ? "--set" : options.against, std::move(mixed),
                      alerts::Replay{second->alerts}});
    return trials;
}

void require_check(const std::vector<Trial>& trials, const std::string& id) {
    if (id.empty()) return;
    std::vector<std::string> known;
    for (const auto& trial : trials)
        for (auto& one : checks::check_ids(trial.config.checks)) known.push_back(std::move(one));
    if (std::find(known.begin(), known.end(), id) != known.end()) return;
    const auto near = nearest(id, known);
    fmt::print(stderr, "--check {}: no such check{}\n", for_terminal(id),
               near.empty() ? "" : fmt::format(", did you mean \"{}\"?", near));
    throw Exit{exit_usage};
}

/// Each morning at the hour of the digests, where the first team is.
void run(std::vector<Trial>& trials, const Options& options, local_days from, local_days to) {
    for (auto& trial : trials) {
        const auto& teams = trial.config.roster.teams;
        const auto zone = teams.empty() ? Zone::utc() : teams.front().zone;
        for (auto day = from; day <= to; day += std::chrono::days{1}) {
            const auto now = zone.instant(LocalTime{day} + trial.config.alerts.digest.at);
            const View view(trial.config, now);
            const auto evaluation = checks::evaluate(view.scene(), options.check);
            trial.replay.advance(evaluation, view.people(), day, now);
        }
    }
}

std::vector<std::string> checks_of(const std::vector<Trial>& trials) {
    std::vector<std::string> ids;
    for (const auto& trial : trials)
        for (const auto& [check, tally] : trial.replay.tallies()) ids.push_back(check);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

void print_checks(const std::vector<Trial>& trials) {
    using enum Table::Align;
    Table table({left, left, right, right, right, right, right, right, right});
    table.row({"check", trials.size() > 1 ? "settings" : "", "opened", "came back", "told",
               "resolved", "gone untold", "still open", "days held"});
    for (const auto& check : checks_of(trials))
        for (const auto& trial : trials) {
            const auto tally = trial.replay.tallies()[check];
            const auto cell = [](int count) { return count == 0 ? "-" : fmt::format("{}", count); };
            table.row({&trial == &trials.front() ? check : "", trials.size() > 1 ? trial.name : "",
                       cell(tally.opened), cell(tally.reopened), cell(tally.told),
                       cell(tally.resolved), cell(tally.gone_untold), cell(tally.open_at_end),
                       cell(tally.days_held)});
        }
    fmt::print("{}", table.str());
}

/// Per week, on average and at most.
std::string usual(int sum, int most, std::size_t weeks) {
    return fmt::format("{:.1f} (most {})", static_cast<double>(sum) / static_cast<double>(weeks),
                       most);
}

void print_messages(const std::vector<Trial>& trials) {
    using enum Table::Align;
    Table table({left, left, left, right, right, right});
    table.row({"team", "manager", trials.size() > 1 ? "settings" : "", "weeks", "messages a week",
               "new items a week"});
    for (const auto& team : trials.front().config.roster.teams)
        for (const auto& trial : trials) {
            const auto weeks = trial.replay.weeks().find(team.name);
            if (weeks == trial.replay.weeks().end()) continue;
            alerts::Replay::Week sum, most;
            for (const auto& [week, told] : weeks->second) {
                sum.messages += told.messages, sum.items += told.items;
                most.messages = std::max(most.messages, told.messages);
                most.items = std::max(most.items, told.items);
            }
            const auto& manager = team.manager;
            table.row({for_terminal(team.name),
                       for_terminal(manager.emails.empty() ? manager.name : manager.emails.front()),
                       trials.size() > 1 ? trial.name : "", fmt::format("{}", weeks->second.size()),
                       usual(sum.messages, most.messages, weeks->second.size()),
                       usual(sum.items, most.items, weeks->second.size())});
        }
    fmt::print("\n{}", table.str());
}

void print_text(const std::vector<Trial>& trials, local_days from, local_days to) {
    fmt::print("{} to {}, one evaluation a day.\n\n", format_date(from), format_date(to));
    print_checks(trials);
    print_messages(trials);
    fmt::print("\n\"gone untold\": resolved by itself before a digest would have told it.\n{}",
               without_history);
}

void write_trial(Json& json, const Trial& trial) {
    json.begin_object().field("settings", trial.name).key("checks").begin_array();
    for (const auto& [check, tally] : trial.replay.tallies())
        json.begin_object()
            .field("check", check)
            .field("opened", tally.opened)
            .field("came_back", tally.reopened)
            .field("told", tally.told)
            .field("resolved", tally.resolved)
            .field("gone_untold", tally.gone_untold)
            .field("still_open", tally.open_at_end)
            .field("days_held", tally.days_held)
            .end_object();
    json.end_array().key("weeks").begin_array();
    for (const auto& [team, weeks] : trial.replay.weeks())
        for (const auto& [week, told] : weeks)
            json.begin_object()
                .field("team", team)
                .field("week", week.str())
                .field("messages", told.messages)
                .field("new_items", told.items)
                .end_object();
    json.end_array().end_object();
}

}  // namespace

void add_backtest(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "backtest", "Replay days of the past: what each check would have found and told");
    command.add_option("--from", options->from, "the first day").required();
    command.add_option("--to", options->to, "the last day").required();
    command.add_option("--check", options->check, "only this check, switched on or not");
    command.add_option("--against", options->against,
                       "another nudged.toml, whose checks and digests are set beside this one's");
    command.add_option("--set", options->settings,
                       "set this beside what is configured: opp.stalled.multiple=1.5 "
                       "(repeatable)");
    command.add_flag("--json", options->json, "an array with an object for each configuration");
    command.callback([options, &context] {
        const auto config = context.load();
        const auto from = day_option("--from", options->from);
        const auto to = day_option("--to", options->to);
        if (to < from) {
            fmt::print(stderr, "--to {} is before --from\n", options->to);
            throw Exit{exit_usage};
        }
        auto trials = make_trials(context, *config, *options);
        require_check(trials, options->check);
        run(trials, *options, from, to);
        if (!options->json) return print_text(trials, from, to);
        Json json;
        json.begin_array();
        for (const auto& trial : trials) write_trial(json, trial);
        json.end_array();
        fmt::print("{}\n", json.str());
    });
}

}  // namespace nudged::cli
