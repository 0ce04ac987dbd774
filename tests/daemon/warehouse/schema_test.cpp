// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/schema.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace nudged;
using namespace nudged::warehouse;
using Catch::Contains;

namespace {

const std::vector<std::string> common{"id",         "source_id",    "external_id", "modified_at",
                                      "fetched_at", "content_hash", "deleted_at"};

std::vector<std::pair<std::string, std::string>> columns_of(const Database& database,
                                                            std::string_view table) {
    auto row = database.prepare("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid");
    row.bind(1, table);
    std::vector<std::pair<std::string, std::string>> columns;
    while (row.step()) columns.emplace_back(row.text(0), row.text(1));
    return columns;
}

std::string_view column_type(model::FieldType type) {
    using enum model::FieldType;
    return type == integer || type == boolean || type == instant ? "INTEGER" : "TEXT";
}

}  // namespace

TEST_CASE("the table of an entity has its fields as columns, in their order") {
    tests::World world;
    for (const auto entity : model::all_entities()) {
        CAPTURE(model::to_string(entity));
        const auto columns = columns_of(world.database(), model::to_string(entity));
        const auto fields = model::fields_of(entity);
        REQUIRE(columns.size() >= common.size() + fields.size());
        for (std::size_t i = 0; i < common.size(); ++i) CHECK(columns[i].first == common[i]);
        for (std::size_t i = 0; i < fields.size(); ++i) {
            CHECK(columns[common.size() + i].first == fields[i].name);
            CHECK(columns[common.size() + i].second == column_type(fields[i].type));
        }
    }
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
