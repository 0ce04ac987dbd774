// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/file_lock.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "daemon/warehouse/restore.hpp"
#include "daemon/warehouse/writer.hpp"
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

const Instant now = tests::noon(2026y / 11 / 20);

void enqueue(Database& database, const std::string& key, Instant expires_at) {
    NewMessage message;
    message.key = key;
    message.channel = "managers";
    message.message = "{}";
    message.due_at = now;
    message.expires_at = expires_at;
    insert_message(database, message, now);
}

std::string state_of(const Database& database, const std::string& key) {
    auto row = database.prepare("SELECT state FROM outbox WHERE key = ?1");
    row.bind(1, std::string_view{key});
    return row.step() ? std::string{row.text(0)} : "none";
}

/// A warehouse with messages in three states, its backup, and a place to restore into.
struct Scene {
    tests::World world{now};
    tests::TempFolder folder;
    std::string backup = folder.file("backup.db");
    std::string path = folder.file("state/nudged.db");

    Scene() {
        world.account("Acme");
        world.mark_complete(model::Entity::account, now);
        auto& database = world.database();
        enqueue(database, "sent", now + 24h);
        auto sent = claim_next(database, "managers", now, 1min,
                               [](const auto& row) { return row.message; });
        TryResult delivered;
        delivered.state = OutboxState::delivered;
        record_try(database, sent->id, delivered);
        enqueue(database, "being sent", now + 24h);
        claim_next(database, "managers", now, 1min, [](const auto& row) { return row.message; });
        enqueue(database, "to be sent", now + 24h);
        enqueue(database, "soon too late", now + 1h);
        back_up_alone(world.path(), backup);
        fs::create_directories(folder.file("state"));
    }
};

}  // namespace

TEST_CASE("a restore holds what was to be sent, and keeps what it replaces") {
    Scene scene;
    scene.world.account("Bolt");  // after the backup
    scene.world.reader();
    back_up_alone(scene.world.path(), scene.path);  // what is there to be replaced

    const auto restored = restore_warehouse(scene.backup, scene.path, now);
    CHECK(restored.held == 3);
    CHECK(restored.kept_aside == scene.path + ".replaced-20261120T120000Z.db");
    REQUIRE(restored.streams.size() == 1);
    CHECK(restored.streams[0].stream == "account");
    CHECK(restored.streams[0].complete_at == now);

    const auto accounts = [](const std::string& file) {
        const Database database(file, Database::Mode::read_only);
        return database.integer("SELECT count(*) FROM account");
    };
    CHECK(accounts(scene.path) == 1);
    CHECK(accounts(restored.kept_aside) == 2);
    CHECK(fs::exists(scene.backup));

    WriterOptions options;
    options.path = scene.path;
    Writer writer(std::move(options));
    writer.run_blocking([](Database& database) {
        CHECK(state_of(database, "sent") == "delivered");
        CHECK(state_of(database, "being sent") == "held");
        CHECK(state_of(database, "to be sent") == "held");
        const auto render = [](const OutboxRow& row) { return row.message; };
        CHECK_FALSE(claim_next(database, "managers", now, 1min, render));
        CHECK_FALSE(read_next_due(database, "managers"));
    });
}

TEST_CASE("held messages go when a person releases them, but for those that are too late") {
    Scene scene;
    restore_warehouse(scene.backup, scene.path, now);
    Database database(scene.path, Database::Mode::read_write);
    const auto id = database.integer("SELECT id FROM outbox WHERE key = 'to be sent'");
    const auto later = now + 2h;

    const auto one = release_messages(database, {id, 1, 999}, later);
    CHECK(one.released == 1);
    CHECK(one.expired == 0);
    CHECK(one.not_held == std::vector<std::int64_t>{1, 999});
    CHECK(state_of(database, "to be sent") == "pending");
    CHECK(state_of(database, "being sent") == "held");

    const auto all = release_messages(database, {}, later);
    CHECK(all.released == 2);
    CHECK(all.expired == 1);
    CHECK(expire_messages(database, later).size() == 1);
    CHECK(state_of(database, "soon too late") == "dead");
    const auto render = [](const OutboxRow& row) { return row.message; };
    CHECK(claim_next(database, "managers", later, 1min, render));
}

TEST_CASE("nothing is restored while a daemon runs") {
    Scene scene;
    const int lock = lock_file(scene.path);
    CHECK_THROWS_WITH(restore_warehouse(scene.backup, scene.path, now),
                      Contains("holds the warehouse"));
    unlock_file(lock);
    CHECK_NOTHROW(restore_warehouse(scene.backup, scene.path, now));
}

TEST_CASE("a backup that does not pass leaves everything as it was") {
    Scene scene;
    back_up_alone(scene.world.path(), scene.path);
    const auto before = tests::read_file(scene.path);
    const auto refuses = [&](const std::string& file, const char* why) {
        CHECK_THROWS_WITH(restore_warehouse(file, scene.path, now), Contains(why));
        CHECK(tests::read_file(scene.path) == before);
        // The lock's file, the warehouse and nothing else.
        CHECK(std::distance(fs::directory_iterator(scene.folder.file("state")),
                            fs::directory_iterator{}) == 2);
    };
    refuses(scene.folder.file("none.db"), "there is no such file");
    refuses(scene.folder.write("text.db", "hello, hello, hello"), "damaged");
    {
        Database database(scene.backup, Database::Mode::read_write);
        database.execute("PRAGMA user_version = 9999");
    }
    refuses(scene.backup, "newer nudged");
}

TEST_CASE("a restore that was cut short between two files is not taken for an empty warehouse") {
    Scene scene;
    fs::copy(scene.backup, scene.path + ".restoring");
    WriterOptions options;
    options.path = scene.path;
    CHECK_THROWS_WITH(Writer(options), Contains("a restore was cut short"));
    restore_warehouse(scene.backup, scene.path, now);
    CHECK_NOTHROW(Writer(options));
}

TEST_CASE("a log that is left without its file is not taken for the restored one's") {
    Scene scene;
    // As a crash leaves them: committed to the log, and not yet in the file.
    scene.world.account("Bolt");
    scene.world.reader();
    for (const auto* log : {"-wal", "-shm"}) fs::copy(scene.world.path() + log, scene.path + log);
    SECTION("by somebody who removed the file") {}
    SECTION("by a restore that was cut short") {
        scene.folder.write("state/nudged.db.restoring", "whole, but for its name");
    }
    const auto restored = restore_warehouse(scene.backup, scene.path, now);
    CHECK(restored.kept_aside == scene.path + ".replaced-20261120T120000Z.db");
    CHECK(fs::exists(restored.kept_aside + "-wal"));
    CHECK_FALSE(fs::exists(scene.path + "-wal"));
    CHECK_FALSE(fs::exists(scene.path + "-shm"));
    const Database database(scene.path, Database::Mode::read_only);
    CHECK(database.integer("SELECT count(*) FROM account") == 1);
}

TEST_CASE("a restore that fails leaves what an earlier one had on its way") {
    Scene scene;
    fs::copy(scene.backup, scene.path + ".restoring");
    CHECK_THROWS(restore_warehouse(scene.folder.write("text.db", "hello"), scene.path, now));
    WriterOptions options;
    options.path = scene.path;
    CHECK_THROWS_WITH(Writer(options), Contains("a restore was cut short"));
}
