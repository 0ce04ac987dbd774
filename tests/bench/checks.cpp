// SPDX-License-Identifier: Apache-2.0
// bench_checks ROUNDS REPS FILE [REPS FILE…]: evaluates all checks on warehouses that bench_read
// has made, with so many reps each, by turns: whatever slows the machine slows all of them. Prints
// the medians as JSON, with those of a daemon whose poll has brought 100 records, or none.
#include "daemon/checks/check.hpp"
#include "daemon/checks/kpi/coverage_weeks.hpp"
#include "daemon/checks/standing.hpp"
#include "daemon/warehouse/change_notes.hpp"
#include "daemon/warehouse/schema.hpp"
#include "tests/bench/large_warehouse.hpp"
#include "tests/bench/made_options.hpp"
#include "tests/bench/made_records.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

using namespace nudged;
using std::chrono::steady_clock;

namespace {

struct Subject {
    std::string path;
    warehouse::Roster roster;
    int reps = 0;
    std::vector<double> cpu_ms, wall_ms;
    std::vector<double> whole_ms, changed_ms, unchanged_ms;  // CPU: of all, after 100, after none
    std::size_t findings = 0;
};

double cpu_ms() {
    return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// In MB. What wait4(2) tells begins with the memory of whoever started the program.
double peak_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024;
    return 0;
}

/// What the daemon does after a round of its sources, up to what it writes.
void evaluate(Subject& subject, const checks::CheckOptions& options) {
    const auto began = steady_clock::now();
    const auto cpu_began = cpu_ms();
    const warehouse::Reader reader{subject.path};
    const auto people = warehouse::read_people(reader, subject.roster);
    const checks::Scene scene{reader, people, options, bench::as_of};
    subject.findings = checks::evaluate(scene).findings.size();
    subject.cpu_ms.push_back(cpu_ms() - cpu_began);
    subject.wall_ms.push_back(
        std::chrono::duration<double, std::milli>(steady_clock::now() - began).count());
}

constexpr int changed_records = 100;

/// What the daemon does poll by poll: everything at first, then what may have changed.
void poll(Subject& subject, const checks::CheckOptions& options, int rounds) {
    warehouse::Database database{subject.path, warehouse::Database::Mode::read_write};
    warehouse::ChangeNotes notes{database};
    checks::Standing standing;
    const auto source = warehouse::ensure_source(database, "crm", "");
    int minutes = 0;
    const auto look = [&](std::vector<double>& figures) {
        const auto now = bench::as_of + std::chrono::minutes{++minutes};
        const auto began = cpu_ms();
        const warehouse::Reader reader{subject.path};
        const auto people = warehouse::read_people(reader, subject.roster);
        const checks::Scene scene{reader, people, options, now};
        standing.evaluate(scene, notes.take(now));
        checks::count_coverage(scene);
        figures.push_back(cpu_ms() - began);
    };
    look(subject.whole_ms);
    for (int round = 0; round < rounds; ++round) {
        {
            warehouse::Transaction transaction{database};
            bench::tell_changes(
                database, source,
                {.path = subject.path,
                 .reps = subject.reps,
                 .accounts = static_cast<int>(database.integer("SELECT count(*) FROM account")),
                 .opportunities =
                     static_cast<int>(database.integer("SELECT count(*) FROM opportunity"))},
                changed_records, minutes);
            transaction.commit();
        }
        look(subject.changed_ms);
        if (standing.was_whole()) std::fprintf(stderr, "everything was looked at again\n");
        look(subject.unchanged_ms);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4 || argc % 2 != 0) {
        std::fprintf(stderr, "usage: bench_checks ROUNDS REPS FILE [REPS FILE...]\n");
        return 64;
    }
    const auto options = bench::make_options();
    std::vector<Subject> subjects;
    for (int i = 2; i < argc; i += 2)
        subjects.push_back({.path = argv[i + 1],
                            .roster = bench::make_roster(std::atoi(argv[i])),
                            .reps = std::atoi(argv[i]),
                            .cpu_ms = {},
                            .wall_ms = {},
                            .whole_ms = {},
                            .changed_ms = {},
                            .unchanged_ms = {}});
    for (auto& subject : subjects) evaluate(subject, options);  // so that the files are in memory
    for (auto& subject : subjects) subject.cpu_ms.clear(), subject.wall_ms.clear();
    for (int round = 0; round < std::atoi(argv[1]); ++round)
        for (auto& subject : subjects) evaluate(subject, options);
    const double peak_mb = peak_memory();
    for (auto& subject : subjects) poll(subject, options, std::atoi(argv[1]));
    std::printf("{\"peak_mb\": %.0f, \"files\": [", peak_mb);
    for (const auto& subject : subjects)
        std::printf("%s\n{\"cpu_ms\": %.1f, \"wall_ms\": %.1f, \"findings\": %zu, "
                    "\"first_ms\": %.1f, \"changed_ms\": %.1f, \"unchanged_ms\": %.1f}",
                    &subject == &subjects.front() ? "" : ",", median(subject.cpu_ms),
                    median(subject.wall_ms), subject.findings, median(subject.whole_ms),
                    median(subject.changed_ms), median(subject.unchanged_ms));
    std::printf("]}\n");
}
