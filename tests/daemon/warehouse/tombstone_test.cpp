// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/store.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;
using model::Entity;
using model::Gone;

namespace {

const Instant monday = tests::noon(2026y / 11 / 16);
const Instant tuesday = tests::noon(2026y / 11 / 17);
const Instant friday = tests::noon(2026y / 11 / 20);

struct Told {
    std::string_view id;
    Gone why = Gone::deleted;
    std::string_view into{};
    std::optional<Instant> at{};  // by the CRM's clock
};

/// A page, fetched at `fetched`, that tells what is gone.
void tell_gone(tests::World& world, Instant fetched, const std::vector<Told>& all,
               model::Lane lane = model::Lane::deletions) {
    model::Page page;
    page.fetched_at = fetched;
    for (const auto& told : all) {
        auto& record = page.records.emplace_back();
        record.entity = Entity::account;
        record.id = told.id;
        record.deleted = true;
        record.why = told.why;
        record.into = told.into;
        record.modified = told.at;
    }
    const auto source = world.source();
    store_page(world.database(), source, {Entity::account, lane}, page, false);
}

/// "acme deleted at 2026-11-17T12:00:00Z", or "… merged into bolt at …", a line each, by id.
std::string tombstones(tests::World& world) {
    auto row = world.database().prepare(
        "SELECT source, entity, id, why, coalesce(' into ' || into_id, ''), deleted_at "
        "FROM v_tombstone ORDER BY id");
    std::string lines;
    while (row.step()) {
        CHECK(row.text(0) == "crm");
        CHECK(row.text(1) == "account");
        lines += fmt::format("{} {}{} at {}\n", row.text(2), row.text(3), row.text(4), row.text(5));
    }
    return lines;
}

}  // namespace

TEST_CASE("a tombstone says why the record is gone, and when by the CRM's clock or the fetch's") {
    struct Case {
        const char* name;
        Told told;
        const char* shown;
    };
    const auto c = GENERATE(values<Case>({
        {"the CRM says when it deleted it",
         {"acme", Gone::deleted, "", monday + 1h},
         "acme deleted at 2026-11-16T13:00:00Z\n"},
        {"the CRM does not say when", {"acme"}, "acme deleted at 2026-11-17T12:00:00Z\n"},
        {"it is part of another now",
         {"acme", Gone::merged, "bolt", monday + 2h},
         "acme merged into bolt at 2026-11-16T14:00:00Z\n"},
        {"it is part of another, and nobody says of which",
         {"acme", Gone::merged},
         "acme merged at 2026-11-17T12:00:00Z\n"},
        {"asked for by its id it is not there",
         {"acme", Gone::not_found},
         "acme not_found at 2026-11-17T12:00:00Z\n"},
        {"it is another entity's now", {"acme", Gone::left}, "acme left at 2026-11-17T12:00:00Z\n"},
    }));
    DYNAMIC_SECTION(c.name) {
        tests::World world;
        world.account("acme").fetched(monday);
        world.account("bolt").fetched(monday);
        tell_gone(world, tuesday, {c.told});
        CHECK(tombstones(world) == c.shown);
    }
}

TEST_CASE("what is absent from a whole list, or from a sweep of every id, has vanished") {
    tests::World world;
    for (const auto* id : {"acme", "bolt", "coil"}) world.account(id).fetched(monday);
    const auto source = world.source();
    model::Page page;
    page.fetched_at = tuesday;
    page.snapshot = model::Page::Snapshot{.begins = true, .ends = true};
    auto lane = model::Lane::sweep;
    SECTION("a sweep tells the ids alone") {
        page.snapshot->present = {"acme", "coil"};
    }
    SECTION("a list tells the records") {
        lane = model::Lane::incremental;
        for (const auto* id : {"acme", "coil"}) {
            auto& record = page.records.emplace_back();
            record.entity = Entity::account;
            record.id = id;
        }
    }
    store_page(world.database(), source, {Entity::account, lane}, page, false);
    CHECK(tombstones(world) == "bolt vanished at 2026-11-17T12:00:00Z\n");
}

TEST_CASE("what was never known leaves a tombstone, unless it only left for another entity") {
    tests::World world;
    world.account("bolt").fetched(monday);
    tell_gone(world, tuesday, {{"acme"}, {"coil", Gone::left}, {"dent", Gone::merged, "bolt"}});
    CHECK(tombstones(world) == "acme deleted at 2026-11-17T12:00:00Z\n"
                               "dent merged into bolt at 2026-11-17T12:00:00Z\n");
}

TEST_CASE("whichever listing comes first, what was merged is told as merged") {
    tests::World world;
    world.account("acme").fetched(monday);
    const std::vector<Told> deleted{{"acme"}};
    const std::vector<Told> merged{{"acme", Gone::merged, "bolt"}};
    SECTION("the one of merges") {
        tell_gone(world, tuesday, merged);
        tell_gone(world, friday, deleted);
    }
    SECTION("the one of deletions") {
        tell_gone(world, tuesday, deleted);
        tell_gone(world, friday, merged);
    }
    CHECK(tombstones(world) == "acme merged into bolt at 2026-11-17T12:00:00Z\n");
}

TEST_CASE("a record that comes back has no tombstone any more, and goes for a reason of its own") {
    tests::World world;
    world.account("acme").fetched(monday);
    tell_gone(world, tuesday, {{"acme", Gone::merged, "bolt"}});
    world.account("acme").fetched(friday);
    CHECK(tombstones(world).empty());
    tell_gone(world, friday + 1h, {{"acme", Gone::not_found}});
    CHECK(tombstones(world) == "acme not_found at 2026-11-20T13:00:00Z\n");
}

TEST_CASE("tombstones are of one entity of one source") {
    tests::World world;
    world.contact("acme").fetched(monday);
    world.in("other").account("acme").fetched(monday);
    world.in("crm").account("acme").fetched(monday);
    tell_gone(world, tuesday, {{"acme"}});
    CHECK(tombstones(world) == "acme deleted at 2026-11-17T12:00:00Z\n");
    CHECK(world.database().integer("SELECT count(*) FROM v_contact") == 1);
    CHECK(world.database().integer("SELECT count(*) FROM v_account WHERE source = 'other'") == 1);
}
