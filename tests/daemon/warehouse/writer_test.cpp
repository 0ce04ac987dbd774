// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/cursors.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/schema.hpp"
#include "daemon/warehouse/writer.hpp"
#include "tests/support/world/world.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <future>
#include <semaphore>

#include <sys/stat.h>
#include <unistd.h>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using Catch::Contains;
using model::Entity;

namespace {

constexpr model::Stream calls{Entity::call, model::Lane::incremental};

/// Page `number` of a stream: one call, whose cursor is the number.
model::Page page(int number) {
    model::Page made;
    made.fetched_at = tests::noon(2026y / 11 / 20);
    made.more = true;
    made.cursor.position = std::to_string(number);
    auto& record = made.records.emplace_back();
    record.entity = Entity::call;
    record.id = made.keep(std::to_string(number));
    return made;
}

/// A page that the schema refuses.
model::Page bad_page(int number) {
    auto made = page(number);
    made.records[0].values[*model::field_index(Entity::call, "duration_s")] =
        std::string_view{"no number"};
    return made;
}

std::int64_t stored_calls(const Database& database) {
    return database.integer("SELECT count(*) FROM call");
}

/// Runs the coroutine to its end on a loop of its own, and throws what it threw.
void run(asio::io_context& loop, asio::awaitable<void> coroutine) {
    std::exception_ptr thrown;
    asio::co_spawn(loop, std::move(coroutine), [&](std::exception_ptr error) { thrown = error; });
    loop.run();
    loop.restart();
    if (thrown) std::rethrow_exception(thrown);
}

/// Lets whatever is ready run, once each.
asio::awaitable<void> yield() {
    co_await asio::post(asio::use_awaitable);
}

/// A file for a Writer, and nothing in it.
struct Folder {
    tests::World world;
    std::string path =
        std::filesystem::path(world.path()).parent_path() / "written" / "warehouse.db";
    WriterOptions options;

    Folder() {
        std::filesystem::create_directory(std::filesystem::path(path).parent_path());
        options.path = path;
    }
    std::int64_t calls_on_disk() const { return stored_calls(Reader{path}.database()); }
};

/// Holds the writer's thread in an urgent work until released.
class Holdup {
public:
    explicit Holdup(Writer& writer)
        : holding_(std::async(std::launch::async, [this, &writer] {
              writer.run_blocking([this](Database&) {
                  begun_.release();
                  go_.acquire();
              });
          })) {
        begun_.acquire();
    }
    void release() {
        go_.release();
        holding_.get();
    }

private:
    std::binary_semaphore begun_{0}, go_{0};
    std::future<void> holding_;
};

}  // namespace

TEST_CASE("pages are stored with the cursor that covers them") {
    Folder folder;
    asio::io_context loop;
    {
        Writer writer{folder.options};
        auto work = [&]() -> asio::awaitable<void> {
            auto queue = writer.open_queue("crm", "http", calls);
            for (int i = 1; i <= 3; ++i) co_await queue.push(page(i));
            const auto stored = co_await queue.drain();
            CHECK(stored.pages == 3);
            CHECK(stored.records == 3);
            CHECK(stored.changed == 3);
        };
        run(loop, work());
        CHECK(folder.calls_on_disk() == 3);
        CHECK(read_cursor(Reader{folder.path}.database(), "crm", calls).position == "3");
    }
}

TEST_CASE("what run() is given happens wholly or not at all") {
    Folder folder;
    asio::io_context loop;
    Writer writer{folder.options};
    auto work = [&]() -> asio::awaitable<void> {
        auto insert = [](Database& database) {
            database.execute("INSERT INTO source (name, connector) VALUES ('a', 'csv')");
            return database.changes();
        };
        const auto changed = co_await writer.run(insert);
        CHECK(changed == 1);
        auto fails = [](Database& database) {
            database.execute("INSERT INTO source (name, connector) VALUES ('b', 'csv')");
            throw Failure(FailureKind::refused, "changed my mind");
        };
        bool thrown = false;
        try {
            co_await writer.run(fails);
        } catch (const Failure& failure) {
            thrown = std::string{failure.what()} == "changed my mind";
        }
        CHECK(thrown);
    };
    run(loop, work());
    CHECK(Reader{folder.path}.database().integer("SELECT count(*) FROM source") == 1);
}

TEST_CASE("an urgent work goes before the pages that wait") {
    Folder folder;
    asio::io_context loop;
    Writer writer{folder.options};
    Holdup holdup{writer};
    auto work = [&]() -> asio::awaitable<void> {
        auto queue = writer.open_queue("crm", "http", calls);
        for (int i = 1; i <= 5; ++i) co_await queue.push(page(i));
        std::int64_t seen = -1;
        auto look = [&](Database& database) { seen = stored_calls(database); };
        asio::co_spawn(co_await asio::this_coro::executor, writer.run(look), asio::detached);
        co_await yield();
        holdup.release();
        co_await queue.drain();
        CHECK(seen == 0);
    };
    run(loop, work());
    CHECK(folder.calls_on_disk() == 5);
}

TEST_CASE("a bulk transaction that is long enough ends when an urgent work waits") {
    struct Case {
        const char* name;
        std::chrono::milliseconds bulk;
        std::int64_t stored_before;
    };
    const auto c = GENERATE(values<Case>({
        {"long enough after its first page", 0ms, 1},
        {"not long enough before all five are stored", 1h, 5},
    }));
    DYNAMIC_SECTION(c.name) {
        Folder folder;
        asio::io_context loop;
        std::int64_t seen = -1;
        auto look = [&](Database& database) { seen = stored_calls(database); };
        std::binary_semaphore go{0};
        std::atomic<int> until_first_page = -1;
        std::unique_ptr<Writer> writer;
        folder.options.bulk_transaction = c.bulk;
        folder.options.progress = [&] {
            if (until_first_page.fetch_sub(1) != 1) return;
            asio::post(loop, [&] {
                asio::co_spawn(loop, writer->run(look), asio::detached);
                asio::post(loop, [&] { go.release(); });  // once it waits
            });
            go.acquire();
        };
        writer = std::make_unique<Writer>(folder.options);
        Holdup holdup{*writer};
        until_first_page = 2;  // it is called after the holdup, and after each page
        auto work = [&]() -> asio::awaitable<void> {
            auto queue = writer->open_queue("crm", "http", calls);
            for (int i = 1; i <= 5; ++i) co_await queue.push(page(i));
            holdup.release();
            co_await queue.drain();
        };
        run(loop, work());
        CHECK(seen == c.stored_before);
        CHECK(folder.calls_on_disk() == 5);
    }
}

TEST_CASE("who pushes waits while the writer is behind") {
    Folder folder;
    folder.options.queued_pages = 2;
    asio::io_context loop;
    Writer writer{folder.options};
    Holdup holdup{writer};
    int pushed = 0;
    auto pusher = [&]() -> asio::awaitable<void> {
        auto queue = writer.open_queue("crm", "http", calls);
        for (int i = 1; i <= 5; ++i) {
            co_await queue.push(page(i));
            ++pushed;
        }
        co_await queue.drain();
    };
    auto watcher = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 20; ++i) co_await yield();
        CHECK(pushed == 2);
        holdup.release();
    };
    asio::co_spawn(loop, watcher(), asio::detached);
    run(loop, pusher());
    CHECK(pushed == 5);
    CHECK(folder.calls_on_disk() == 5);
}

TEST_CASE("a push that waits can be cancelled, and what was pushed before is stored") {
    Folder folder;
    folder.options.queued_pages = 2;
    asio::io_context loop;
    Writer writer{folder.options};
    Holdup holdup{writer};
    asio::cancellation_signal stop;
    boost::system::error_code ended;
    auto pusher = [&]() -> asio::awaitable<void> {
        auto queue = writer.open_queue("crm", "http", calls);
        for (int i = 1; i <= 5; ++i) co_await queue.push(page(i));
    };
    auto note = [&](std::exception_ptr thrown) {
        try {
            if (thrown) std::rethrow_exception(thrown);
        } catch (const boost::system::system_error& error) {
            ended = error.code();
        }
    };
    asio::co_spawn(loop, pusher(), asio::bind_cancellation_slot(stop.slot(), note));
    auto canceller = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 20; ++i) co_await yield();
        stop.emit(asio::cancellation_type::terminal);
        for (int i = 0; i < 20; ++i) co_await yield();
        CHECK(ended == asio::error::operation_aborted);
        holdup.release();
        auto queue = writer.open_queue("crm", "http", calls);
        co_await queue.push(page(9));
        co_await queue.drain();
    };
    run(loop, canceller());
    CHECK(folder.calls_on_disk() == 3);  // 1, 2 and 9
}

TEST_CASE("a page that cannot be stored fails its own queue, from there on") {
    Folder folder;
    asio::io_context loop;
    Writer writer{folder.options};
    Holdup holdup{writer};
    const model::Stream others{Entity::call, model::Lane::backfill};
    auto work = [&]() -> asio::awaitable<void> {
        auto queue = writer.open_queue("crm", "http", calls);
        auto other = writer.open_queue("crm", "http", others);
        co_await queue.push(page(1));
        co_await queue.push(bad_page(2));
        co_await queue.push(page(3));
        co_await other.push(page(4));
        holdup.release();
        CHECK((co_await other.drain()).pages == 1);
        std::string why, again;
        try {
            co_await queue.drain();
        } catch (const Failure& failure) {
            why = failure.what();
        }
        try {
            co_await queue.push(page(5));
        } catch (const Failure& failure) {
            again = failure.what();
        }
        CHECK_THAT(why, Contains("cannot store TEXT value in INTEGER column call.duration_s"));
        CHECK(again == why);
    };
    run(loop, work());
    CHECK(folder.calls_on_disk() == 2);  // 1 and 4
    CHECK(read_cursor(Reader{folder.path}.database(), "crm", calls).position == "1");
}

TEST_CASE(
    "a full disk fails what was being stored, and later pages are stored once there is room") {
    Folder folder;
    asio::io_context loop;
    Writer writer{folder.options};
    auto push_many = [&](std::size_t bytes) -> asio::awaitable<void> {
        auto queue = writer.open_queue("crm", "http", calls);
        auto large = page(1);
        large.records[0].values[*model::field_index(Entity::call, "subject")] =
            large.keep(std::string(bytes, 'x'));
        co_await queue.push(std::move(large));
        co_await queue.drain();
    };
    const auto limit = [&](const char* pragma) {
        writer.run_blocking([&](Database& database) { database.integer(pragma); });
    };
    limit("PRAGMA max_page_count = 1");  // SQLite makes it the present size
    try {
        run(loop, push_many(100'000));
        FAIL("it was stored");
    } catch (const Failure& failure) {
        CHECK(failure.kind() == FailureKind::needs_person);
        CHECK_THAT(failure.what(), Contains("no space left"));
    }
    CHECK(folder.calls_on_disk() == 0);
    limit("PRAGMA max_page_count = 1000000");
    run(loop, push_many(100'000));
    CHECK(folder.calls_on_disk() == 1);
}

TEST_CASE("pages that nobody waited for are stored before the writer goes") {
    Folder folder;
    asio::io_context loop;
    {
        Writer writer{folder.options};
        Holdup holdup{writer};
        auto work = [&]() -> asio::awaitable<void> {
            auto queue = writer.open_queue("crm", "http", calls);
            for (int i = 1; i <= 5; ++i) co_await queue.push(page(i));
        };
        run(loop, work());
        holdup.release();
    }
    CHECK(folder.calls_on_disk() == 5);
}

TEST_CASE("a second writer is refused and told who holds the warehouse") {
    Folder folder;
    {
        Writer first{folder.options};
        CHECK_THROWS_WITH(Writer{folder.options},
                          Contains(fmt::format("another nudged (pid {}) holds", ::getpid())));
    }
    CHECK_NOTHROW(Writer{folder.options});
}

TEST_CASE("a writer refuses a warehouse of a newer nudged, and lets go of it") {
    Folder folder;
    { Writer writer{folder.options}; }
    Database{folder.path, Database::Mode::read_write}.execute("PRAGMA user_version = 9999");
    CHECK_THROWS_WITH(Writer{folder.options}, Contains("newer nudged"));
    CHECK_THROWS_WITH(Writer{folder.options}, Contains("newer nudged"));
}

TEST_CASE("a closed warehouse keeps an empty log beside it, and strangers cannot read it") {
    Folder folder;
    {
        Writer writer{folder.options};
        writer.run_blocking([](Database& database) { ensure_source(database, "crm", "http"); });
        CHECK(std::filesystem::file_size(folder.path + "-wal") > 0);
    }
    CHECK(std::filesystem::file_size(folder.path + "-wal") == 0);
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
        CAPTURE(suffix);
        struct stat status {};
        REQUIRE(::stat((folder.path + suffix).c_str(), &status) == 0);
        CHECK((status.st_mode & 0007) == 0);
    }
}
