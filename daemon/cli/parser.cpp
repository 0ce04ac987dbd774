// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/parser.hpp"

#include <CLI/CLI.hpp>

namespace nudged::cli {

Argument Argument::required() {
    option_->required();
    return *this;
}

Argument Argument::one_of(const std::vector<std::string>& choices) {
    option_->check(CLI::IsMember(choices));
    return *this;
}

Argument Argument::between(int least, int most) {
    option_->check(CLI::Range(least, most));
    return *this;
}

Argument Argument::positive() {
    option_->check(CLI::PositiveNumber);
    return *this;
}

Argument Argument::excludes(Argument other) {
    option_->excludes(other.option_);
    return *this;
}

Argument Argument::takes(int values) {
    option_->expected(values);
    return *this;
}

Argument Argument::one_value_each() {
    option_->allow_extra_args(false);
    return *this;
}

Argument Argument::show_default() {
    option_->capture_default_str();
    return *this;
}

Parser Parser::add_subcommand(const char* name, const std::string& about) {
    return Parser(*app_->add_subcommand(name, about));
}

Parser Parser::add_option_group(const char* name) {
    return Parser(*app_->add_option_group(name));
}

Argument Parser::add_option(const std::string& name, std::string& into, const std::string& about) {
    return Argument(*app_->add_option(name, into, about));
}

Argument Parser::add_option(const std::string& name, std::optional<std::string>& into,
                            const std::string& about) {
    return Argument(*app_->add_option(name, into, about));
}

Argument Parser::add_option(const std::string& name, std::vector<std::string>& into,
                            const std::string& about) {
    return Argument(*app_->add_option(name, into, about));
}

Argument Parser::add_option(const std::string& name, int& into, const std::string& about) {
    return Argument(*app_->add_option(name, into, about));
}

Argument Parser::add_option(const std::string& name, std::int64_t& into, const std::string& about) {
    return Argument(*app_->add_option(name, into, about));
}

Argument Parser::add_option(const std::string& name, std::size_t& into, const std::string& about) {
    return Argument(*app_->add_option(name, into, about));
}

Argument Parser::add_option(const std::string& name, std::vector<std::int64_t>& into,
                            const std::string& about) {
    return Argument(*app_->add_option(name, into, about));
}

Argument Parser::add_option(const std::string& name,
                            const std::function<void(const std::string&)>& use,
                            const std::string& about) {
    return Argument(*app_->add_option_function<std::string>(name, use, about));
}

Argument Parser::add_flag(const std::string& name, bool& into, const std::string& about) {
    return Argument(*app_->add_flag(name, into, about));
}

void Parser::callback(std::function<void()> run) {
    app_->callback(std::move(run));
}

void Parser::require_subcommand() {
    app_->require_subcommand(1);
}

void Parser::require_option() {
    app_->require_option(1);
}

void Parser::hide() {
    app_->group("");
}

}  // namespace nudged::cli
