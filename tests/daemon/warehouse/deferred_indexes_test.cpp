// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/deferred_indexes.hpp"
#include "daemon/warehouse/page_store.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/writer.hpp"
#include "tests/support/world/world.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <semaphore>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using model::Entity;

namespace {

constexpr model::Stream calls{Entity::call, model::Lane::incremental};

model::Page page_of_calls(int first, int count) {
    model::Page page;
    page.fetched_at = tests::noon(2026y / 11 / 20);
    page.cursor.position = std::to_string(first + count);
    for (int i = first; i < first + count; ++i) {
        auto& record = page.records.emplace_back();
        record.entity = Entity::call;
        record.id = page.keep(std::to_string(i));
        record.values[*model::field_index(Entity::call, "account")] =
            page.keep(std::to_string(i % 7));
    }
    return page;
}

std::set<std::string> indexes_of_calls(const Database& database) {
    auto rows = database.prepare("SELECT name || sql FROM sqlite_schema WHERE type = 'index' AND "
                                 "tbl_name = 'call' AND sql IS NOT NULL");
    std::set<std::string> indexes;
    while (rows.step()) indexes.emplace(rows.text(0));
    return indexes;
}

void run(asio::io_context& loop, asio::awaitable<void> coroutine) {
    std::exception_ptr thrown;
    asio::co_spawn(loop, std::move(coroutine), [&](std::exception_ptr error) { thrown = error; });
    loop.run();
    loop.restart();
    if (thrown) std::rethrow_exception(thrown);
}

/// An empty warehouse for a Writer, and what its table of calls has for indexes.
struct Folder {
    tests::World world;
    std::string path =
        std::filesystem::path(world.path()).parent_path() / "loaded" / "warehouse.db";
    std::set<std::string> usual = indexes_of_calls(world.database());
    WriterOptions options;
    asio::io_context loop;

    Folder() {
        std::filesystem::create_directory(std::filesystem::path(path).parent_path());
        options.path = path;
        REQUIRE(usual.size() > 1);
    }
    std::set<std::string> indexes() const { return indexes_of_calls(Reader{path}.database()); }
};

/// Stores a page as the writer does, and stops there: what a crash leaves.
void load_in_part(const std::string& path) {
    { Writer{WriterOptions{.path = path, .progress = {}}}; }
    Database database{path, Database::Mode::read_write};
    Transaction transaction{database};
    PageStore store{database, IndexTime::after_first_load};
    store.store(ensure_source(database, "crm", "http"), calls, page_of_calls(1, 3), false);
    store.finish();
    transaction.commit();
}

}  // namespace

TEST_CASE("a first load builds the indexes of a table behind its rows") {
    Folder folder;
    Writer writer{folder.options};
    std::int64_t stored = 0;
    std::size_t meanwhile = 99;
    auto look = [&](Database& database) {
        stored = database.integer("SELECT count(*) FROM call");
        meanwhile = indexes_of_calls(database).size();
    };
    auto work = [&]() -> asio::awaitable<void> {
        auto queue = writer.open_queue("crm", "http", calls);
        co_await queue.push(page_of_calls(1, 3));
        while (stored == 0) co_await writer.run(look);
        CHECK(meanwhile == 0);
        co_await queue.drain();
        CHECK(folder.indexes() == folder.usual);

        stored = 0;
        co_await queue.push(page_of_calls(4, 3));
        while (stored < 6) co_await writer.run(look);
        CHECK(meanwhile == folder.usual.size());
        co_await queue.drain();
    };
    run(folder.loop, work());
}

TEST_CASE("a table of so many rows gets its indexes while it is being loaded") {
    Folder folder;
    folder.options.late_index_rows = 6;
    Writer writer{folder.options};
    std::size_t present = 0;
    auto look = [&](Database& database) { present = indexes_of_calls(database).size(); };
    auto work = [&]() -> asio::awaitable<void> {
        auto queue = writer.open_queue("crm", "http", calls);
        co_await queue.push(page_of_calls(1, 3));
        co_await queue.push(page_of_calls(4, 3));
        while (present < folder.usual.size()) co_await writer.run(look);
    };
    run(folder.loop, work());
    CHECK(folder.indexes() == folder.usual);
}

TEST_CASE("indexes that a crash left out are built by whoever comes next") {
    Folder folder;
    load_in_part(folder.path);
    REQUIRE(folder.indexes().empty());
    Writer writer{folder.options};
    auto work = [&]() -> asio::awaitable<void> {
        auto queue = writer.open_queue("crm", "http", calls);
        co_await queue.push(page_of_calls(4, 3));
        co_await queue.drain();
    };
    run(folder.loop, work());
    CHECK(folder.indexes() == folder.usual);
    CHECK_FALSE(has_deferred_indexes(Reader{folder.path}.database()));
}

TEST_CASE("an urgent work interrupts the building of an index, which begins again") {
    Folder folder;
    std::atomic<int> until_asked = -1;
    std::unique_ptr<Writer> writer;
    std::size_t built_before = 99;
    bool has_looked = false;
    auto look = [&](Database& database) {
        built_before = indexes_of_calls(database).size();
        has_looked = true;
    };
    std::binary_semaphore queued{0};
    folder.options.progress = [&] {
        if (until_asked.fetch_sub(1) != 1) return;
        asio::post(folder.loop, [&] {
            asio::co_spawn(folder.loop, writer->run(look), asio::detached);
            asio::post(folder.loop, [&] { queued.release(); });
        });
        queued.acquire();
    };
    writer = std::make_unique<Writer>(folder.options);
    auto work = [&]() -> asio::awaitable<void> {
        auto queue = writer->open_queue("crm", "http", calls);
        co_await queue.push(page_of_calls(1, 30'000));  // enough for SQLite to tell progress
        std::int64_t stored = 0;
        auto arm = [&](Database& database) {
            stored = database.integer("SELECT count(*) FROM call");
            until_asked = stored > 0 ? 2 : -1;  // once behind this work, and then out of the index
        };
        while (stored == 0) co_await writer->run(arm);
        co_await queue.drain();
    };
    run(folder.loop, work());
    CHECK(has_looked);
    CHECK(built_before == 0);
    CHECK(folder.indexes() == folder.usual);
}

TEST_CASE("an index that urgent works interrupt again and again waits, and so does nobody else") {
    Folder folder;
    // Signs of progress to let pass: those between units of work, which are no building of indexes.
    constexpr int between = 2;
    std::atomic<int> to_pass = -1;
    std::atomic<int> asked = 0;
    std::unique_ptr<Writer> writer;
    auto look = [](Database&) {};
    std::binary_semaphore queued{0};
    folder.options.progress = [&] {
        if (to_pass < 0 || to_pass.fetch_sub(1) > 0) return;
        to_pass = between;  // after the building that ends now, and after the urgent work
        ++asked;
        asio::post(folder.loop, [&] {
            asio::co_spawn(folder.loop, writer->run(look), asio::detached);
            asio::post(folder.loop, [&] { queued.release(); });
        });
        queued.acquire();
    };
    writer = std::make_unique<Writer>(folder.options);
    auto work = [&]() -> asio::awaitable<void> {
        auto queue = writer->open_queue("crm", "http", calls);
        co_await queue.push(page_of_calls(1, 30'000));  // enough for SQLite to tell progress
        std::int64_t stored = 0;
        auto arm = [&](Database& database) {
            stored = database.integer("SELECT count(*) FROM call");
            to_pass = stored > 0 ? 1 : -1;  // the one behind this work
        };
        while (stored == 0) co_await writer->run(arm);
        co_await queue.drain();
        to_pass = -1;
        CHECK(asked == 20);
        CHECK(folder.indexes().empty());
        co_await queue.drain();
    };
    run(folder.loop, work());
    CHECK(folder.indexes() == folder.usual);
}

TEST_CASE("a table that has rows keeps its indexes") {
    tests::World world;
    const auto usual = indexes_of_calls(world.database());
    world.call("c1");
    CHECK_FALSE(defer_indexes(world.database(), Entity::call));
    CHECK(indexes_of_calls(world.database()) == usual);
}

TEST_CASE("opportunities keep the indexes that storing them reads") {
    tests::World world;
    CHECK_FALSE(defer_indexes(world.database(), Entity::opportunity));
    CHECK_FALSE(defer_indexes(world.database(), Entity::opportunity_change));
}
