// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace nudged::cli {

/// An option, a flag or an argument, while its command is declared.
class Argument {
public:
    explicit Argument(CLI::Option& option) : option_(&option) {}

    Argument required();
    Argument one_of(const std::vector<std::string>& choices);
    Argument between(int least, int most);
    Argument positive();
    Argument excludes(Argument other);
    Argument takes(int values);
    Argument one_value_each();  // of a list: "--to A B" gives it "A" alone
    Argument show_default();

private:
    CLI::Option* option_;
};

/// What a command takes, while it is declared. Stands between the commands and CLI11, whose
/// templates would otherwise be compiled again for each of them; a copy means the same command.
class Parser {
public:
    explicit Parser(CLI::App& app) : app_(&app) {}

    Parser add_subcommand(const char* name, const std::string& about);
    Parser add_option_group(const char* name);

    Argument add_option(const std::string& name, std::string& into, const std::string& about);
    Argument add_option(const std::string& name, std::optional<std::string>& into,
                        const std::string& about);
    Argument add_option(const std::string& name, std::vector<std::string>& into,
                        const std::string& about);
    Argument add_option(const std::string& name, int& into, const std::string& about);
    Argument add_option(const std::string& name, std::int64_t& into, const std::string& about);
    Argument add_option(const std::string& name, std::size_t& into, const std::string& about);
    Argument add_option(const std::string& name, std::vector<std::int64_t>& into,
                        const std::string& about);
    Argument add_option(const std::string& name, const std::function<void(const std::string&)>& use,
                        const std::string& about);
    Argument add_flag(const std::string& name, bool& into, const std::string& about);

    void callback(std::function<void()> run);
    /// One of its commands has to be given; of a group, one of its options.
    void require_subcommand();
    void require_option();
    void hide();

    const CLI::App& app() const { return *app_; }

private:
    CLI::App* app_;
};

}  // namespace nudged::cli
