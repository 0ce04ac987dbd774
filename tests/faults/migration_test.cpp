// SPDX-License-Identifier: Apache-2.0
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

void migrate_file(const std::string& path) {
    Database database{path, Database::Mode::read_write};
    warehouse::require_wal(database);
    warehouse::migrate(database, with_one_more());
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
        // The next start removes what there is of a copy, from the real folder.
        for (const char* suffix : {"", "-journal", "-wal", "-shm"})
            if (left.exists(copy + suffix)) left.remove(copy + suffix, true);
        migrate_file(path);
        const Database database{path, Database::Mode::read_write};
        return examine(database, safe);
    } catch (const std::exception& error) {
        return {error.what()};
    }
}

}  // namespace

TEST_CASE(
    "whenever the power is cut in a migration, the old file is whole, or the new one and a copy") {
    const TempFolder folder;
    const auto path = folder.file("nudged.db");
    Disk old(DiskImage{{path, {}}});
    Script script(old, path);
    {
        const DiskVfs vfs(old);
        script.run(10);
    }
    Disk disk(old.content());
    {
        const DiskVfs vfs(disk);
        migrate_file(path);
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
            const auto problems = examine_migrated(left, path, script.reached());
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
