// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/config_diff.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/service_commands.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/runtime/control.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

constexpr std::chrono::seconds longest_answer{10};

void check(Context& context) {
    const auto config = context.check();
    fmt::print("{}: no errors; {} sources, {} teams, {} channels, {} KPIs\n", context.config_file,
               config->sources.size(), config->roster.teams.size(), config->channels.size(),
               config->checks.kpis.size());
}

/// The problems are data here, and nothing is told on standard error.
void check_json(Context& context) {
    const auto loaded =
        config::load(context.config_file, context.overrides, config::Secrets::checked);
    Json json;
    json.begin_object().field("valid", loaded.config != nullptr).key("problems").begin_array();
    for (const auto& problem : loaded.problems.items())
        json.begin_object()
            .field("severity",
                   problem.severity == Diagnostic::Severity::error ? "error" : "warning")
            .field("file", problem.place.file)
            .field("line", problem.place.line)
            .field("column", problem.place.column)
            .field("what", problem.what)
            .field("remedy", problem.remedy)
            .end_object();
    json.end_array().end_object();
    fmt::print("{}\n", json.str());
    context.status = loaded.config ? exit_ok : exit_config;
}

void show_json(const config::Config& config) {
    Json json;
    json.begin_array();
    for (const auto& setting : config::all_settings(config))
        json.begin_object()
            .field("file", setting.file)
            .field("key", setting.key)
            .field("value", setting.value)
            .field("origin", setting.origin)
            .end_object();
    json.end_array();
    fmt::print("{}\n", json.str());
}

void print_origins(const config::Config& config) {
    std::string file;
    for (const auto& setting : config::all_settings(config)) {
        if (setting.file != file)
            fmt::print("{}# --- {} ---\n", file.empty() ? "" : "\n", setting.file);
        file = setting.file;
        fmt::print("{:<58} # {}\n", for_terminal(setting.key + " = " + setting.value, 1000),
                   setting.origin);
    }
}

/// What the running daemon goes by; ends the command when none runs.
std::vector<config::FileSetting> running_settings(const std::string& socket) {
    auto client = runtime::ControlClient::connect(socket);
    if (!client) {
        fmt::print(stderr, "no daemon listens on {}; is nudged running, and may you open it?\n",
                   socket);
        throw Exit{exit_unavailable};
    }
    std::vector<config::FileSetting> settings;
    client->ask(
        {.command = "config", .arguments = {}},
        [&](const runtime::ControlReply& reply) {
            if (auto setting = parse_setting(reply.text)) settings.push_back(std::move(*setting));
        },
        longest_answer);
    return settings;
}

void print_differences_json(const std::vector<SettingChange>& changes) {
    Json json;
    json.begin_array();
    for (const auto& change : changes)
        json.begin_object()
            .field("file", change.file)
            .field("key", change.key)
            .field("before", change.before)
            .field("after", change.after)
            .field("needs_restart", change.needs_restart)
            .end_object();
    json.end_array();
    fmt::print("{}\n", json.str());
}

void print_differences(const std::vector<SettingChange>& changes) {
    bool needs_restart = false;
    for (const auto& change : changes) {
        needs_restart = needs_restart || change.needs_restart;
        fmt::print("{}: {}: {} -> {}{}\n", change.file, for_terminal(change.key, 200),
                   change.before.empty() ? "(nothing)" : for_terminal(change.before, 200),
                   change.after.empty() ? "(nothing)" : for_terminal(change.after, 200),
                   change.needs_restart ? "  (needs a restart)" : "");
    }
    if (changes.empty())
        fmt::print("the daemon runs on what the files say\n");
    else
        fmt::print("\n{} values differ; `{}` has the daemon take them\n", changes.size(),
                   needs_restart ? "systemctl restart nudged" : "systemctl reload nudged");
}

void compare(Context& context, bool json) {
    const auto config = context.load();
    const auto changes =
        differences(running_settings(config->control_socket_path()), config::all_settings(*config));
    json ? print_differences_json(changes) : print_differences(changes);
    context.status = changes.empty() ? exit_ok : exit_failure;
}

}  // namespace

void add_config(Parser app, Context& context) {
    auto group = app.add_subcommand("config", "Check, show and compare the configuration");
    group.require_subcommand();
    struct Options {
        bool origin = false;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto checked = group.add_subcommand(
        "check", "Print every problem at once; exits 78 when there are errors");
    checked.add_flag("--json", options->json,
                     "an object: valid, problems (severity, file, line, column, what, remedy)");
    checked.callback([options, &context] { options->json ? check_json(context) : check(context); });
    auto show = group.add_subcommand(
        "show", "Print every key with its value; secrets as where they come from");
    show.add_flag("--origin", options->origin,
                  "a line a key, with the file and line that it comes from");
    show.add_flag("--json", options->json, "an array of objects: file, key, value (TOML), origin");
    show.callback([options, &context] {
        const auto config = context.load();
        if (options->json) return show_json(*config);
        options->origin ? print_origins(*config) : fmt::print("{}", config::show(*config));
    });
    auto diff =
        group.add_subcommand("diff", "What a reload would change: the running daemon's values "
                                     "against the files'; exits 1 when there is something");
    diff.add_flag("--json", options->json,
                  "an array of objects: file, key, before, after, needs_restart");
    diff.callback([options, &context] { compare(context, options->json); });
    add_config_migrate(group, context);
}

}  // namespace nudged::cli
