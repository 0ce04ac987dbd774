// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace nudged::cli {

void add_config(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("config", "Check and show the configuration");
    group->require_subcommand(1);
    group->add_subcommand("check", "Print every problem at once; exits 78 when there are errors")
        ->callback([&context] {
            const auto config = context.check();
            fmt::print("{}: no errors; {} sources, {} teams, {} channels, {} KPIs\n",
                       context.config_file, config->sources.size(), config->roster.teams.size(),
                       config->channels.size(), config->checks.kpis.size());
        });
    group->add_subcommand("show", "Print every key with its value; secrets as where they come from")
        ->callback([&context] { fmt::print("{}", config::show(*context.load())); });
}

}  // namespace nudged::cli
