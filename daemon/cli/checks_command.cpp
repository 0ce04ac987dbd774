// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/scope.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/table.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>

namespace nudged::cli {
namespace {

/// "on", "off", or "some": where an [[override]] says otherwise than the rest.
std::string_view state_of(const checks::CheckOptions& options, const checks::Check& check) {
    if (check.is_enabled(options)) return "on";
    return checks::is_enabled_somewhere(options, check) ? "some" : "off";
}

void print_list(const config::Config& config) {
    Table table({Table::Align::left, Table::Align::left, Table::Align::left});
    for (const auto& check : checks::catalog()) {
        // Its severity and what is more are for the manual.
        const auto end = check.meaning.find(". ");
        const auto sentence =
            end == check.meaning.npos ? check.meaning : check.meaning.substr(0, end + 1);
        table.row({std::string{check.id}, std::string{state_of(config.checks, check)},
                   std::string{sentence}});
    }
    for (const auto& own : config.checks.sql_checks)
        table.row({own.id(), own.enabled ? "on" : "off", for_terminal(own.meaning, 200)});
    fmt::print("{}", table.str());
}

}  // namespace

void add_checks(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("checks", "What the checks look at");
    group->require_subcommand(1);
    group->add_subcommand("list", "Every check, whether it is on, and when it fires")
        ->callback([&context] { print_list(*context.load()); });
    group->add_subcommand("manual", "Every check in full, with its settings, in Markdown")
        ->callback([] { fmt::print("{}", config::render_check_manual()); });
}

}  // namespace nudged::cli
