// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/command_tree.hpp"

#include "connectors/base/text.hpp"

#include <CLI/CLI.hpp>

namespace nudged::cli {
namespace {

/// CLI11 tells the values of an IsMember within the type: "TEXT:{text,csv,json}".
std::vector<std::string> choices_of(const std::string& type) {
    const auto open = type.find('{'), close = type.rfind('}');
    if (open == type.npos || close == type.npos || close < open) return {};
    std::vector<std::string> choices;
    for (const auto one : split(std::string_view{type}.substr(open + 1, close - open - 1), ','))
        choices.emplace_back(trim(one));
    return choices;
}

std::string value_of(const std::string& type) {
    const auto name = type.substr(0, type.find_first_of(":{ "));
    return name.empty() ? "VALUE" : name;
}

CommandOption option_of(const CLI::Option& option) {
    CommandOption out;
    out.is_argument = option.get_positional() && !option.nonpositional();
    if (out.is_argument)
        out.names = {option.get_name(true)};
    else {
        for (const auto& name : option.get_snames()) out.names.push_back("-" + name);
        for (const auto& name : option.get_lnames()) out.names.push_back("--" + name);
    }
    const auto type = option.get_type_name();
    out.choices = choices_of(type);
    if (option.get_items_expected_max() > 0) out.value = value_of(type);
    out.about = option.get_description();
    out.usual = option.get_default_str();
    out.is_required = option.get_required();
    out.is_repeated = option.get_items_expected_max() > 1;
    return out;
}

Command command_of(const CLI::App& app, const std::string& path) {
    Command command{app.get_name(), path, app.get_description(), {}, {}};
    for (const auto* option : app.get_options())
        if (!option->get_group().empty()) command.options.push_back(option_of(*option));
    for (const auto* inner : app.get_subcommands([](const CLI::App*) { return true; }))
        if (!inner->get_group().empty())
            command.commands.push_back(command_of(*inner, path + "/" + inner->get_name()));
    return command;
}

}  // namespace

Command command_tree(const CLI::App& app) {
    return command_of(app, "");
}

std::string spoken(const Command& command) {
    std::string text = "nudged" + command.path;
    for (auto& c : text)
        if (c == '/') c = ' ';
    return text;
}

}  // namespace nudged::cli
