// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/cursors.hpp"
#include "daemon/warehouse/file_keeper.hpp"
#include "daemon/warehouse/log_readers.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/writer.hpp"
#include "tests/support/foreign_reader.hpp"
#include "tests/support/world/world.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

constexpr model::Stream calls{model::Entity::call, model::Lane::incremental};

/// Stores a page that is about `bytes` long.
void store(Writer& writer, int number, std::size_t bytes) {
    asio::io_context loop;
    std::exception_ptr thrown;
    auto work = [&]() -> asio::awaitable<void> {
        model::Page page;
        page.cursor.position = std::to_string(number);
        auto& record = page.records.emplace_back();
        record.entity = model::Entity::call;
        record.id = page.keep(std::to_string(number));
        record.values[*model::field_index(model::Entity::call, "subject")] =
            page.keep(std::string(bytes, 'x'));
        auto queue = writer.open_queue("crm", "http", calls);
        co_await queue.push(std::move(page));
        co_await queue.drain();
    };
    asio::co_spawn(loop, work(), [&](std::exception_ptr error) { thrown = error; });
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
}

/// Once the log has been looked at after all that was done: whoever waits is told before that.
std::int64_t log_size(Writer& writer) {
    writer.run_blocking([](Database&) {});
    return writer.health().log.bytes;
}

struct Bench {
    tests::TempFolder folder;
    WriterOptions options;
    Bench() {
        options.path = folder.file("nudged.db");
        options.large_log = 64 << 10;
        options.largest_log = 256 << 10;
        options.reader_patience = 1h;
    }
};

}  // namespace

TEST_CASE("who keeps the log from being taken up is named, and forgotten when it has gone") {
    Bench bench;
    Writer writer{bench.options};
    store(writer, 1, 1000);
    tests::ForeignReader foreign{bench.folder, bench.options.path};
    for (int number = 2; number < 5; ++number) store(writer, number, 50'000);
    auto health = writer.health();
    REQUIRE(health.log.held_since);
    CHECK_THAT(health.log_holder, Contains(fmt::format("pid {}", foreign.pid())));
    CHECK(advice(health, *health.log.held_since + 59s).empty());
    const auto told = advice(health, *health.log.held_since + 61s);
    CHECK_THAT(told, Contains(fmt::format("pid {}", foreign.pid())) && Contains("for 61 s") &&
                         Contains("end that read"));
    foreign.end();
    store(writer, 5, 100'000);
    log_size(writer);
    health = writer.health();
    CHECK_FALSE(health.log.held_since);
    CHECK(health.log_holder.empty());
    CHECK(health.log.bytes == 0);
}

TEST_CASE("a reader of the latest state holds nothing up, and is not named") {
    Bench bench;
    Writer writer{bench.options};
    store(writer, 1, 200'000);
    const tests::ForeignReader foreign{bench.folder, bench.options.path};
    CHECK(find_log_readers(bench.options.path).empty());
}

TEST_CASE("pages wait for a reader that holds a log of the largest size, and urgent works do not") {
    Bench bench;
    Writer writer{bench.options};
    store(writer, 1, 1000);
    tests::ForeignReader foreign{bench.folder, bench.options.path};
    int number = 1;
    while (log_size(writer) < bench.options.largest_log) store(writer, ++number, 50'000);
    const auto largest = log_size(writer);
    std::atomic<bool> is_stored = false;
    std::thread loading([&] {
        store(writer, number + 1, 50'000);
        is_stored = true;
    });
    std::int64_t seen = 0;
    for (int i = 0; i < 20; ++i)
        writer.run_blocking([&](Database& database) {
            database.execute("INSERT INTO source (name, connector) VALUES "
                             "(hex(randomblob(8)), 'csv')");
            seen = database.integer("SELECT count(*) FROM call");
        });
    CHECK(seen == number);
    CHECK_FALSE(is_stored);
    foreign.end();
    loading.join();
    writer.run_blocking(
        [&](Database& database) { seen = database.integer("SELECT count(*) FROM call"); });
    CHECK(seen == number + 1);
    // The last pages may go beyond.
    CHECK(largest < bench.options.largest_log + (128 << 10));
}

TEST_CASE("pages do not wait for a reader for ever") {
    Bench bench;
    bench.options.reader_patience = 100ms;
    Writer writer{bench.options};
    store(writer, 1, 1000);
    const tests::ForeignReader foreign{bench.folder, bench.options.path};
    int number = 1;
    while (writer.health().log.bytes < 2 * bench.options.largest_log)
        store(writer, ++number, 50'000);
    CHECK(writer.health().log.held_since);
}

TEST_CASE(
    "a log that cannot be taken up is a trouble until it is, whatever is committed meanwhile") {
    Bench bench;
    Database database(bench.options.path, Database::Mode::read_write);
    database.execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; "
                     "CREATE TABLE filler (bytes BLOB)");
    FileKeeper keeper{database, bench.options};
    const auto commit = [&] {
        keeper.prepare(FileKeeper::Flush::every_commit);
        Transaction transaction{database};
        database.execute("INSERT INTO filler VALUES (randomblob(150000))");
        transaction.commit();
        keeper.note_commit();
    };
    const auto fail_to_take_up = [&] {
        const Transaction open{database, Transaction::Kind::read};  // SQLite refuses meanwhile
        keeper.take_up_log();
    };
    commit();
    fail_to_take_up();
    CHECK(keeper.health().trouble);
    CHECK_FALSE(keeper.wants_pages_to_wait());
    commit();
    CHECK(keeper.health().trouble);
    fail_to_take_up();
    CHECK(keeper.health().trouble);
    CHECK(keeper.wants_pages_to_wait());
    keeper.take_up_log();
    CHECK_FALSE(keeper.health().trouble);
    CHECK_FALSE(keeper.wants_pages_to_wait());
}

TEST_CASE("a read is stopped at its deadline, and says why") {
    tests::World world;
    world.source();
    const Reader reader{world.path(), 20ms};
    CHECK_THROWS_WITH(
        reader.database().integer("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                                  "SELECT max(i) FROM n"),
        Contains("stopped at its deadline"));
}

TEST_CASE("while a statement takes long, the writer tells again and again that it makes progress") {
    Bench bench;
    std::atomic<int> told = 0;
    bench.options.progress = [&] { ++told; };
    Writer writer{bench.options};
    const int before = told;
    writer.run_blocking([](Database& database) {
        database.integer("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                         "LIMIT 1000000) SELECT max(i) FROM n");
    });
    // A million rows are some ten million operations; one sign each fifty thousand.
    CHECK(told - before > 100);
}

TEST_CASE("a member of the file's group reads a warehouse that nobody has open") {
    if (::geteuid() != 0) {
        WARN("skipped: becoming another user needs root");
        return;
    }
    constexpr uid_t stranger = 65534;
    constexpr gid_t group = 60123;
    Bench bench;
    {
        Writer writer{bench.options};
        store(writer, 1, 1000);
    }
    std::filesystem::permissions(bench.folder.path(), std::filesystem::perms{0750});
    for (const auto& file : {bench.folder.path().string(), bench.options.path,
                             bench.options.path + "-wal", bench.options.path + "-shm"})
        REQUIRE(::chown(file.c_str(), 0, group) == 0);
    const auto read_as = [&](gid_t as) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            if (::setgid(as) != 0 || ::setgroups(0, nullptr) != 0 || ::setuid(stranger) != 0)
                ::_exit(3);
            try {
                const Reader reader{bench.options.path};
                ::_exit(reader.database().integer("SELECT count(*) FROM call") == 1 ? 0 : 1);
            } catch (const std::exception&) {
                ::_exit(2);
            }
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WEXITSTATUS(status);
    };
    CHECK(read_as(group) == 0);
    CHECK(read_as(stranger) == 2);
}
