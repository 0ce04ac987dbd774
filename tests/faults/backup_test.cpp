// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/backup.hpp"
#include "tests/faults/disk_vfs.hpp"
#include "tests/faults/script.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <cstdio>

using namespace nudged;
using namespace nudged::tests;
using warehouse::Database;

namespace {

/// What a warehouse of a few rounds leaves on the disk.
DiskImage make_warehouse(const std::string& path) {
    Disk disk(DiskImage{{path, {}}});
    const DiskVfs vfs(disk);
    Script(disk, path).run(2);
    return disk.content();
}

/// Copied without a fault, then verified, flushed and named while the fault happens; whether it has
/// its name then.
bool back_up(Disk& disk, const std::string& path, const std::string& to, DiskFault fault) {
    const DiskVfs vfs(disk);
    const auto unfinished = to + warehouse::unfinished_suffix;
    {
        Database source(path, Database::Mode::read_only);
        warehouse::BackupCopy copy(source, to);
        while (copy.step(64)) continue;
    }
    disk.set_fault(fault);
    try {
        return warehouse::verify_copy(unfinished).empty() && disk.sync(unfinished) &&
               disk.rename(unfinished, to);
    } catch (const warehouse::FileFailure&) {
        return false;
    }
}

/// What is wrong with the backup after a power cut that takes all that was not flushed.
std::vector<std::string> problems_after_cut(const Disk& disk, const std::string& to) {
    PowerCuts cuts(disk, {});
    while (cuts.step()) continue;
    std::mt19937_64 random(1);
    Disk left(cuts.image(PowerCuts::Survival::nothing, random));
    const DiskVfs vfs(left);
    return warehouse::verify_copy(to);
}

}  // namespace

TEST_CASE("a backup that has its name is whole on the disk, whichever call failed before") {
    const TempFolder folder;
    const auto path = folder.file("nudged.db"), to = folder.file("copy.db");
    const auto begin = make_warehouse(path);
    std::size_t points = 0, named = 0, losses = 0;
    std::string first;
    for (std::uint64_t call = 1;; ++call) {
        Disk disk(begin);
        const bool is_named = back_up(disk, path, to, {DiskFault::Kind::error, call, 1});
        const auto problems = is_named ? problems_after_cut(disk, to) : std::vector<std::string>{};
        named += is_named ? 1 : 0;
        losses += problems.empty() ? 0 : 1;
        if (first.empty() && !problems.empty())
            first = fmt::format("call {}: {}", call, problems.front());
        if (disk.hits() == 0) {
            CHECK(is_named);
            break;
        }
        ++points;
    }
    std::printf("an error while a backup is verified: %zu points, %zu named, %zu with a loss\n",
                points, named, losses);
    CAPTURE(first);
    CHECK(points > 20);
    CHECK(losses == 0);
}
