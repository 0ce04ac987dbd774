// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/cursors.hpp"
#include "daemon/warehouse/runs.hpp"
#include "daemon/warehouse/store.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <utility>

using namespace nudged;
using namespace nudged::warehouse;
using model::Entity;

namespace {

constexpr std::int64_t one_hour = 3600 * 1000;

/// "Acme", told as `name` by a fetch that began at `fetched`.
struct Telling {
    std::int64_t fetched;
    std::optional<std::int64_t> version;
    const char* name = nullptr;  // null: a tombstone
    bool left = false;           // the row is another entity's now
    model::Lane lane = model::Lane::incremental;
    const char* position = "";          // where its lane stands after it
    std::optional<std::int64_t> now{};  // when it is stored; empty: at once
};

Stored tell(tests::World& world, const Telling& telling, bool full = false) {
    model::Page page;
    page.fetched_at = from_millis(telling.fetched);
    model::Record record;
    record.entity = Entity::account;
    record.id = "acme";
    if (telling.version) record.modified = from_millis(*telling.version);
    record.deleted = !telling.name;
    if (telling.left) record.why = model::Gone::left;
    if (telling.name) record.values[0] = std::string_view{telling.name};
    page.records.push_back(record);
    page.cursor.position = telling.position;
    const auto source = world.source();
    const auto now = telling.now ? std::optional{from_millis(*telling.now)} : std::nullopt;
    Transaction transaction{world.database()};
    const auto stored = store_page(world.database(), source, {Entity::account, telling.lane}, page,
                                   full, nullptr, measures(), now);
    transaction.commit();
    return stored;
}

/// A page without records, which its lane tells all the same.
void tell_nothing(tests::World& world, model::Lane lane, std::int64_t fetched) {
    model::Page page;
    page.fetched_at = from_millis(fetched);
    Transaction transaction{world.database()};
    store_page(world.database(), world.source(), {Entity::account, lane}, page, false);
    transaction.commit();
}

/// The name of a live account, "deleted" for a tombstone, "absent" without a row.
std::string state(tests::World& world) {
    auto row = world.database().prepare("SELECT name, deleted_at FROM account");
    if (!row.step()) return "absent";
    return row.is_null(1) ? std::string{row.text(0)} : "deleted";
}

}  // namespace

TEST_CASE("of two versions of a record the right one is kept") {
    struct Case {
        const char* name;
        Telling first, second;
        bool full;
        const char* kept;
    };
    const auto c = GENERATE(values<Case>({
        {"a higher version wins", {10, 1, "old"}, {20, 2, "new"}, false, "new"},
        {"a lower version loses", {10, 2, "new"}, {20, 1, "old"}, false, "new"},
        {"a higher version wins though its fetch began earlier",
         {20, 1, "old"},
         {10, 2, "new"},
         false,
         "new"},
        {"of equal versions the later fetch wins",
         {10, 1, "first"},
         {20, 1, "second"},
         false,
         "second"},
        {"of equal versions the earlier fetch loses",
         {20, 1, "first"},
         {10, 1, "second"},
         false,
         "first"},
        {"of one fetch what is stored later wins",
         {10, 1, "first"},
         {10, 1, "second"},
         false,
         "second"},
        {"of unknown versions the later fetch wins",
         {10, {}, "first"},
         {20, {}, "second"},
         false,
         "second"},
        {"of unknown versions the earlier fetch loses",
         {20, {}, "first"},
         {10, {}, "second"},
         false,
         "first"},
        {"a known and an unknown version go by the fetch",
         {10, 5, "first"},
         {20, {}, "second"},
         false,
         "second"},
        {"full takes a lower version", {10, 2, "new"}, {20, 1, "old"}, true, "old"},
        {"full takes no earlier fetch", {20, 1, "first"}, {10, 1, "second"}, true, "first"},
        {"a tombstone of a later fetch deletes", {10, {}, "live"}, {20, {}}, false, "deleted"},
        {"a tombstone of an earlier fetch does not", {20, {}, "live"}, {10, {}}, false, "live"},
        {"a tombstone of a lower version does not", {10, 2, "live"}, {20, 1}, false, "live"},
        {"a tombstone yields to a fetch that began after it",
         {10, {}},
         {20, {}, "live"},
         false,
         "live"},
        {"a tombstone does not yield to a fetch that began before it",
         {20, {}},
         {10, {}, "live"},
         false,
         "deleted"},
        {"nor to one that began with it", {20, {}}, {20, {}, "live"}, false, "deleted"},
        {"nor to a higher version of an earlier fetch", {20, 1}, {10, 2, "live"}, false, "deleted"},
        {"nor does full change that", {20, {}}, {10, {}, "live"}, true, "deleted"},
        {"what a clock an hour ahead has told yields to the next fetch",
         {one_hour + 10, {}, "ahead"},
         {10, {}, "now"},
         false,
         "now"},
        {"and so does its tombstone", {one_hour + 10, {}}, {10, {}, "live"}, false, "live"},
        {"a clock that is less ahead is believed",
         {one_hour, {}, "ahead"},
         {10, {}, "now"},
         false,
         "ahead"},
    }));
    DYNAMIC_SECTION(c.name) {
        tests::World world;
        tell(world, c.first);
        tell(world, c.second, c.full);
        CHECK(state(world) == c.kept);
    }
}

TEST_CASE("what is told again unchanged is not a change, but counts as told") {
    tests::World world;
    CHECK(tell(world, {10, 1, "Acme"}).changed == 1);
    CHECK(tell(world, {30, 1, "Acme"}).changed == 0);
    tell(world, {20, 1, "of a fetch that was overtaken"});
    CHECK(state(world) == "Acme");
}

TEST_CASE("a deleted record keeps its values, and lives again with what is told then") {
    tests::World world;
    tell(world, {10, {}, "Acme"});
    CHECK(tell(world, {20, {}}).changed == 1);
    CHECK(tell(world, {30, {}}).changed == 0);
    auto row = world.database().prepare("SELECT name, deleted_at FROM account");
    REQUIRE(row.step());
    CHECK(row.text(0) == "Acme");
    CHECK(row.integer(1) == 20);
    row.reset();
    CHECK(tell(world, {40, {}, "Acme"}).changed == 1);
    CHECK(state(world) == "Acme");
}

TEST_CASE("what has left an entity is buried where it was known, and ignored elsewhere") {
    tests::World world;
    CHECK(tell(world, {10, 5, nullptr, true}).changed == 0);
    CHECK(state(world) == "absent");
    tell(world, {20, 5, "Acme"});
    CHECK(tell(world, {30, 6, nullptr, true}).changed == 1);
    CHECK(state(world) == "deleted");
}

TEST_CASE("what leaves while a first load is under way is not brought back by its older pages") {
    constexpr auto backfill = model::Lane::backfill;
    tests::World world;
    // A job of the time 10 is under way; at 20 the row is no account any more.
    tell(world,
         {.fetched = 10, .version = 1, .name = "other", .lane = backfill, .position = "job"});
    world.database().execute("DELETE FROM account");
    tell(world, {.fetched = 20, .version = 2, .left = true});
    tell(world, {.fetched = 10, .version = 1, .name = "Acme", .lane = backfill});
    CHECK(state(world) == "deleted");
    // The load's own pages, of which most rows may be other entities', bury nothing.
    tests::World other;
    tell(other, {.fetched = 10, .version = 1, .left = true, .lane = backfill, .position = "page"});
    tell(other, {.fetched = 10, .version = 1, .left = true, .lane = backfill, .position = "next"});
    CHECK(state(other) == "absent");
}

TEST_CASE("what a job tells living again is not outdone by pages that do not tell of it") {
    const auto lane = GENERATE(model::Lane::sweep, model::Lane::incremental);
    tests::World world;
    tell(world, {.fetched = 5, .version = 1});  // deleted, and restored at 8
    tell_nothing(world, lane, 20);
    tell(world, {.fetched = 10, .version = 8, .name = "Acme", .lane = model::Lane::backfill});
    CHECK(state(world) == "Acme");
}

TEST_CASE("what a job tells living again is dead, if it was deleted once more since") {
    const auto again = GENERATE(std::optional<std::int64_t>{12}, std::optional<std::int64_t>{});
    tests::World world;
    tell(world, {.fetched = 5, .version = 1});  // deleted, restored at 8, deleted again at 12
    tell(world, {.fetched = 20, .version = again});
    tell(world, {.fetched = 10, .version = 8, .name = "Acme", .lane = model::Lane::backfill});
    CHECK(state(world) == "deleted");
    // So it is, too, where no version tells the one deletion from the other.
    tell(world, {.fetched = 30, .version = 1});
    tell_nothing(world, model::Lane::incremental, 50);
    tell(world, {.fetched = 40, .version = 1, .name = "Acme", .lane = model::Lane::backfill});
    CHECK(state(world) == "deleted");
}

TEST_CASE("under full a job maps anew what did not change, though others were told since") {
    const bool full = GENERATE(false, true);
    tests::World world;
    tell(world, {.fetched = 10, .version = 1, .name = "by the old mapping"});
    tell_nothing(world, model::Lane::incremental, 30);
    tell(world,
         {.fetched = 20, .version = 1, .name = "by the new one", .lane = model::Lane::backfill},
         full);
    CHECK(state(world) == (full ? "by the new one" : "by the old mapping"));
    // What was itself told since stays.
    tell(world, {.fetched = 40, .version = 1, .name = "told since"});
    tell(world,
         {.fetched = 35, .version = 1, .name = "by the new one", .lane = model::Lane::backfill},
         full);
    CHECK(state(world) == "told since");
}

TEST_CASE("results of a job that took long are no word of a clock that was wrong") {
    tests::World world;
    tell(world, {.fetched = 5 * one_hour, .version = 1, .name = "younger"});
    SECTION("they are of the time when the job began") {
        const bool full = GENERATE(false, true);
        tell(world, {.fetched = one_hour, .version = 1, .name = "older", .now = 6 * one_hour},
             full);
        CHECK(state(world) == "younger");
    }
    SECTION("by a clock that says that the other fetch is still to come, it is the later one") {
        tell(world, {.fetched = one_hour, .version = 1, .name = "older", .now = 2 * one_hour});
        CHECK(state(world) == "older");
    }
}

TEST_CASE("a record that one page tells twice is what it told last") {
    tests::World world;
    world.account("acme").name("Acme");
    world.account("acme").name("Acme Ltd");
    CHECK(state(world) == "Acme Ltd");
    CHECK(world.database().integer("SELECT count(*) FROM account") == 1);
}

TEST_CASE("two sources may use the same id for different records") {
    tests::World world;
    world.account("1").name("Acme");
    world.in("other").account("1").name("Bolt");
    CHECK(world.database().integer("SELECT count(*) FROM account") == 2);
}

TEST_CASE("a page moves its stream's cursor, and is complete only when nothing is newer") {
    tests::World world;
    const auto source = world.source();
    const model::Stream stream{Entity::call, model::Lane::backfill};
    model::Page page;
    page.cursor = {.floor = "monday", .position = "page 2"};
    page.fetched_at = from_millis(10);
    page.more = true;
    store_page(world.database(), source, stream, page, false);
    CHECK(read_cursor(world.database(), "crm", stream) == page.cursor);
    CHECK(world.database().integer("SELECT count(complete_at) FROM cursor") == 0);

    page.cursor = {.floor = "tuesday", .position = ""};
    page.fetched_at = from_millis(20);
    page.more = false;
    store_page(world.database(), source, stream, page, false);
    CHECK(read_cursor(world.database(), "crm", stream) == page.cursor);
    CHECK(world.database().integer("SELECT complete_at FROM cursor") == 20);
    CHECK(read_cursor(world.database(), "crm", {Entity::call}) == model::Cursor{});
}

TEST_CASE("records fetched by id move no cursor") {
    tests::World world;
    world.call("c1").owner("ana");
    CHECK(world.database().integer("SELECT count(*) FROM call") == 1);
    CHECK(world.database().integer("SELECT count(*) FROM cursor") == 0);
}

TEST_CASE("a run is written down, with its failure where it had one") {
    tests::World world;
    insert_run(world.database(), {.kind = "sync",
                                  .source = "crm",
                                  .stream = "call",
                                  .started_at = from_millis(1),
                                  .ended_at = from_millis(2),
                                  .stored = {.pages = 3, .records = 4},
                                  .failure_kind = FailureKind::throttled,
                                  .failure = "429"});
    auto row = world.database().prepare(
        "SELECT s.name, r.pages, r.records, r.failure_kind, r.failure, r.stream "
        "FROM run r JOIN source s ON s.id = r.source_id");
    REQUIRE(row.step());
    CHECK(row.text(0) == "crm");
    CHECK(row.integer(1) == 3);
    CHECK(row.integer(2) == 4);
    CHECK(row.text(3) == "throttled");
    CHECK(row.text(4) == "429");
    CHECK(row.text(5) == "call");
}

TEST_CASE("the first run of a stream, and the first that went well, are never forgotten") {
    tests::World world;
    auto& database = world.database();
    int second = 0;
    const auto add = [&](std::string stream, std::optional<FailureKind> failure = {}) {
        ++second;
        insert_run(database, {.kind = "sync",
                              .source = "crm",
                              .stream = std::move(stream),
                              .started_at = from_millis(1000 * second),
                              .ended_at = from_millis(1000 * second + 1),
                              .stored = {},
                              .failure_kind = failure,
                              .failure = ""});
    };
    add("call", FailureKind::transient);  // 1
    add("call", FailureKind::transient);
    add("call");  // 3
    add("call");
    add("task");  // 5
    add("task");
    // As if a hundred thousand others had come after these six.
    database.execute("INSERT INTO run (id, kind, started_at, ended_at) "
                     "VALUES (100005, 'evaluate', 0, 0)");
    add("task");
    std::string kept;
    auto rows =
        database.prepare("SELECT started_at / 1000 FROM run WHERE kind = 'sync' ORDER BY id");
    while (rows.step()) kept += std::to_string(rows.integer(0)) + " ";
    CHECK(kept == "1 3 5 7 ");
}

TEST_CASE("what a source is going to tell is unfinished until it has told it") {
    tests::World world;
    world.account("acme").name("Acme");
    const model::Stream tasks{Entity::task, model::Lane::backfill};
    const model::Stream calls{Entity::call, model::Lane::backfill};
    declare_streams(world.database(), "other", "http", {{tasks, Entity::task}});
    CHECK(read_completed(world.database(), "other").empty());
    const auto complete = [&](model::Stream stream) {
        model::Page page;
        page.fetched_at = from_millis(10);
        page.cursor.floor = "done";
        store_page(world.database(), ensure_source(world.database(), "other", "http"), stream, page,
                   false);
    };
    complete(tasks);
    CHECK(read_completed(world.database(), "other").contains(tasks));

    SECTION("it stays finished when it is declared again") {
        declare_streams(world.database(), "other", "http", {{tasks, Entity::task}});
        CHECK(read_completed(world.database(), "other").contains(tasks));
    }
    SECTION("who joins a first load that is done makes it begin again") {
        declare_streams(world.database(), "other", "http",
                        {{tasks, Entity::task}, {calls, Entity::task}});
        CHECK(read_completed(world.database(), "other").empty());
        CHECK(read_cursor(world.database(), "other", tasks).floor.empty());
    }
    SECTION("a source that begins anew has finished nothing") {
        begin_full_load(world.database(), "other");
        CHECK(read_completed(world.database(), "other").empty());
        CHECK(read_cursor(world.database(), "other", tasks).floor.empty());
    }
}
