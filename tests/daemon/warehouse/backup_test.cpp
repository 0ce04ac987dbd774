// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/schema.hpp"
#include "tests/support/process.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

/// Calls enough for some dozens of pages.
void fill(tests::World& world) {
    for (int i = 0; i < 400; ++i)
        world.call("c" + std::to_string(i))
            .owner("ana")
            .at(tests::noon(2026y / 11 / 20))
            .subject(std::string(200, 'x'));
    world.reader();
}

std::string subject_of(const std::string& file, const std::string& call) {
    const Database database(file, Database::Mode::read_only);
    auto row = database.prepare("SELECT subject FROM call WHERE external_id = ?1");
    row.bind(1, std::string_view{call});
    return row.step() ? std::string{row.text(0)} : "none";
}

std::string sound_backup(tests::World& world, const tests::TempFolder& folder) {
    world.reader();
    const auto file = folder.file("copy.db");
    back_up_alone(world.path(), file);
    return file;
}

}  // namespace

TEST_CASE("a backup takes over what the same connection commits while it is made") {
    tests::World world;
    const tests::TempFolder folder;
    fill(world);
    const auto file = folder.file("copy.db");
    const auto pages = world.database().integer("PRAGMA page_count");
    int steps = 0;
    {
        BackupCopy copy(world.database(), file);
        for (bool more = true; more; ++steps) {
            more = copy.step(1);
            // In a page that was copied long ago, and in a new one.
            if (steps == pages / 2) {
                world.call("c0").owner("ana").subject("changed meanwhile");
                world.call("new").owner("ana").subject("came meanwhile");
                world.reader();
            }
        }
    }
    CHECK(verify_copy(file + unfinished_suffix).empty());
    finish_backup(file);
    CHECK(subject_of(file, "c0") == "changed meanwhile");
    CHECK(subject_of(file, "new") == "came meanwhile");
    CHECK(subject_of(file, "c399") == std::string(200, 'x'));
    // Not begun again: one step a page, and a few for pages that are new.
    CHECK(steps < pages + 20);
}

TEST_CASE("a backup has its name only once it is whole, and is for its user and group alone") {
    tests::World world;
    const tests::TempFolder folder;
    world.account("Acme");
    const auto file = folder.file("copy.db");
    world.reader();
    {
        BackupCopy copy(world.database(), file);
        copy.step(1);
        CHECK_FALSE(fs::exists(file));
        while (copy.step(100)) continue;
    }
    CHECK_FALSE(fs::exists(file));
    REQUIRE(verify_copy(file + unfinished_suffix).empty());
    finish_backup(file);
    CHECK(fs::status(file).permissions() == fs::perms{0640});
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}) == 1);
    CHECK_THROWS_WITH(BackupCopy(world.database(), file), Contains("is there already"));
    back_up_alone(world.path(), folder.file("other.db"));
    CHECK_THROWS_WITH(back_up_alone(world.path(), folder.file("other.db")),
                      Contains("is there already"));
}

TEST_CASE("what is wrong with a copy is told") {
    tests::World world;
    const tests::TempFolder folder;
    fill(world);
    const auto file = sound_backup(world, folder);
    REQUIRE(verify_copy(file).empty());
    const auto change = [&](const char* sql) {
        Database database(file, Database::Mode::read_write);
        database.execute(sql);
    };
    SECTION("a sum that no records make") {
        change("UPDATE rollup SET value = value + 1");
        CHECK_THAT(verify_copy(file).front(), Contains("stored 401, counted 400"));
    }
    SECTION("an index that does not fit its table") {
        std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
        const auto size = static_cast<std::streamoff>(fs::file_size(file));
        bytes.seekp(size - 3 * 4096);
        bytes.write(std::string(2048, '\0').data(), 2048);
        bytes.close();
        CHECK_FALSE(verify_copy(file).empty());
    }
    SECTION("a reference to nobody") {
        change("UPDATE user SET person_id = 77");
        CHECK_THAT(verify_copy(file).front(), Contains("a row of user refers to none of person"));
    }
    SECTION("a newer schema") {
        change("PRAGMA user_version = 9999");
        CHECK_THAT(verify_copy(file).front(), Contains("newer nudged"));
    }
    SECTION("another program's file") {
        change("PRAGMA application_id = 7");
        CHECK_THAT(verify_copy(file).front(), Contains("no warehouse of nudged"));
    }
}

TEST_CASE("a verification can be ended") {
    tests::World world;
    const tests::TempFolder folder;
    for (int i = 0; i < 3000; ++i)
        world.task("t" + std::to_string(i)).owner("ana").due_on(tests::day(2026y / 11 / 30));
    const auto file = sound_backup(world, folder);
    int asked = 0;
    CHECK_THROWS_AS(verify_copy(file, [&] { return ++asked > 0; }), Failure);
    CHECK(asked > 0);
}

TEST_CASE("the newest backups are kept, and what a crash left of one goes") {
    const tests::TempFolder folder;
    for (const auto* name : {"nudged-20261117T080000Z.db", "nudged-20261120T080000Z.db",
                             "nudged-20261118T080000Z.db", "nudged-20261119T080000Z.db",
                             "nudged-20261119T090000Z.db.partial", "mine.db", "nudged-latest.db"})
        folder.write(name, "x");
    const auto listed = list_backups(folder.path().string());
    REQUIRE(listed.size() == 4);
    CHECK(listed[0].path == folder.file("nudged-20261120T080000Z.db"));
    CHECK(listed[0].taken_at == tests::at(2026y / 11 / 20, 8));
    CHECK(listed[0].bytes == 1);
    CHECK(backup_name(tests::at(2026y / 11 / 20, 8)) == "nudged-20261120T080000Z.db");

    CHECK(rotate_backups(folder.path().string(), 2, tests::at(2026y / 11 / 20, 9)) == 3);
    CHECK(fs::exists(folder.file("nudged-20261120T080000Z.db")));
    CHECK(fs::exists(folder.file("nudged-20261119T080000Z.db")));
    CHECK_FALSE(fs::exists(folder.file("nudged-20261118T080000Z.db")));
    CHECK_FALSE(fs::exists(folder.file("nudged-20261117T080000Z.db")));
    CHECK_FALSE(fs::exists(folder.file("nudged-20261119T090000Z.db.partial")));
    CHECK(fs::exists(folder.file("mine.db")));
    CHECK(fs::exists(folder.file("nudged-latest.db")));
    CHECK(list_backups(folder.file("none")).empty());
}

TEST_CASE("backups of a clock that was ahead push out none that are good") {
    const tests::TempFolder folder;
    for (const auto* name : {"nudged-20261117T080000Z.db", "nudged-20261118T080000Z.db",
                             "nudged-20261119T080000Z.db", "nudged-20991231T080000Z.db"})
        folder.write(name, "x");
    const auto made = folder.file("nudged-20261117T080000Z.db");
    const auto now = tests::at(2026y / 11 / 20, 9);
    CHECK(rotate_backups(folder.path().string(), 1, now, made) == 1);
    CHECK_FALSE(fs::exists(folder.file("nudged-20261118T080000Z.db")));
    CHECK(fs::exists(folder.file("nudged-20261119T080000Z.db")));
    CHECK(fs::exists(folder.file("nudged-20991231T080000Z.db")));
    CHECK(fs::exists(made));
}

TEST_CASE("a backup that cannot be removed is named, and keeps no other one") {
    const tests::TempFolder folder;
    folder.write("nudged-20261119T090000Z.db.partial/file", "x");
    folder.write("nudged-20261118T080000Z.db", "x");
    folder.write("nudged-20261119T080000Z.db", "x");
    CHECK_THROWS_WITH(rotate_backups(folder.path().string(), 1, tests::at(2026y / 11 / 20, 9)),
                      Contains("nudged-20261119T090000Z.db.partial: cannot be removed"));
    CHECK_FALSE(fs::exists(folder.file("nudged-20261118T080000Z.db")));
}
