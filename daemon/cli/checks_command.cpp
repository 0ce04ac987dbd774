// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/precision.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace nudged::cli {
namespace {

/// "on", "off", or "some": where an [[override]] says otherwise than the rest.
std::string_view state_of(const checks::CheckOptions& options, const checks::Check& check) {
    if (check.is_enabled(options)) return "on";
    return checks::is_enabled_somewhere(options, check) ? "some" : "off";
}

void print_list_json(const config::Config& config) {
    Json json;
    json.begin_array();
    const auto write = [&](std::string_view id, std::string_view state, std::string_view meaning) {
        json.begin_object()
            .field("check", id)
            .field("state", state)
            .field("meaning", meaning)
            .end_object();
    };
    for (const auto& check : checks::catalog())
        write(check.id, state_of(config.checks, check), check.meaning);
    for (const auto& own : config.checks.sql_checks)
        write(own.id(), own.enabled ? "on" : "off", own.meaning);
    json.end_array();
    fmt::print("{}\n", json.str());
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

std::string share_text(const alerts::Precision& precision) {
    const auto share = precision.share();
    return share ? fmt::format("{:.0f} %", *share * 100) : "too early";
}

void print_precision_json(const std::vector<alerts::Precision>& all) {
    Json json;
    json.begin_array();
    for (const auto& one : all)
        json.begin_object()
            .field("check", one.check)
            .field("team", one.team)
            .field("manager", one.manager)
            .field("told", one.told)
            .field("acted_on", one.acted_on)
            .field("dismissed", one.dismissed)
            .field("wrong_data", one.wrong_data)
            .field("ignored", one.ignored)
            .field("too_early", one.open)
            .field("precision", one.share())
            .field("proposal", alerts::propose_change(one))
            .end_object();
    json.end_array();
    fmt::print("{}\n", json.str());
}

void print_precision(const std::vector<alerts::Precision>& all) {
    Table table({Table::Align::left, Table::Align::left, Table::Align::left, Table::Align::right,
                 Table::Align::right, Table::Align::right, Table::Align::right, Table::Align::right,
                 Table::Align::right, Table::Align::right});
    table.row({"check", "team", "manager", "told", "acted on", "dismissed", "wrong data", "ignored",
               "too early", "precision"});
    const auto number = [](int count) { return fmt::format("{}", count); };
    for (const auto& one : all)
        table.row({one.check, for_terminal(one.team, 30), for_terminal(one.manager, 30),
                   number(one.told), number(one.acted_on), number(one.dismissed),
                   number(one.wrong_data), number(one.ignored), number(one.open), share_text(one)});
    fmt::print("{}", table.str());
    for (const auto& one : all)
        if (const auto proposal = alerts::propose_change(one); !proposal.empty())
            fmt::print("{}\n", for_terminal(proposal, 400));
}

void show_precision(const config::Config& config, int days, bool json) {
    const View view(config, system_now());
    const auto as_of = view.scene().as_of;
    const auto episodes = warehouse::read_told_episodes(view.reader().database(),
                                                        as_of - std::chrono::days{days}, as_of);
    const auto all = alerts::measure_precision(episodes, view.people(), as_of);
    if (json) return print_precision_json(all);
    if (all.empty()) {
        fmt::print("Nothing has been told in the last {} days.\n", days);
        return;
    }
    print_precision(all);
}

}  // namespace

void add_checks(Parser app, Context& context) {
    auto group = app.add_subcommand("checks", "What the checks look at");
    group.require_subcommand();
    auto json = std::make_shared<bool>(false);
    auto list = group.add_subcommand("list", "Every check, whether it is on, and when it fires");
    list.add_flag("--json", *json, "an array of objects: check, state, meaning");
    list.callback([json, &context] {
        const auto config = context.load();
        *json ? print_list_json(*config) : print_list(*config);
    });
    struct PrecisionOptions {
        int days = static_cast<int>(alerts::precision_window.count());
        bool json = false;
    };
    auto options = std::make_shared<PrecisionOptions>();
    auto precision = group.add_subcommand(
        "precision", "How many of the findings that were told were acted on, a check and manager");
    precision.add_option("--days", options->days, "how far back").between(1, 3650).show_default();
    precision.add_flag("--json", options->json, "an array of objects");
    precision.callback(
        [options, &context] { show_precision(*context.load(), options->days, options->json); });
    group.add_subcommand("manual", "Every check in full, with its settings, in Markdown")
        .callback([] { fmt::print("{}", config::render_check_manual()); });
}

}  // namespace nudged::cli
