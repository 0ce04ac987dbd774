// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/store.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;

namespace {

const Instant monday = tests::noon(2026y / 11 / 16);
const Instant tuesday = tests::noon(2026y / 11 / 17);
const Instant friday = tests::noon(2026y / 11 / 20);

/// "stage: proposal -> won (seen)" a line, in the order of time.
std::string history(tests::World& world) {
    auto row = world.database().prepare(
        "SELECT field, coalesce(old, '-'), coalesce(new, '-'), origin FROM opportunity_change "
        "WHERE deleted_at IS NULL ORDER BY changed_at, field");
    std::string lines;
    while (row.step())
        lines +=
            fmt::format("{}: {} -> {} ({})\n", row.text(0), row.text(1), row.text(2), row.text(3));
    return lines;
}

}  // namespace

TEST_CASE("the first load of an opportunity makes no history") {
    tests::World world;
    world.opportunity("Acme").stage("proposal").amount("5000").owner("ana");
    CHECK(history(world).empty());
}

TEST_CASE("a change of what is followed becomes history, and a change of anything else does not") {
    tests::World world;
    world.now(monday).opportunity("Acme").stage("proposal").amount("5000").owner("ana");
    world.now(tuesday)
        .opportunity("Acme")
        .stage("commit")
        .amount("4000")
        .close_date(tests::day(2026y / 12 / 1))
        .owner("ben")
        .forecast_category("commit")
        .next_step("call")
        .type("renewal");
    CHECK(history(world) == "amount: 5000 -> 4000 (seen)\n"
                            "close_date: - -> 2026-12-01 (seen)\n"
                            "forecast_category: - -> commit (seen)\n"
                            "next_step: - -> call (seen)\n"
                            "owner: ana -> ben (seen)\n"
                            "stage: proposal -> commit (seen)\n");
}

TEST_CASE("a change is dated by the CRM's version, or else by the fetch that saw it") {
    tests::World world;
    world.now(friday).opportunity("Acme").stage("one").modified(monday);
    world.opportunity("Acme").stage("two").modified(tuesday);
    world.opportunity("Bolt").stage("one");
    world.opportunity("Bolt").stage("two").fetched(friday + 1h);
    auto row =
        world.database().prepare("SELECT changed_at FROM opportunity_change ORDER BY opportunity");
    REQUIRE(row.step());
    CHECK(row.maybe_instant(0) == tuesday);
    REQUIRE(row.step());
    CHECK(row.maybe_instant(0) == friday + 1h);
}

TEST_CASE("a value that goes and comes back is two changes") {
    tests::World world;
    world.opportunity("Acme").amount("1").fetched(monday);
    world.opportunity("Acme").amount("2").fetched(tuesday);
    world.opportunity("Acme").amount("1").fetched(friday);
    CHECK(history(world) == "amount: 1 -> 2 (seen)\namount: 2 -> 1 (seen)\n");
}

TEST_CASE("an opportunity known only as a tombstone has its first load when it is told") {
    tests::World world;
    world.opportunity("Acme").deleted().fetched(monday);
    world.opportunity("Acme").stage("proposal").fetched(tuesday);
    CHECK(history(world).empty());
}

TEST_CASE("history that the CRM tells takes the place of what was seen, whichever comes first") {
    tests::World world;
    const auto told = [&] {
        world.change("h1").opportunity("Acme").field("stage").from("one").to("two").changed_at(
            monday);
    };
    const auto seen = [&] {
        world.opportunity("Acme").stage("one").amount("1").fetched(monday);
        world.opportunity("Acme").stage("two").amount("2").fetched(tuesday);
    };
    SECTION("the CRM's comes first") {
        told();
        seen();
    }
    SECTION("the CRM's comes later") {
        seen();
        told();
    }
    // Of another field of the same opportunity, the CRM tells nothing.
    CHECK(history(world) == "stage: one -> two (crm)\namount: 1 -> 2 (seen)\n");
}

TEST_CASE("under full only what the CRM calls newer is history") {
    struct Case {
        const char* name;
        std::optional<Instant> before, after;
        const char* history;
    };
    const auto c = GENERATE(values<Case>({
        {"a newer version has changed", monday, tuesday, "stage: one -> two (seen)\n"},
        {"the same version is mapped otherwise", monday, monday, ""},
        {"an older version was restored", tuesday, monday, ""},
        {"without versions it is not known", {}, {}, ""},
    }));
    DYNAMIC_SECTION(c.name) {
        tests::World world;
        const auto source = world.source();
        for (const auto& [stage, modified] : {std::pair{"one", c.before}, {"two", c.after}}) {
            model::Page page;
            page.fetched_at = friday;
            model::Record record;
            record.entity = model::Entity::opportunity;
            record.id = "Acme";
            record.modified = modified;
            record.values[*model::field_index(record.entity, "stage")] = std::string_view{stage};
            page.records.push_back(record);
            store_page(world.database(), source, {model::Entity::opportunity}, page, true);
        }
        CHECK(history(world) == c.history);
    }
}
