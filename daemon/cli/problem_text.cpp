// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/problem_text.hpp"

#include "daemon/config/source_line.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>
#include <vector>

namespace nudged::cli {
namespace {

constexpr const char* bold = "\x1b[1m";
constexpr const char* red = "\x1b[1;31m";
constexpr const char* magenta = "\x1b[1;35m";
constexpr const char* green = "\x1b[1;32m";

/// Of the line, what is seen of it around the column; further ones are left out.
constexpr std::size_t columns_shown = 100;
constexpr std::size_t columns_before = 60;

std::string painted(const std::string& text, const char* colour, bool in_colour) {
    return in_colour ? colour + text + "\x1b[0m" : text;
}

/// Code points, as columns are counted; what controls a terminal becomes a space each.
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    for (const char c : line) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) == 0x80 && !cells.empty())
            cells.back() += c;
        else
            cells.emplace_back(1, byte < 0x20 || byte == 0x7f ? ' ' : c);
    }
    // C1 controls and the marks that turn the direction of a text.
    for (auto& cell : cells)
        if ((cell.size() == 2 && cell < "\xc2\xa0") || cell.starts_with("\xe2\x80") ||
            cell.starts_with("\xe2\x81"))
            cell = " ";
    return cells;
}

/// The line and its caret, each indented and ended.
std::string excerpt(const std::string& line, int column, bool in_colour) {
    const auto cells = cells_of(line);
    const auto caret = static_cast<std::size_t>(column - 1);
    const auto first = caret > columns_before ? caret - columns_before : 0;
    std::string text = "    ";
    for (auto i = first; i < cells.size() && i < first + columns_shown; ++i) text += cells[i];
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n    " + std::string(caret - first, ' ') + painted("^", green, in_colour) +
           "\n";
}

}  // namespace

bool shows_colour(int descriptor) {
    const char* refused = std::getenv("NO_COLOR");
    if (refused && *refused) return false;
    const char* terminal = std::getenv("TERM");
    if (terminal && std::strcmp(terminal, "dumb") == 0) return false;
    return ::isatty(descriptor) == 1;
}

std::string render_problem(const Diagnostic& problem, const std::filesystem::path& folder,
                           bool in_colour) {
    const bool is_error = problem.severity == Diagnostic::Severity::error;
    std::string text;
    if (const auto place = problem.place.str(); !place.empty())
        text += painted(place + ":", bold, in_colour) + " ";
    if (!is_error) text += painted("warning:", magenta, in_colour) + " ";
    text += is_error ? painted(problem.what, red, in_colour) : problem.what;
    if (!problem.remedy.empty()) text += ", " + problem.remedy;
    text += "\n";
    if (problem.place.column <= 0) return text;
    if (const auto line = config::source_line(folder, problem.place))
        text += excerpt(*line, problem.place.column, in_colour);
    return text;
}

void print_problems(const Diagnostics& problems, const std::filesystem::path& folder,
                    Diagnostic::Severity least) {
    const bool in_colour = shows_colour(STDERR_FILENO);
    for (const auto& problem : problems.items())
        if (problem.severity >= least)
            fmt::print(stderr, "{}", render_problem(problem, folder, in_colour));
}

}  // namespace nudged::cli
