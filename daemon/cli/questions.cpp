// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/questions.hpp"

#include "connectors/base/text.hpp"
#include "daemon/cli/source_command.hpp"

#include <fmt/ranges.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

namespace nudged::cli {
namespace {

/// Keeps the terminal from showing what is typed for as long as it lives.
class Unseen {
public:
    Unseen() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;  // a pipe
        is_terminal_ = true;
        auto quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~Unseen() {
        if (!is_terminal_) return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        fmt::print("\n");
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;

private:
    termios before_{};
    bool is_terminal_ = false;
};

std::string text_of_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (!in.eof() && in.fail()) return {};
    return std::string{trim(text)};
}

}  // namespace

std::string Questions::line() {
    std::fflush(stdout);
    std::string text;
    if (!std::getline(std::cin, text))
        give_up(exit_failure,
                "\nthe answers end here; what was written so far stays, and setup can "
                "be begun again");
    return std::string{trim(text)};
}

std::string Questions::ask(const std::string& question, const std::string& usual) {
    for (;;) {
        fmt::print("{}{} ", question, usual.empty() ? ":" : fmt::format(" [{}]:", usual));
        auto text = line();
        if (text.empty()) text = usual;
        if (!text.empty()) return text;
    }
}

bool Questions::confirm(const std::string& question, bool usual) {
    for (;;) {
        fmt::print("{} [{}]: ", question, usual ? "Y/n" : "y/N");
        const auto text = to_lower_ascii(line());
        if (text.empty()) return usual;
        if (text == "y" || text == "yes") return true;
        if (text == "n" || text == "no") return false;
    }
}

std::string Questions::choose(const std::string& question, const std::vector<std::string>& choices,
                              const std::string& usual) {
    for (std::size_t i = 0; i < choices.size(); ++i) fmt::print("  {:>2}  {}\n", i + 1, choices[i]);
    for (;;) {
        const auto text = ask(question, usual);
        if (std::find(choices.begin(), choices.end(), text) != choices.end()) return text;
        std::size_t number = 0;
        const auto end = text.data() + text.size();
        if (const auto read = std::from_chars(text.data(), end, number);
            read.ec == std::errc{} && read.ptr == end && number >= 1 && number <= choices.size())
            return choices[number - 1];
        const auto near = nearest(text, choices);
        fmt::print("that is none of them{}\n",
                   near.empty() ? "" : fmt::format("; did you mean {}?", near));
    }
}

std::string Questions::secret(const std::string& question) {
    for (;;) {
        fmt::print("{} (not shown; or @FILE): ", question);
        std::string text;
        {
            const Unseen unseen;
            text = line();
        }
        if (!text.starts_with('@')) {
            if (!text.empty()) return text;
            continue;
        }
        if (auto read = text_of_file(text.substr(1)); !read.empty()) return read;
        fmt::print("{}: cannot be read, or is empty\n", text.substr(1));
    }
}

}  // namespace nudged::cli
