// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/schema.hpp"
#include "tests/support/process.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace nudged;
using namespace nudged::warehouse;
using Catch::Contains;

namespace {

/// Name and type of the columns of a table.
std::map<std::string, std::string> columns_of(const Database& database, std::string_view table) {
    auto row = database.prepare("SELECT name, type FROM pragma_table_info(?1)");
    row.bind(1, table);
    std::map<std::string, std::string> columns;
    while (row.step()) columns.emplace(row.text(0), row.text(1));
    return columns;
}

std::string_view column_type(model::FieldType type) {
    using enum model::FieldType;
    return type == integer || type == boolean || type == instant ? "INTEGER" : "TEXT";
}

}  // namespace

TEST_CASE("the table of an entity has its fields as columns") {
    tests::World world;
    for (const auto entity : model::all_entities()) {
        CAPTURE(model::to_string(entity));
        const auto columns = columns_of(world.database(), model::to_string(entity));
        for (const auto* common : {"id", "source_id", "external_id", "modified_at", "fetched_at",
                                   "content_hash", "deleted_at"})
            CHECK(columns.contains(common));
        for (const auto& field : model::fields_of(entity)) {
            CAPTURE(field.name);
            REQUIRE(columns.contains(std::string{field.name}));
            CHECK(columns.at(std::string{field.name}) == column_type(field.type));
        }
    }
}

TEST_CASE("every table is strict") {
    tests::World world;
    CHECK(world.database().integer("SELECT count(*) FROM pragma_table_list WHERE type = 'table' "
                                   "AND schema = 'main' AND NOT strict AND name <> "
                                   "'sqlite_schema'") == 0);
}

TEST_CASE("a warehouse of the first schema keeps its records, people and views") {
    const tests::TempFolder folder;
    Database database{folder.file("nudged.db"), Database::Mode::read_write};
    for (std::size_t i = 0; i < 2; ++i) database.execute(migrations()[i].sql);
    database.execute(
        fmt::format("PRAGMA user_version = 2; PRAGMA application_id = {}", application_id));
    database.execute(R"sql(
INSERT INTO source (id, name, connector) VALUES (1, 'crm', 'http');
INSERT INTO person (id, name, email) VALUES (7, 'Ana', 'ana@example.com');
INSERT INTO person_email VALUES ('ana@example.com', 7), ('alias@example.com', 7);
INSERT INTO user (source_id, external_id, fetched_at, content_hash, name, person_id)
VALUES (1, 'u1', 1, 1, 'Ana', 7);
INSERT INTO call (source_id, external_id, fetched_at, content_hash, owner, started_at)
VALUES (1, 'c1', 1, 1, 'u1', 1000))sql");
    migrate(database);
    CHECK(database.integer("PRAGMA user_version") == schema_version());
    CHECK(database.integer("SELECT count(*) FROM v_call WHERE owner = 'Ana'") == 1);
    CHECK(database.integer("SELECT count(*) FROM v_person") == 1);
    CHECK(database.integer("SELECT count(*) FROM v_user WHERE person_id = 7 AND "
                           "from_day = '0001-01-01'") == 1);
}

TEST_CASE("views are made anew when their scripts have changed, and only then") {
    tests::World world;
    auto& database = world.database();
    database.execute(
        "DROP VIEW v_call; CREATE VIEW v_old AS SELECT 1; CREATE VIEW own AS SELECT 1");
    migrate(database);
    CHECK(database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'v_call'") == 0);
    database.execute("UPDATE schema_part SET script = 'of another release' WHERE name = 'views'");
    migrate(database);
    CHECK(database.integer("SELECT count(*) FROM v_call") == 0);
    CHECK(database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'v_old'") == 0);
    CHECK(database.integer("SELECT count(*) FROM own") == 1);  // somebody else's
}

TEST_CASE("migrations count one by one, and leave their version and our mark in the file") {
    int version = 0;
    for (const auto& step : migrations()) CHECK(step.version == ++version);
    tests::World world;
    CHECK(world.database().integer("PRAGMA user_version") == schema_version());
    CHECK(world.database().integer("PRAGMA application_id") == application_id);
    CHECK(world.database().integer("SELECT count(*) FROM pragma_integrity_check "
                                   "WHERE integrity_check <> 'ok'") == 0);
}

TEST_CASE("migrating a warehouse that is up to date changes nothing") {
    tests::World world;
    world.opportunity("Acme").owner("ana");
    migrate(world.database());
    CHECK(world.database().integer("SELECT count(*) FROM opportunity") == 1);
}

TEST_CASE("a warehouse of a newer nudged is refused, to write and to read") {
    tests::World world;
    world.database().execute("PRAGMA user_version = 9999");
    CHECK_THROWS_WITH(migrate(world.database()), Contains("newer nudged (schema 9999"));
    CHECK_THROWS_WITH(Reader{world.path()}, Contains("newer nudged (schema 9999"));
}

TEST_CASE("a warehouse of an older nudged is not read before the daemon has migrated it") {
    tests::World world;
    world.database().execute("PRAGMA user_version = 0");
    CHECK_THROWS_WITH(Reader{world.path()}, Contains("start the daemon"));
}

TEST_CASE("a database of another program is refused") {
    tests::World world;
    world.database().execute("PRAGMA application_id = 1");
    CHECK_THROWS_WITH(migrate(world.database()), Contains("another program"));
    CHECK_THROWS_WITH(Reader{world.path()}, Contains("another program"));
}

TEST_CASE("reading where no warehouse is says so") {
    CHECK_THROWS_WITH(Reader{"/nowhere/warehouse.db"}, Contains("there is no warehouse yet"));
}

TEST_CASE("a reader sees the instant at which it was made, whatever is written meanwhile") {
    tests::World world;
    world.opportunity("Acme");
    const auto before = world.reader();
    world.opportunity("Bolt");
    const auto after = world.reader();
    const auto count = "SELECT count(*) FROM opportunity";
    CHECK(before.database().integer(count) == 1);
    CHECK(after.database().integer(count) == 2);
}
