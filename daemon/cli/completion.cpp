// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/command_tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

/// Completions for shells. Each finds the command by the words before the cursor, as the names of
/// `Command::path`, and offers what may follow it there.
namespace nudged::cli {
namespace {

/// Within single quotes of a shell.
std::string quoted(std::string_view text, std::string_view quote_mark) {
    std::string out = "'";
    for (const char c : text) c == '\'' ? out += quote_mark : out += c;
    return out + "'";
}

std::string sh(std::string_view text) {
    return quoted(text, "'\\''");
}

std::string fish(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string{c};
    return out + "'";
}

/// The first sentence, without what is only for those who read on.
std::string brief(const std::string& about) {
    return about.substr(0, about.find_first_of(";\n"));
}

/// "/run|/status|/note|/note/add"
std::string all_paths(const Command& program, std::string_view between) {
    std::vector<std::string> paths;
    each_command(program, [&](const Command& command) {
        if (!command.path.empty()) paths.push_back(command.path);
    });
    return fmt::format("{}", fmt::join(paths, between));
}

/// Options of the program stand behind every command (CLI11's fallthrough).
std::vector<CommandOption> options_of(const Command& command, const Command& program) {
    std::vector<CommandOption> options;
    for (const auto& option : command.options)
        if (!option.is_argument) options.push_back(option);
    if (&command == &program) return options;
    for (const auto& option : program.options)
        if (!option.is_argument &&
            std::none_of(options.begin(), options.end(),
                         [&](const auto& own) { return own.names == option.names; }))
            options.push_back(option);
    return options;
}

std::vector<std::string> words_of(const Command& command, const Command& program) {
    std::vector<std::string> words;
    for (const auto& one : command.commands) words.push_back(one.name);
    for (const auto& option : command.options)
        if (option.is_argument)
            words.insert(words.end(), option.choices.begin(), option.choices.end());
    for (const auto& option : options_of(command, program))
        words.insert(words.end(), option.names.begin(), option.names.end());
    return words;
}

/// "'/digest:--format'|'/digest:-f'": the places right behind an option.
std::string behind(const Command& command, const CommandOption& option) {
    std::vector<std::string> places;
    for (const auto& name : option.names) places.push_back(sh(command.path + ":" + name));
    return fmt::format("{}", fmt::join(places, "|"));
}

}  // namespace

std::string render_bash_completion(const Command& program) {
    std::string values, words;
    each_command(program, [&](const Command& command) {
        for (const auto& option : options_of(command, program))
            if (!option.value.empty())
                values += fmt::format("    {}) choices={} ;;\n", behind(command, option),
                                      sh(fmt::format("{}", fmt::join(option.choices, " "))));
        words += fmt::format("    {}) words={} ;;\n", sh(command.path),
                             sh(fmt::format("{}", fmt::join(words_of(command, program), " "))));
    });
    return fmt::format(R"(# bash completion of nudged
_nudged() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} place= choices=- words= i
    for ((i = 1; i < COMP_CWORD; ++i)); do
        case "$place/${{COMP_WORDS[i]}}" in
        {}) place+="/${{COMP_WORDS[i]}}" ;;
        esac
    done
    case "$place:${{COMP_WORDS[COMP_CWORD - 1]}}" in
{}    esac
    case "$place" in
{}    esac
    # Behind an option that takes just any value, there are the names of files.
    [[ $choices == - ]] || words=$choices
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F _nudged nudged
)",
                       all_paths(program, "|"), values, words);
}

std::string render_zsh_completion(const Command& program) {
    std::string values, words;
    each_command(program, [&](const Command& command) {
        std::string found;
        const auto add = [&](const std::string& name, const std::string& about) {
            found += " " + sh(name + ":" + brief(about));
        };
        for (const auto& one : command.commands) add(one.name, one.about);
        for (const auto& option : command.options)
            if (option.is_argument)
                for (const auto& choice : option.choices) add(choice, option.about);
        for (const auto& option : options_of(command, program)) {
            for (const auto& name : option.names) add(name, option.about);
            if (option.value.empty()) continue;
            values +=
                fmt::format("    {}) {}; return ;;\n", behind(command, option),
                            option.choices.empty()
                                ? "_files"
                                : fmt::format("compadd -- {}", fmt::join(option.choices, " ")));
        }
        words += fmt::format("    {}) found=({} ) ;;\n", sh(command.path), found);
    });
    return fmt::format(R"(#compdef nudged
# zsh completion of nudged
_nudged() {{
    local place= i
    local -a found
    for ((i = 2; i < CURRENT; ++i)); do
        case "$place/$words[i]" in
        {}) place+="/$words[i]" ;;
        esac
    done
    case "$place:$words[CURRENT-1]" in
{}    esac
    case "$place" in
{}    esac
    _describe nudged found || _files
}}
_nudged "$@"
)",
                       all_paths(program, "|"), values, words);
}

std::string render_fish_completion(const Command& program) {
    std::string lines;
    each_command(program, [&](const Command& command) {
        const auto head = fmt::format("complete -c nudged -n \"__nudged_at '{}'\"", command.path);
        for (const auto& one : command.commands)
            lines += fmt::format("{} -f -a {} -d {}\n", head, one.name, fish(brief(one.about)));
        for (const auto& option : command.options)
            if (option.is_argument && !option.choices.empty())
                lines += fmt::format("{} -f -a {} -d {}\n", head,
                                     fish(fmt::format("{}", fmt::join(option.choices, " "))),
                                     fish(brief(option.about)));
        for (const auto& option : options_of(command, program)) {
            std::string names;
            for (const auto& name : option.names)
                names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            const auto takes =
                option.value.empty() ? std::string{}
                : option.choices.empty()
                    ? " -r"
                    : fmt::format(" -x -a {}",
                                  fish(fmt::format("{}", fmt::join(option.choices, " "))));
            lines += fmt::format("{}{}{} -d {}\n", head, names, takes, fish(brief(option.about)));
        }
    });
    return fmt::format(R"(# fish completion of nudged
function __nudged_at
    set -l place ''
    for word in (commandline -opc)[2..-1]
        if contains -- "$place/$word" {}
            set place "$place/$word"
        end
    end
    test "$place" = "$argv[1]"
end
{})",
                       all_paths(program, " "), lines);
}

}  // namespace nudged::cli
