// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/mistake.hpp"

#include "connectors/base/text.hpp"
#include "daemon/cli/command_tree.hpp"
#include "daemon/cli/table.hpp"

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>

#include <algorithm>

namespace nudged::cli {
namespace {

/// As far down as commands were understood.
const CLI::App& reached(const CLI::App& app) {
    const auto inner = app.get_subcommands();
    return inner.empty() ? app : reached(*inner.front());
}

const Command& find(const Command& command, const std::string& path) {
    for (const auto& one : command.commands)
        if (path == one.path || path.starts_with(one.path + "/")) return find(one, path);
    return command;
}

std::string path_of(const CLI::App& app) {
    return app.get_parent() ? path_of(*app.get_parent()) + "/" + app.get_name() : "";
}

}  // namespace

std::string explain_mistake(const CLI::App& app) {
    const auto unknown = app.remaining(true);
    if (unknown.empty()) return {};
    const auto word = unknown.front().substr(0, unknown.front().find('='));
    const auto program = command_tree(app);
    const auto& command = find(program, path_of(reached(app)));
    const bool is_option = word.starts_with('-');
    std::vector<std::string> known;
    if (is_option) {
        for (const auto* from : {&command, &program})
            for (const auto& option : from->options)
                if (!option.is_argument)
                    known.insert(known.end(), option.names.begin(), option.names.end());
    } else {
        for (const auto& one : command.commands) known.push_back(one.name);
    }
    const auto name = for_terminal(word);
    auto text = is_option ? fmt::format("{} has no option {}", spoken(command), name)
                : command.commands.empty()
                    ? fmt::format("{} takes no \"{}\"", spoken(command), name)
                    : fmt::format("{} has no command \"{}\"", spoken(command), name);
    if (const auto near = nearest(word, known); !near.empty())
        text += fmt::format("; did you mean {}?", near);
    else if (!is_option && !known.empty())
        text += fmt::format("; there is {}", fmt::join(known, ", "));
    return text;
}

}  // namespace nudged::cli
