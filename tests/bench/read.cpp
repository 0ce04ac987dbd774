// SPDX-License-Identifier: Apache-2.0
// bench_read make PATH [CALLS [REPS [ACCOUNTS]]]: makes a large warehouse.
// bench_read PATH [--json]: how long the questions take that checks, scorecard and `verify` ask of
// it. docs/performance.md has the figures.
#include "daemon/checks/check.hpp"
#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/checks/scorecard.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "tests/bench/large_warehouse.hpp"
#include "tests/bench/made_options.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

using namespace nudged;
using std::chrono::steady_clock;

namespace {

/// Of this process; a machine that is busy otherwise does not count.
double cpu_ms() {
    return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Prints each figure as it is taken: a line for people, or a member of one JSON object.
class Report {
public:
    explicit Report(bool as_json) : as_json_(as_json) {
        if (as_json_) std::printf("{");
    }
    ~Report() {
        if (as_json_) std::printf("}\n");
    }
    Report(const Report&) = delete;
    Report& operator=(const Report&) = delete;

    /// The median, the best and the worst of some runs, in milliseconds of CPU; and the median of
    /// the time that passed.
    void measure(const std::string& what, int runs, const std::function<std::size_t()>& work);

private:
    bool as_json_;
    bool is_first_ = true;
};

void Report::measure(const std::string& what, int runs, const std::function<std::size_t()>& work) {
    std::vector<double> cpu, wall;
    std::size_t answers = 0;
    for (int i = 0; i < runs; ++i) {
        const auto began = steady_clock::now();
        const auto cpu_began = cpu_ms();
        answers = work();
        cpu.push_back(cpu_ms() - cpu_began);
        wall.push_back(
            std::chrono::duration<double, std::milli>(steady_clock::now() - began).count());
    }
    std::sort(cpu.begin(), cpu.end());
    std::sort(wall.begin(), wall.end());
    const auto middle = cpu.size() / 2;
    if (as_json_)
        std::printf("%s\n\"%s\": {\"cpu_ms\": %.3f, \"wall_ms\": %.3f, \"answers\": %zu}",
                    is_first_ ? "" : ",", what.c_str(), cpu[middle], wall[middle], answers);
    else
        std::printf("%-50s cpu %9.2f ms (%.2f to %.2f), wall %9.2f ms; %zu answers\n", what.c_str(),
                    cpu[middle], cpu.front(), cpu.back(), wall[middle], answers);
    is_first_ = false;
    std::fflush(stdout);
}

void read(const std::string& path, Report& report) {
    const auto options = bench::make_options();
    const auto roster = bench::make_roster(500);
    warehouse::Roster team;
    team.teams.push_back(roster.teams.front());
    report.measure("open a reader", 20, [&] {
        const warehouse::Reader reader{path};
        return std::size_t{1};
    });
    report.measure("12 reps x 12 weeks x 5 KPIs, reader opened", 20, [&] {
        const warehouse::Reader reader{path};
        const auto people = warehouse::read_people(reader, team);
        const checks::Scene scene{reader, people, options, bench::as_of};
        return checks::read_kpi_series(scene, 12).size();
    });
    report.measure("500 reps x 52 weeks x 5 KPIs, reader opened", 10, [&] {
        const warehouse::Reader reader{path};
        const auto people = warehouse::read_people(reader, roster);
        const checks::Scene scene{reader, people, options, bench::as_of};
        return checks::read_kpi_series(scene, 52).size();
    });
    report.measure("`scorecard --team`, 12 weeks, checks included", 3, [&] {
        const warehouse::Reader reader{path};
        const auto people = warehouse::read_people(reader, roster);
        const checks::Scene scene{reader, people, options, bench::as_of};
        return checks::make_scorecard(scene, 12, roster.teams.front().name).reps.size();
    });
    for (const auto& check : checks::catalog())
        report.measure(fmt::format("check {}", check.id), 3, [&] {
            const warehouse::Reader reader{path};
            const auto people = warehouse::read_people(reader, roster);
            const checks::Scene scene{reader, people, options, bench::as_of};
            checks::Findings findings;
            std::vector<checks::Held> held;
            check.run(scene, findings, held);
            return findings.size();
        });
    report.measure("all checks", 3, [&] {
        const warehouse::Reader reader{path};
        const auto people = warehouse::read_people(reader, roster);
        const checks::Scene scene{reader, people, options, bench::as_of};
        return checks::evaluate(scene).findings.size();
    });
    report.measure("verify every rollup", 1, [&] {
        const warehouse::Database database{path, warehouse::Database::Mode::read_only};
        std::size_t differences = 0;
        warehouse::verify_rollups(database, [&](const auto&) { ++differences; });
        return differences;
    });
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 2 && std::string_view{argv[1]} == "make") {
        bench::LargeWarehouse size{.path = argv[2]};
        if (argc > 3) size.calls = std::atoll(argv[3]);
        if (argc > 4) size.reps = std::atoi(argv[4]);
        if (argc > 5) size.accounts = std::atoi(argv[5]);
        size.opportunities = std::max(size.opportunities, size.accounts / 5);
        bench::make_large_warehouse(size);
        return 0;
    }
    const bool as_json = argc == 3 && std::string_view{argv[2]} == "--json";
    if (argc != 2 && !as_json) {
        std::fprintf(
            stderr,
            "bench_read make PATH [CALLS [REPS [ACCOUNTS]]], or bench_read PATH [--json]\n");
        return 64;
    }
    Report report{as_json};
    read(argv[1], report);
}
