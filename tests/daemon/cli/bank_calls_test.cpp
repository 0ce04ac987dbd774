// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace nudged::tests;
using namespace std::chrono;

namespace {

const std::string file = NUDGED_SOURCE_DIR "/../shared/data/anonymous-bank-calls/february-1999.tsv";
const std::string config = NUDGED_SOURCE_DIR "/config/examples/bank-calls/nudged.toml";

/// By "AGENT 1999-01-31", the Sunday with which the week began.
using Weeks = std::map<std::string, int>;

/// The Sunday on or before the day of "990201".
std::string sunday_of(const std::string& yymmdd) {
    const auto two = [&](std::size_t at) { return std::stoi(yymmdd.substr(at, 2)); };
    const local_days day{year{1900 + two(0)} / two(2) / two(4)};
    const auto sunday = year_month_day{day - (weekday{day} - Sunday)};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(sunday.year()),
                       static_cast<unsigned>(sunday.month()), static_cast<unsigned>(sunday.day()));
}

/// Counted from the file alone: columns 6 and 17.
Weeks count_lines() {
    std::ifstream lines{file};
    std::string line;
    std::getline(lines, line);
    Weeks weeks;
    while (std::getline(lines, line)) {
        if (line.ends_with('\r')) line.pop_back();
        std::vector<std::string> cells;
        std::istringstream columns{line};
        for (std::string cell; std::getline(columns, cell, '\t');) cells.push_back(cell);
        REQUIRE(cells.size() == 17);
        ++weeks[cells[16] + " " + sunday_of(cells[5])];
    }
    return weeks;
}

/// "IDIT 1999-02-07 512" a line, below a header.
Weeks read_table(const std::string& table) {
    std::istringstream lines{table};
    std::string line, agent, sunday;
    std::getline(lines, line);
    Weeks weeks;
    for (int calls = 0; lines >> agent >> sunday >> calls;) weeks[agent + " " + sunday] = calls;
    return weeks;
}

}  // namespace

TEST_CASE("the example of a bank's calls counts what each agent took in each week from Sunday") {
    if (!std::filesystem::exists(file)) {
        WARN("skipped: the call log is not beside the checkout");
        return;
    }
    const TempFolder folder;
    const auto run = [&](std::vector<std::string> arguments) {
        std::vector<std::string> command{"/usr/bin/env", "NUDGED_STATE_DIR=" + folder.file("state"),
                                         program("nudged"), "-c", config};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return run_program(command);
    };
    const auto synced = run({"sync"});
    INFO(synced.output);
    REQUIRE(synced.status == 0);
    const auto counted = count_lines();
    CHECK(counted.size() > 24 * 4);
    // Israel was two hours before UTC all month.
    const auto told =
        run({"warehouse", "sql",
             "SELECT coalesce(owner_id, 'NO_SERVER') AS agent, "
             "date(started_at, '+2 hours', 'weekday 6', '-6 days') AS sunday, count(*) AS calls "
             "FROM v_call GROUP BY agent, sunday"});
    CHECK(read_table(told.output) == counted);
}
