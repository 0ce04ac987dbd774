// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/disk_vfs.hpp"
#include "tests/faults/effort.hpp"
#include "tests/faults/script.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <cstdio>

using namespace nudged;
using namespace nudged::tests;
using Catch::Contains;

namespace {

constexpr int rounds = 8;

struct Outcome {
    bool was_hit = false;
    std::vector<std::string> problems;
    std::vector<std::string> failures;
};

/// Runs the script while the fault happens, then looks at what it leaves, also after a power cut.
Outcome run_with(DiskFault fault) {
    const TempFolder folder;
    const auto path = folder.file("nudged.db");
    Disk disk(DiskImage{{path, {}}});
    Script script(disk, path);
    Outcome outcome;
    {
        const DiskVfs vfs(disk);
        disk.set_fault(fault);
        try {
            script.run(rounds);
        } catch (const std::runtime_error& error) {
            outcome.problems.emplace_back(error.what());
        }
        outcome.was_hit = disk.hits() > 0;
        disk.set_fault({});
        for (auto& problem : open_and_examine(path, script.reached()))
            outcome.problems.push_back("afterwards: " + problem);
    }
    outcome.failures = script.failures();
    PowerCuts cuts(disk, {});
    while (cuts.step()) continue;
    std::mt19937_64 random(fault.first);
    Disk left(cuts.image(PowerCuts::Survival::nothing, random));
    const DiskVfs vfs(left);
    for (auto& problem : open_and_examine(path, script.safe_at(cuts.noted())))
        outcome.problems.push_back("after a power cut: " + problem);
    return outcome;
}

}  // namespace

TEST_CASE("whichever call fails, it is told clearly, nothing is lost, and all goes on afterwards") {
    struct Case {
        const char* name;
        DiskFault::Kind kind;
        std::uint64_t count;
        const char* told;  // part of every failure, but for those of the backup
    };
    const auto c = GENERATE(values<Case>({
        {"an error of input or output", DiskFault::Kind::error, 1, "nudged.db: "},
        {"errors for a while", DiskFault::Kind::error, 20, "nudged.db: "},
        {"a full disk", DiskFault::Kind::full, 1, "no space left; free some"},
        {"a disk that is full for a while", DiskFault::Kind::full, 20, "no space left; free some"},
        {"a file system that is read-only for a while", DiskFault::Kind::read_only, 20,
         "nudged.db: its file system is read-only; make it writable"},
    }));
    DYNAMIC_SECTION(c.name) {
        std::size_t points = 0, losses = 0, told = 0;
        std::string first;
        const auto step = stride(23);
        for (std::uint64_t call = 1;; call += step) {
            const auto outcome = run_with({c.kind, call, c.count});
            if (!outcome.was_hit) break;
            ++points;
            told += outcome.failures.empty() ? 0 : 1;
            losses += outcome.problems.empty() ? 0 : 1;
            for (const auto& problem : outcome.problems)
                if (first.size() < 2000) first += fmt::format("call {}: {}\n", call, problem);
            for (const auto& failure : outcome.failures) {
                CAPTURE(call, failure);
                CHECK_THAT(failure, Contains(c.told) || Contains("nudged.db.copy"));
            }
        }
        std::printf("%s: %zu points, %zu told of, %zu with a loss\n", c.name, points, told, losses);
        CAPTURE(first);
        CHECK(points > 10);
        CHECK(losses == 0);
    }
}
