// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/file_keeper.hpp"
#include "daemon/warehouse/file_lock.hpp"
#include "daemon/warehouse/schema.hpp"
#include "daemon/warehouse/schema_copy.hpp"
#include "tests/faults/disk_vfs.hpp"
#include "tests/faults/effort.hpp"
#include "tests/faults/script.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <cstdio>

using namespace nudged;
using namespace nudged::tests;
using warehouse::Database;

namespace {

/// The hardest step there is: a table made anew, with every row of it.
constexpr const char* remake_table = R"sql(
    CREATE TABLE remade AS SELECT * FROM call;
    DELETE FROM call;
    INSERT INTO call SELECT * FROM remade;
    DROP TABLE remade;
    CREATE TABLE added (id INTEGER PRIMARY KEY) STRICT;
)sql";

std::vector<warehouse::Migration> with_one_more() {
    const auto known = warehouse::migrations();
    std::vector<warehouse::Migration> steps(known.begin(), known.end());
    steps.push_back({warehouse::schema_version() + 1, "one_more", remake_table});
    return steps;
}

/// As a Writer does it when it opens the file.
void migrate_file(const std::string& path) {
    const auto options = script_options(path);
    Database database{path, Database::Mode::read_write};
    warehouse::require_wal(database);
    const warehouse::FileKeeper keeper{database, options};
    warehouse::migrate(database, with_one_more());
}

/// What a start does with a copy that was begun, on the real folder.
void remove_copy(Disk& disk, const std::string& copy) {
    for (const char* suffix : {"", "-journal", "-wal", "-shm"})
        while (disk.exists(copy + suffix)) disk.remove(copy + suffix, true);
}

/// A file of one schema or the other, whole; and if it is the new one, with a whole copy of before.
std::vector<std::string> examine_migrated(Disk& left, const std::string& path,
                                          const Reached& safe) {
    try {
        const DiskVfs vfs(left);
        bool is_migrated = false;
        {
            const Database database{path, Database::Mode::read_write};
            is_migrated =
                database.integer("PRAGMA user_version") == warehouse::schema_version() + 1;
            auto problems = examine(database, safe);
            if (!problems.empty()) return problems;
        }
        const auto copy = warehouse::schema_copy_path(path, warehouse::schema_version());
        if (is_migrated) {
            const Database database{copy, Database::Mode::read_write};
            return examine(database, safe);
        }
        remove_copy(left, copy);
        migrate_file(path);
        const Database database{path, Database::Mode::read_write};
        return examine(database, safe);
    } catch (const std::exception& error) {
        return {error.what()};
    }
}

/// A warehouse with some rounds of work in it, all of it flushed.
struct OldWarehouse {
    TempFolder folder;
    std::string path = folder.file("nudged.db");
    DiskImage image;
    Reached reached;

    OldWarehouse() {
        Disk disk(DiskImage{{path, {}}});
        Script script(disk, path);
        const DiskVfs vfs(disk);
        script.run(10);
        image = disk.content();
        reached = script.reached();
    }
};

struct Outcome {
    bool was_hit = false;
    std::string told;  // by the start that met the fault
    std::vector<std::string> problems;
};

/// A start that migrates while the fault happens, and the next one, which goes well; then the power
/// is cut.
Outcome migrate_with(const OldWarehouse& old, DiskFault fault) {
    Disk disk(old.image);
    const auto copy = warehouse::schema_copy_path(old.path, warehouse::schema_version());
    Outcome outcome;
    try {
        const DiskVfs vfs(disk);
        disk.set_fault(fault);
        try {
            migrate_file(old.path);
        } catch (const warehouse::FileFailure& failure) {
            outcome.told = failure.what();
        }
        outcome.was_hit = disk.hits() > 0;
        disk.set_fault({});
        if (!outcome.told.empty()) {
            const Database database{old.path, Database::Mode::read_only};
            if (database.integer("PRAGMA user_version") == warehouse::schema_version())
                remove_copy(disk, copy);
        }
        migrate_file(old.path);
        const Database database{old.path, Database::Mode::read_write};
        outcome.problems = examine(database, old.reached);
    } catch (const std::exception& error) {
        outcome.problems.emplace_back(error.what());
    }
    PowerCuts cuts(disk, {});
    while (cuts.step()) continue;
    std::mt19937_64 random(fault.first);
    Disk left(cuts.image(PowerCuts::Survival::nothing, random));
    for (auto& problem : examine_migrated(left, old.path, old.reached))
        outcome.problems.push_back("after a power cut: " + problem);
    return outcome;
}

}  // namespace

TEST_CASE("whichever call fails in a migration, it is told, and the next start makes it whole") {
    struct Case {
        const char* name;
        DiskFault::Kind kind;
        std::uint64_t count;
        const char* told;
    };
    constexpr std::uint64_t from_then_on = 1'000'000;
    const auto c = GENERATE(values<Case>({
        {"an error of input or output", DiskFault::Kind::error, 1, "nudged.db"},
        {"errors from then on", DiskFault::Kind::error, from_then_on, "nudged.db"},
        {"a full disk", DiskFault::Kind::full, from_then_on, "no space left; free some"},
        {"a read-only file system", DiskFault::Kind::read_only, from_then_on,
         "its file system is read-only"},
    }));
    DYNAMIC_SECTION(c.name) {
        const OldWarehouse old;
        std::size_t points = 0, losses = 0;
        std::string first;
        const auto step = stride(11);
        for (std::uint64_t call = 1;; call += step) {
            const auto outcome = migrate_with(old, {c.kind, call, c.count});
            if (!outcome.was_hit) break;
            ++points;
            losses += outcome.problems.empty() ? 0 : 1;
            for (const auto& problem : outcome.problems)
                if (first.size() < 2000) first += fmt::format("call {}: {}\n", call, problem);
            CAPTURE(call);
            CHECK_THAT(outcome.told, Catch::Contains("nudged.db") && Catch::Contains(c.told));
        }
        std::printf("%s in a migration: %zu points, %zu with a loss\n", c.name, points, losses);
        CAPTURE(first);
        CHECK(points > 10);
        CHECK(losses == 0);
    }
}

TEST_CASE(
    "whenever the power is cut in a migration, the old file is whole, or the new one and a copy") {
    const OldWarehouse old;
    Disk disk(old.image);
    {
        const DiskVfs vfs(disk);
        migrate_file(old.path);
    }
    std::size_t points = 0, losses = 0;
    std::string first;
    std::mt19937_64 random(5);
    PowerCuts cuts(disk, {});
    const auto every = stride(7);
    while (cuts.step()) {
        if (cuts.position() % every != 0) continue;
        ++points;
        for (const auto survival : {PowerCuts::Survival::nothing, PowerCuts::Survival::everything,
                                    PowerCuts::Survival::chance}) {
            Disk left(cuts.image(survival, random));
            const auto problems = examine_migrated(left, old.path, old.reached);
            losses += problems.empty() ? 0 : 1;
            for (const auto& problem : problems)
                if (first.size() < 2000)
                    first += fmt::format("cut {}: {}\n", cuts.position(), problem);
        }
    }
    std::printf("power cuts in a migration: %zu points, %zu with a loss\n", points, losses);
    CAPTURE(first);
    CHECK(points > 15);
    CHECK(losses == 0);
}
