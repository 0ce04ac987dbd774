// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/store.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

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
