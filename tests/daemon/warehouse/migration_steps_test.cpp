// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "daemon/warehouse/schema.hpp"
#include "daemon/warehouse/writer.hpp"
#include "tests/daemon/warehouse/table_rows.hpp"
#include "tests/paths.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>

using namespace nudged;
using namespace nudged::warehouse;

namespace {

namespace fs = std::filesystem;

const std::string released = NUDGED_SOURCE_DIR "/tests/daemon/warehouse/released/";
constexpr int first_release = 2;  // the schema of it

/// What the daemon counts, keeps and makes by itself: a file that was only migrated has none of it.
const std::set<std::string> made_by_the_daemon{"rollup",         "rollup_measure", "rollup_user",
                                               "rollup_recount", "rollup_zone",    "deferred_index",
                                               "schema_part"};

/// The warehouse of the first release, brought to schema `last` a step at a time; after each it
/// gets rows in what that step has brought.
void make_warehouse(const std::string& path, int last) {
    Database database{path, Database::Mode::read_write};
    database.execute("PRAGMA foreign_keys = ON");
    database.execute(tests::read_file(released + "schema-2.sql"));
    for (std::size_t steps = first_release; steps <= static_cast<std::size_t>(last); ++steps) {
        if (steps > first_release) migrate(database, migrations().first(steps));
        const auto rows = fmt::format("{}steps/{:04}.sql", released, steps);
        if (fs::exists(rows)) database.execute(tests::read_file(rows));
    }
    REQUIRE(database.integer("PRAGMA user_version") == last);
}

}  // namespace

TEST_CASE("a warehouse that stands at any step since the first release is migrated with all rows") {
    for (int stands_at = first_release; stands_at < schema_version(); ++stands_at) {
        CAPTURE(stands_at);
        const tests::TempFolder folder;
        const auto path = folder.file("nudged.db");
        make_warehouse(path, stands_at);
        tests::Columns columns;
        tests::Rows before;
        {
            const Database database{path, Database::Mode::read_only};
            columns = tests::columns_by_table(database);
            for (const auto& table : made_by_the_daemon) columns.erase(table);
            // Step 9 makes them anew from the roster.
            if (stands_at < 9)
                for (const auto* table : {"person_email", "person_user", "team_member"})
                    columns.erase(table);
            before = tests::read_rows(database, columns);
        }
        // A step that adds a table needs rows for it in released/steps.
        for (const auto& [table, list] : columns) {
            CAPTURE(table);
            CHECK_FALSE(before[table].empty());
        }
        WriterOptions options;
        options.path = path;
        {
            Writer writer{options};
            for (bool more = true; more;)
                writer.run_blocking(
                    [&](Database& database) { more = recount_some(database, 100); });
        }
        const Database after{path, Database::Mode::read_only};
        CHECK(after.integer("PRAGMA user_version") == schema_version());
        for (const auto& [table, rows] : tests::read_rows(after, columns)) {
            CAPTURE(table);
            CHECK(rows == before[table]);
        }
        CHECK(after.integer("SELECT count(*) FROM pragma_integrity_check "
                            "WHERE integrity_check <> 'ok'") == 0);
        CHECK(after.integer("SELECT count(*) FROM pragma_foreign_key_check") == 0);
        CHECK(verify_rollups(after).empty());
    }
}
