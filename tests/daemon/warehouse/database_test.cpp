// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/database.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

using namespace nudged;
using namespace nudged::warehouse;

namespace {

FailureKind kind_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const Failure& failure) {
        INFO(failure.what());
        return failure.kind();
    }
    FAIL("nothing was thrown");
    return FailureKind::transient;
}

Database in_memory() {
    return Database{":memory:", Database::Mode::read_write};
}

}  // namespace

TEST_CASE("a statement that is in use is prepared a second time") {
    auto database = in_memory();
    database.execute("CREATE TABLE n (i INTEGER); INSERT INTO n VALUES (1), (2), (3)");
    auto outer = database.prepare("SELECT i FROM n ORDER BY i");
    std::string pairs;
    while (outer.step()) {
        auto inner = database.prepare("SELECT i FROM n ORDER BY i");
        while (inner.step()) pairs += fmt::format("{}{} ", outer.integer(0), inner.integer(0));
    }
    CHECK(pairs == "11 12 13 21 22 23 31 32 33 ");
}

TEST_CASE("a statement that comes back from its cache has no bindings left") {
    auto database = in_memory();
    { database.prepare("SELECT ?1").bind(1, 7).step(); }
    auto again = database.prepare("SELECT ?1");
    REQUIRE(again.step());
    CHECK(again.is_null(0));
}

TEST_CASE("the empty text is not null") {
    auto database = in_memory();
    auto row = database.prepare("SELECT ?1 IS NULL, ?2 IS NULL");
    row.bind(1, std::string_view{}).bind(2, std::optional<std::string>{});
    REQUIRE(row.step());
    CHECK(row.integer(0) == 0);
    CHECK(row.integer(1) == 1);
}

TEST_CASE("a transaction without a commit leaves nothing") {
    auto database = in_memory();
    database.execute("CREATE TABLE n (i INTEGER)");
    {
        Transaction transaction{database};
        database.execute("INSERT INTO n VALUES (1)");
    }
    CHECK(database.integer("SELECT count(*) FROM n") == 0);
    CHECK_FALSE(database.in_transaction());
}

TEST_CASE("a savepoint is undone alone") {
    auto database = in_memory();
    database.execute("CREATE TABLE n (i INTEGER)");
    Transaction transaction{database};
    {
        Savepoint kept{database};
        database.execute("INSERT INTO n VALUES (1)");
        kept.keep();
    }
    {
        Savepoint undone{database};
        database.execute("INSERT INTO n VALUES (2)");
    }
    transaction.commit();
    CHECK(database.integer("SELECT group_concat(i) FROM n") == 1);
}

TEST_CASE("a failure says what to do, by its kind") {
    tests::World world;
    const std::string folder = std::filesystem::path(world.path()).parent_path();
    SECTION("a folder that is not there needs a person") {
        CHECK(kind_of([&] {
                  Database{folder + "/absent/warehouse.db", Database::Mode::read_write};
              }) == FailureKind::needs_person);
    }
    SECTION("a file that is no database is damaged") {
        std::ofstream{folder + "/text"} << std::string(4096, 'x');
        CHECK(kind_of([&] {
                  Database database{folder + "/text", Database::Mode::read_only};
                  database.integer("SELECT count(*) FROM sqlite_schema");
              }) == FailureKind::corrupt);
    }
    SECTION("writing through a reader needs a person") {
        Database database{world.path(), Database::Mode::read_only};
        CHECK(kind_of([&] { database.execute("DELETE FROM source"); }) ==
              FailureKind::needs_person);
    }
    SECTION("a full disk needs a person") {
        auto database = in_memory();
        database.execute("PRAGMA max_page_count = 2; CREATE TABLE n (t TEXT)");
        CHECK(kind_of([&] { database.execute("INSERT INTO n VALUES (zeroblob(100000))"); }) ==
              FailureKind::needs_person);
    }
    SECTION("a statement that breaks a rule of the schema is refused, without its values") {
        world.source();
        try {
            world.database().execute("INSERT INTO source (name, connector) VALUES ('crm', 'x')");
            FAIL("nothing was thrown");
        } catch (const Failure& failure) {
            CHECK(failure.kind() == FailureKind::refused);
            CHECK(failure.what() == world.path() + ": UNIQUE constraint failed: source.name");
        }
    }
}

TEST_CASE("a connection keeps a bounded number of statements, and those that are in use") {
    Database database(":memory:", Database::Mode::read_write);
    auto used = database.prepare("SELECT 7 UNION ALL SELECT 8");
    REQUIRE(used.step());
    for (int i = 0; i < 2500; ++i) CHECK(database.integer(fmt::format("SELECT {}", i)) == i);
    std::size_t kept = 0;
    for (auto* one = sqlite3_next_stmt(database.handle(), nullptr); one;
         one = sqlite3_next_stmt(database.handle(), one))
        ++kept;
    CHECK(kept <= Database::most_kept);
    REQUIRE(used.step());
    CHECK(used.integer(0) == 8);
}
