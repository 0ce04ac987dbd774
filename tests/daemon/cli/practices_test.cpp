// SPDX-License-Identifier: Apache-2.0
// What docs/practices.md says that its commands show.
#include "connectors/base/text.hpp"
#include "tests/daemon/cli/demo_site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <sstream>

using namespace nudged;
using namespace nudged::tests;

namespace {

struct Practice {
    std::string name;
    std::vector<std::string> commands;
    std::vector<std::string> figures;
};

/// What stands `like this`, in a table's cell, where a bar has a backslash.
std::vector<std::string> code_of(const std::string& cell) {
    std::vector<std::string> code;
    bool is_code = false;
    std::istringstream parts(cell);
    for (std::string part; std::getline(parts, part, '`'); is_code = !is_code) {
        for (auto at = part.find("\\|"); at != part.npos; at = part.find("\\|", at))
            part.erase(at, 1);
        if (is_code) code.push_back(part);
    }
    return code;
}

/// The cells of a row: "| a | b \| c |".
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::string cell;
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (line[i] != '|' || line[i - 1] == '\\') {
            cell += line[i];
            continue;
        }
        cells.emplace_back(trim(cell));
        cell.clear();
    }
    return cells;
}

/// The rows of the first table.
std::vector<Practice> read_practices() {
    std::istringstream lines(read_file(NUDGED_SOURCE_DIR "/docs/practices.md"));
    std::vector<Practice> practices;
    int row = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("|")) {
            if (row > 0) break;
            continue;
        }
        if (++row <= 2) continue;
        const auto cells = cells_of(line);
        REQUIRE(cells.size() == 3);
        practices.push_back({cells[0], code_of(cells[1]), code_of(cells[2])});
    }
    return practices;
}

/// One blank for several, and for the ends of lines.
std::string squeezed(const std::string& text) {
    std::string all;
    for (const char c : text) {
        const bool is_blank = c == ' ' || c == '\n';
        if (!is_blank || (!all.empty() && all.back() != ' ')) all += is_blank ? ' ' : c;
    }
    return all;
}

bool is_runnable(const std::string& command) {
    static const std::string data = NUDGED_SOURCE_DIR "/../shared/data/maven-crm";
    if (command.find("maven") == command.npos || std::filesystem::exists(data)) return true;
    WARN("skipped: the Maven files are not beside the checkout: " << command);
    return false;
}

}  // namespace

TEST_CASE("each of the 36 practices has a command, and its figure is what the demo shows") {
    const auto practices = read_practices();
    CHECK(practices.size() == 36);
    // 10:00 in Berlin.
    const DemoSite site(parse_instant("2026-12-01T09:00:00Z").value());
    for (const auto& practice : practices) {
        CAPTURE(practice.name);
        CHECK_FALSE(practice.commands.empty());
        bool has_number = false;
        std::string output;
        bool all_ran = true;
        for (const auto& command : practice.commands) {
            all_ran = all_ran && is_runnable(command);
            if (!all_ran) continue;
            const auto done = site.shell(command);
            INFO(command << "\n" << done.output);
            CHECK(done.status == 0);
            output += done.output + "\n";
        }
        const auto shown = squeezed(output);
        for (const auto& figure : practice.figures) {
            has_number = has_number || figure.find_first_of("0123456789") != figure.npos;
            if (!all_ran) continue;
            INFO(output);
            CAPTURE(figure);
            CHECK(shown.find(figure) != shown.npos);
        }
        CHECK(has_number);
    }
}
