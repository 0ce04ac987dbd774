// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "daemon/warehouse/schema.hpp"
#include "daemon/warehouse/schema_copy.hpp"
#include "daemon/warehouse/writer.hpp"
#include "tests/daemon/warehouse/table_rows.hpp"
#include "tests/paths.hpp"
#include "tests/support/process.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

#include <sys/stat.h>

using namespace nudged;
using namespace nudged::warehouse;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;
using tests::Rows;

std::vector<Migration> with_one_more(const char* sql) {
    std::vector<Migration> steps(migrations().begin(), migrations().end());
    steps.push_back({schema_version() + 1, "one_more", sql});
    return steps;
}

/// A warehouse with a little in it, whose file nobody has open.
struct StoredFile {
    tests::TempFolder folder;
    std::string path = folder.file("nudged.db");

    StoredFile() {
        tests::World world;
        world.opportunity("Acme").owner("ana").amount("1200.50");
        world.call("1").owner("ana").at(tests::noon(std::chrono::year{2026} / 11 / 20));
        world.database().execute("PRAGMA wal_checkpoint(TRUNCATE)");
        fs::copy_file(world.path(), path);
    }
    Database open() const { return Database{path, Database::Mode::read_write}; }
    std::string copy_path() const { return schema_copy_path(path, schema_version()); }
};

/// As the first schemas kept them: source, user, day, measure and value.
/// Of the measures that there were in the first release.
std::vector<std::string> sums(const Database& database) {
    return tests::read_rows(database,
                            {{"(SELECT o.source_id, o.user, date(r.day * 86400, 'unixepoch') "
                              "AS day, m.name AS measure, r.value FROM rollup r JOIN "
                              "rollup_user o ON o.id = r.user_id JOIN rollup_measure m "
                              "ON m.id = r.measure_id AND m.name NOT IN ('tasks_due', "
                              "'tasks_on_time', 'emails_sent'))",
                              "source_id, user, day, measure, value"}})
        .begin()
        ->second;
}

}  // namespace

TEST_CASE("a migration keeps a copy of before, whole, for its user and group alone") {
    const StoredFile stored;
    {
        auto database = stored.open();
        migrate(database, with_one_more("ALTER TABLE source ADD COLUMN note TEXT"));
        CHECK(database.integer("PRAGMA user_version") == schema_version() + 1);
        CHECK(database.integer("SELECT count(note IS NULL) FROM source") == 1);
        CHECK(database.integer("PRAGMA foreign_keys") == 1);
    }
    const Database copy{stored.copy_path(), Database::Mode::read_write};
    CHECK(copy.integer("PRAGMA user_version") == schema_version());
    CHECK(copy.integer("SELECT count(*) FROM call") == 1);
    CHECK(copy.integer("SELECT count(*) FROM pragma_integrity_check "
                       "WHERE integrity_check <> 'ok'") == 0);
    CHECK(verify_rollups(copy).empty());
    struct stat status {};
    REQUIRE(::stat(stored.copy_path().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("a new warehouse and one that is up to date are not copied") {
    const tests::TempFolder folder;
    const auto path = folder.file("nudged.db");
    for (int start = 0; start < 2; ++start) {
        WriterOptions options;
        options.path = path;
        Writer writer{options};
        for (const auto& entry : fs::directory_iterator(folder.path()))
            CHECK_THAT(entry.path().string(), !Contains("schema-"));
    }
}

TEST_CASE("a migration of which any step fails leaves the file as it was") {
    struct Case {
        const char* name;
        const char* sql;
        const char* told;
    };
    const auto c = GENERATE(values<Case>({
        {"a statement that cannot be", "CREATE TABLE added (id INTEGER); SELECT nonsense",
         "no such column"},
        {"rows that refer to nothing", "DELETE FROM source", "would refer to nothing in source"},
    }));
    DYNAMIC_SECTION(c.name) {
        const StoredFile stored;
        {
            auto database = stored.open();
            CHECK_THROWS_WITH(migrate(database, with_one_more(c.sql)), Contains(c.told));
        }
        auto database = stored.open();
        CHECK(database.integer("PRAGMA user_version") == schema_version());
        CHECK(database.integer("SELECT count(*) FROM source") == 1);
        CHECK(database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'added'") == 0);
        migrate(database, with_one_more("CREATE TABLE added (id INTEGER)"));
        CHECK(database.integer("PRAGMA user_version") == schema_version() + 1);
    }
}

TEST_CASE("one copy is kept, until the next migration or for a month") {
    const StoredFile stored;
    fs::copy_file(stored.path, schema_copy_path(stored.path, 0));
    {
        auto database = stored.open();
        migrate(database, with_one_more("CREATE TABLE added (id INTEGER)"));
    }
    CHECK_FALSE(fs::exists(schema_copy_path(stored.path, 0)));
    const auto made = fs::last_write_time(stored.copy_path());
    for (const auto& [age, is_kept] : {std::pair{29, true}, std::pair{31, false}}) {
        CAPTURE(age);
        fs::last_write_time(stored.copy_path(), made - std::chrono::hours{24 * age});
        auto database = stored.open();
        migrate(database, with_one_more("CREATE TABLE added (id INTEGER)"));
        CHECK(fs::exists(stored.copy_path()) == is_kept);
    }
}

TEST_CASE("what a copy of before cannot hold is refused, and the remedy named") {
    const StoredFile stored;
    auto database = stored.open();
    database.execute("PRAGMA user_version = 9999");
    const auto both = fmt::format("newer nudged (schema 9999; this is nudged {}, which knows "
                                  "schema {}); install the newer nudged again",
                                  NUDGED_VERSION, schema_version());
    CHECK_THROWS_WITH(migrate(database), Contains(both));
}

TEST_CASE("a warehouse of every released schema is migrated with all that it holds") {
    int released = 0;
    for (const auto& entry :
         fs::directory_iterator(NUDGED_SOURCE_DIR "/tests/daemon/warehouse/released")) {
        if (entry.path().extension() != ".sql") continue;
        ++released;
        CAPTURE(entry.path().filename().string());
        const tests::TempFolder folder;
        const auto path = folder.file("nudged.db");
        Rows before;
        tests::Columns columns;
        {
            Database old{path, Database::Mode::read_write};
            old.execute(tests::read_file(entry.path().string()));
            columns = tests::columns_by_table(old);
            before = tests::read_rows(old, columns);
            REQUIRE(before["call"].size() > 10);
        }
        WriterOptions options;
        options.path = path;
        {
            Writer writer{options};
            for (bool more = true; more;)
                writer.run_blocking([&](Database& database) { more = recount_some(database, 10); });
        }
        // Sums are rows of another form now, and counted anew.
        columns.erase("rollup");
        // Made anew from the roster at every start.
        for (const auto* table : {"person_email", "person_user", "team_member"})
            columns.erase(table);
        const Reader reader{path};
        CHECK(sums(reader.database()) == before["rollup"]);
        CHECK(reader.database().integer("PRAGMA user_version") == schema_version());
        for (const auto& [table, rows] : tests::read_rows(reader.database(), columns)) {
            CAPTURE(table);
            CHECK(rows == before[table]);
        }
        CHECK(verify_rollups(reader.database()).empty());
    }
    CHECK(released >= 1);
}
