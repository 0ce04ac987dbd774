// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/store.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <vector>

using namespace nudged;
using namespace nudged::warehouse;
using model::Entity;

namespace {

std::vector<std::string> accounts(int from, int until) {
    std::vector<std::string> ids;
    for (int i = from; i < until; ++i) ids.push_back(fmt::format("a{}", i));
    return ids;
}

/// A page of a complete export that began at `fetched`.
Stored tell(tests::World& world, std::int64_t fetched, const std::vector<std::string>& ids,
            model::Page::Snapshot snapshot = {.begins = true, .ends = true}, bool full = false) {
    model::Page page;
    page.fetched_at = from_millis(fetched);
    page.snapshot = snapshot;
    for (const auto& id : ids) {
        model::Record record;
        record.entity = Entity::account;
        record.id = id;
        page.records.push_back(record);
    }
    const auto source = world.source();
    return store_page(world.database(), source, {Entity::account}, page, full);
}

std::int64_t live(tests::World& world) {
    return world.database().integer("SELECT count(*) FROM account WHERE deleted_at IS NULL");
}

}  // namespace

TEST_CASE("what a complete export no longer tells has vanished") {
    tests::World world;
    tell(world, 10, {"acme", "bolt", "coil"});
    const auto stored = tell(world, 20, {"acme", "coil"});
    CHECK(stored.changed == 1);
    auto row = world.database().prepare("SELECT external_id, deleted_at FROM account "
                                        "WHERE deleted_at IS NOT NULL");
    REQUIRE(row.step());
    CHECK(row.text(0) == "bolt");
    CHECK(row.integer(1) == 20);
    CHECK_FALSE(row.step());
}

TEST_CASE("an export of several pages is judged at its end, and all its pages count") {
    tests::World world;
    tell(world, 10, {"acme", "bolt", "coil"});
    tell(world, 20, {"acme"}, {.begins = true});
    CHECK(live(world) == 3);
    tell(world, 21, {"bolt"}, {.ends = true});
    CHECK(live(world) == 2);
}

TEST_CASE("an export whose beginning was not seen deletes nothing") {
    tests::World world;
    tell(world, 10, {"acme", "bolt"});
    tell(world, 20, {"acme"}, {.ends = true});
    CHECK(live(world) == 2);
}

TEST_CASE("a record that another fetch told after the export began is no older than it") {
    tests::World world;
    tell(world, 10, {"acme", "bolt"});
    tell(world, 20, {"acme"}, {.begins = true});
    world.account("new").fetched(from_millis(25));
    tell(world, 30, {"bolt"}, {.ends = true});
    CHECK(live(world) == 3);
}

TEST_CASE("an export is of one entity of one source") {
    tests::World world;
    world.contact("carl").fetched(from_millis(1));
    world.in("other").account("dent").fetched(from_millis(1));
    world.in("crm");
    tell(world, 10, {"acme"});
    CHECK(live(world) == 2);
    CHECK(world.database().integer("SELECT count(*) FROM contact WHERE deleted_at IS NULL") == 1);
}

TEST_CASE("an export without many of the records of before is not believed") {
    struct Case {
        const char* name;
        int before, after;
        bool full;
        int live;
        std::uint64_t kept;
    };
    const auto c = GENERATE(values<Case>({
        {"of twenty, all may vanish", 20, 0, false, 0, 0},
        {"of twenty-five, a fifth may vanish", 25, 20, false, 20, 0},
        {"of twenty-five, six may not", 25, 19, false, 25, 6},
        {"unless it is said that they have", 25, 10, true, 10, 0},
    }));
    DYNAMIC_SECTION(c.name) {
        tests::World world;
        tell(world, 10, accounts(0, c.before));
        const auto stored = tell(world, 20, accounts(0, c.after), {true, true}, c.full);
        CHECK(live(world) == c.live);
        CHECK(stored.kept == c.kept);
    }
}

namespace {

const auto is_done = *model::field_index(Entity::task, "is_done");
const auto completed_at = *model::field_index(Entity::task, "completed_at");
const auto subject = *model::field_index(Entity::task, "subject");

/// A list of open tasks that was told whole at `fetched`.
Stored tell_open(tests::World& world, std::int64_t fetched, const std::vector<std::string>& ids,
                 bool is_reread = false) {
    model::Page page;
    page.fetched_at = from_millis(fetched);
    page.snapshot.emplace();
    page.snapshot->begins = page.snapshot->ends = true;
    page.snapshot->closes = {{completed_at, model::Value{fetched}, false},
                             {is_done, model::Value{std::int64_t{1}}, true}};
    page.snapshot->is_reread = is_reread;
    for (const auto& id : ids) {
        model::Record record;
        record.entity = Entity::task;
        record.id = id;
        record.values[is_done] = std::int64_t{0};
        record.values[subject] = page.keep("about " + id);
        page.records.push_back(record);
    }
    const auto source = world.source();
    return store_page(world.database(), source, {Entity::task}, page, false);
}

/// "a open, b done at 20", by id.
std::string shown_tasks(tests::World& world) {
    std::string text;
    auto rows = world.database().prepare(
        "SELECT external_id, is_done, completed_at, subject, deleted_at FROM task ORDER BY 1");
    while (rows.step()) {
        const auto id = rows.text(0);
        CHECK(rows.text(3) == fmt::format("about {}", id));
        CHECK(rows.is_null(4));
        text +=
            fmt::format("{}{} {}", text.empty() ? "" : ", ", id,
                        rows.integer(1) == 0 ? "open" : fmt::format("done at {}", rows.integer(2)));
    }
    return text;
}

std::vector<std::string> tasks(int from, int until) {
    std::vector<std::string> ids;
    for (int i = from; i < until; ++i) ids.push_back(fmt::format("t{}", i));
    return ids;
}

}  // namespace

TEST_CASE("what a list of open tasks no longer tells is done, once, until it is told again") {
    tests::World world;
    tell_open(world, 10, {"a", "b", "c"});
    CHECK(tell_open(world, 20, {"a", "c"}).changed == 1);
    CHECK(shown_tasks(world) == "a open, b done at 20, c open");
    CHECK(tell_open(world, 30, {"a"}).changed == 1);
    CHECK(shown_tasks(world) == "a open, b done at 20, c done at 30");
    CHECK(tell_open(world, 40, {"a", "b"}).changed == 1);
    CHECK(shown_tasks(world) == "a open, b open, c done at 30");
}

TEST_CASE("many tasks that are done at once are not believed, however many were done before") {
    tests::World world;
    tell_open(world, 10, tasks(0, 100));
    for (int done = 10; done <= 40; done += 10) tell_open(world, 10 + done, tasks(done, 100));
    const auto open = "SELECT count(*) FROM task WHERE is_done = 0";
    CHECK(world.database().integer(open) == 60);
    // A fifth of the 60 that are open may be done, and no more.
    CHECK(tell_open(world, 60, tasks(53, 100)).kept == 13);
    CHECK(world.database().integer(open) == 60);
    CHECK(tell_open(world, 70, tasks(52, 100)).kept == 0);
    CHECK(world.database().integer(open) == 48);
}

TEST_CASE("tasks that are to be read by their ids stay as they are, and are named") {
    tests::World world;
    tell_open(world, 10, tasks(0, 30));
    const auto stored = tell_open(world, 20, tasks(25, 30), true);
    CHECK(stored.changed == 0);
    CHECK(stored.kept == 0);
    CHECK(std::set<std::string>(stored.to_reread.begin(), stored.to_reread.end()).size() == 25);
    CHECK(world.database().integer("SELECT count(*) FROM task WHERE is_done = 0") == 30);
}
