// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace nudged::cli {

/// An option or an argument, as `--help` has it.
struct CommandOption {
    std::vector<std::string> names;    // "-c", "--config"; of an argument its name alone
    std::string value;                 // "FILE"; empty for a flag
    std::vector<std::string> choices;  // the values that there are; empty: any
    std::string about;
    std::string usual;  // the default; empty: none
    bool is_required = false;
    bool is_argument = false;
    bool is_repeated = false;
};

/// A command with what it takes: what manual pages and completions are made from.
struct Command {
    std::string name;  // "note"
    std::string path;  // "/note/add"; empty for the program itself
    std::string about;
    std::vector<CommandOption> options;  // without those that are not shown
    std::vector<Command> commands;
};
Command command_tree(const CLI::App& app);

/// Calls `use` for the command and all below it.
template <typename Use>
void each_command(const Command& command, const Use& use) {
    use(command);
    for (const auto& one : command.commands) each_command(one, use);
}

/// "nudged note add"
std::string spoken(const Command& command);

std::string render_manual(const Command& program);          // nudged(1)
std::string render_service_manual(const Command& program);  // nudged(8)
std::string render_bash_completion(const Command& program);
std::string render_zsh_completion(const Command& program);
std::string render_fish_completion(const Command& program);

}  // namespace nudged::cli
