// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/store.hpp"
#include "daemon/warehouse/tables.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace nudged;
using namespace nudged::warehouse;
using model::Entity;

namespace {

/// A page of accounts, whose fetch began at `fetched`; each has its id for a name.
model::Page page_of(Instant fetched, const std::vector<std::string_view>& ids,
                    std::optional<std::int64_t> version = std::nullopt) {
    model::Page page;
    page.fetched_at = fetched;
    for (const auto id : ids) {
        auto& record = page.records.emplace_back();
        record.entity = Entity::account;
        record.id = id;
        if (version) record.modified = from_millis(*version);
        record.values[0] = id;
    }
    return page;
}

model::Page tombstone_of(Instant fetched, std::string_view id) {
    auto page = page_of(fetched, {id});
    page.records[0].deleted = true;
    return page;
}

void store(tests::World& world, const model::Page& page) {
    store_page(world.database(), world.source(), {Entity::account}, page, false);
}

bool is_live(tests::World& world, std::string_view id) {
    auto row = world.database().prepare(
        "SELECT 1 FROM account WHERE external_id = ?1 AND deleted_at IS NULL");
    return row.bind(1, id).step();
}

/// `minutes` after a day began.
Instant after(int minutes) {
    return tests::noon(std::chrono::year{2026} / 11 / 20) + std::chrono::minutes{minutes};
}

}  // namespace

TEST_CASE("a record that is told unchanged is not written") {
    tests::World world;
    store(world, page_of(after(0), {"acme", "bolt", "coil"}));
    const auto before = world.database().integer("SELECT total_changes()");
    store(world, page_of(after(5), {"acme", "bolt", "coil"}));
    const auto source_and_cursor = 2;
    CHECK(world.database().integer("SELECT total_changes()") - before == source_and_cursor);
}

TEST_CASE("what was told unchanged counts as told against fetches that it overtook") {
    tests::World world;
    SECTION("a tombstone of before does not delete it") {
        store(world, page_of(after(0), {"acme"}));
        store(world, page_of(after(10), {"acme"}));
        store(world, tombstone_of(after(5), "acme"));
        CHECK(is_live(world, "acme"));
        store(world, tombstone_of(after(11), "acme"));
        CHECK_FALSE(is_live(world, "acme"));
    }
    SECTION("a tombstone that was told again does not yield to a record of between") {
        store(world, page_of(after(0), {"acme"}));
        store(world, tombstone_of(after(1), "acme"));
        store(world, tombstone_of(after(10), "acme"));
        store(world, page_of(after(5), {"acme"}));
        CHECK_FALSE(is_live(world, "acme"));
        store(world, page_of(after(11), {"acme"}));
        CHECK(is_live(world, "acme"));
    }
    SECTION("a higher version wins, whoever overtook it") {
        store(world, page_of(after(0), {"acme"}, 1));
        store(world, page_of(after(10), {"acme"}, 1));
        auto newer = page_of(after(5), {"acme"}, 2);
        newer.records[0].values[0] = std::string_view{"Acme Ltd"};
        store(world, newer);
        auto row = world.database().prepare("SELECT name FROM account");
        REQUIRE(row.step());
        CHECK(row.text(0) == "Acme Ltd");
    }
    SECTION("fetches do not take an hour: the clock was set back, and what is told last counts") {
        store(world, page_of(after(0), {"acme"}));
        store(world, page_of(after(120), {"acme"}));
        store(world, tombstone_of(after(10), "acme"));
        CHECK_FALSE(is_live(world, "acme"));
    }
}

TEST_CASE("what another fetch tells unchanged while a list is told has not vanished") {
    tests::World world;
    store(world, page_of(after(0), {"acme", "bolt", "coil"}));
    auto first = page_of(after(10), {"acme"});
    first.snapshot = model::Page::Snapshot{.begins = true};
    store(world, first);
    store(world, page_of(after(15), {"bolt"}));
    auto last = page_of(after(20), {});
    last.snapshot = model::Page::Snapshot{.ends = true};
    store(world, last);
    CHECK(is_live(world, "acme"));
    CHECK(is_live(world, "bolt"));
    CHECK_FALSE(is_live(world, "coil"));
}

TEST_CASE("whatever set of values changes, the row holds what was told last") {
    tests::World world;
    const auto source = world.source();
    const auto fields = model::fields_of(Entity::task);
    std::mt19937 random{7};
    for (int round = 0; round < 120; ++round) {
        CAPTURE(round);
        model::Page page;
        page.fetched_at = after(round);
        auto& record = page.records.emplace_back();
        record.entity = Entity::task;
        record.id = "t1";
        for (std::size_t i = 0; i < fields.size(); ++i) {
            using enum model::FieldType;
            const auto type = fields[i].type;
            const auto choice = static_cast<std::int64_t>(random() % 3);
            if (choice == 0) continue;
            if (type == integer || type == boolean || type == instant)
                record.values[i] = choice;
            else
                record.values[i] = page.keep(fmt::format("value {}", choice));
        }
        store_page(world.database(), source, {Entity::task}, page, false);
        auto row = world.database().prepare(table_of(Entity::task).select_values);
        REQUIRE(row.bind(1, 1).step());
        model::Record stored;
        stored.entity = Entity::task;
        read_values(row, 0, stored);
        CHECK((stored.values == record.values));
    }
}

TEST_CASE("what a new mapping tells unchanged has a history from there on") {
    tests::World world;
    const auto source = world.source();
    const auto tell = [&](int minutes, std::string_view mapping, std::string_view amount) {
        model::Page page;
        page.fetched_at = after(minutes);
        page.mapping[static_cast<std::size_t>(Entity::opportunity)] = mapping;
        auto& record = page.records.emplace_back();
        record.entity = Entity::opportunity;
        record.id = "deal";
        record.modified = after(amount == "100" ? 0 : minutes);
        record.values[*model::field_index(Entity::opportunity, "amount")] = amount;
        store_page(world.database(), source, {Entity::opportunity}, page, false);
    };
    const auto changes = [&] {
        return world.database().integer("SELECT count(*) FROM opportunity_change");
    };
    tell(0, "by euros", "100");
    tell(10, "by cents", "100");
    CHECK(changes() == 0);
    tell(20, "by cents", "200");
    CHECK(changes() == 1);
}

TEST_CASE("in whatever order records are told again, only what differs is written") {
    // Rows are found by a walk along the index while keys come in its order, else one by one. The
    // account's name is its version here; what has to be there is kept beside the warehouse.
    const auto seed = GENERATE(range(0u, 25u));
    CAPTURE(seed);
    std::mt19937 random{seed};
    const auto below = [&](std::size_t end) { return random() % end; };
    tests::World world;
    std::map<std::string, std::string> expected;
    for (int fetch = 0; fetch < 12; ++fetch) {
        std::set<std::string> told;
        for (std::size_t i = below(40) + 1; i > 0; --i)
            told.insert(fmt::format("{}", below(2) == 0 ? below(100) : below(10)));
        std::vector<std::string> ids(told.begin(), told.end());
        if (below(3) == 0) std::shuffle(ids.begin(), ids.end(), random);
        auto page = page_of(after(fetch), {});
        std::size_t changed = 0;
        for (const auto& id : ids) {
            const auto known = expected.find(id);
            const bool changes = known == expected.end() || below(4) == 0;
            auto& record = page.records.emplace_back();
            record.entity = Entity::account;
            record.id = page.keep(id);
            auto& name = expected[id];
            if (changes) name = fmt::format("{} of fetch {}", id, fetch);
            record.values[0] = page.keep(name);
            changed += changes;
        }
        const auto stored =
            store_page(world.database(), world.source(), {Entity::account}, page, false);
        CHECK(stored.changed == changed);
    }
    auto rows = world.database().prepare("SELECT external_id, name FROM account");
    std::map<std::string, std::string> there;
    while (rows.step()) there.emplace(rows.text(0), rows.text(1));
    CHECK(there == expected);
}
