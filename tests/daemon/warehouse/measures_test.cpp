// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/measures.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace nudged;
using namespace nudged::warehouse;
using namespace std::chrono_literals;

TEST_CASE("an amount is counted in hundredths, exactly") {
    struct Case {
        const char* amount;
        std::optional<std::int64_t> hundredths;
    };
    const auto c = GENERATE(values<Case>({
        {"0", 0},
        {"48000", 4800000},
        {"1250.5", 125050},
        {"0.29", 29},  // 28.999999999999996 as a double
        {"-0.25", -25},
        {"0.005", 1},
        {"0.0049", 0},
        {"-0.005", -1},
        {"10000000000000", 1'000'000'000'000'000},
        {"10000000000000.01", std::nullopt},
        {"999999999999999999", std::nullopt},
        {"", 0},
        {"1e3", std::nullopt},
        {"--1", std::nullopt},
    }));
    CAPTURE(c.amount);
    CHECK(hundredths(c.amount) == c.hundredths);
}

TEST_CASE("an opportunity ends by its own fields, and where they are silent by its stage") {
    using Flag = std::optional<bool>;
    struct Case {
        const char* name;
        Flag is_closed, is_won;
        StageFlags stage;
        Ending ending;
    };
    const auto c = GENERATE(values<Case>({
        {"nothing is known", {}, {}, {}, Ending::open},
        {"its stage is open", {}, {}, {false, false}, Ending::open},
        {"its stage is won", {}, {}, {true, true}, Ending::won},
        {"its stage is lost", {}, {}, {true, false}, Ending::lost},
        {"its stage is closed, nobody knows how", {}, {}, {true, {}}, Ending::closed},
        {"its stage is won and does not say closed", {}, {}, {{}, true}, Ending::won},
        {"it is won itself", true, true, {}, Ending::won},
        {"it says won alone", {}, true, {}, Ending::won},
        {"it is lost itself in a stage that wins", true, false, {true, true}, Ending::lost},
        {"it is open itself in a stage that wins", false, {}, {true, true}, Ending::open},
        {"it is closed, and its stage knows how", true, {}, {true, true}, Ending::won},
    }));
    DYNAMIC_SECTION(c.name) {
        nudged::model::Record record;
        record.entity = nudged::model::Entity::opportunity;
        const auto set = [&](std::string_view field, Flag flag) {
            if (flag)
                record.values[*nudged::model::field_index(record.entity, field)] =
                    std::int64_t{*flag};
        };
        set("is_closed", c.is_closed);
        set("is_won", c.is_won);
        CHECK(ending_of(record, c.stage) == c.ending);
    }
}

TEST_CASE("every measure is found by its name") {
    for (const auto& measure : measures()) CHECK(find_measure(measure.name) == &measure);
    CHECK(find_measure("steps") == nullptr);
}

TEST_CASE("the amount of a deal that two have worked on counts once, in full, for its owner") {
    tests::World world;
    world.user("ben");
    world.opportunity("shared")
        .owner("ana")
        .won()
        .amount("1000")
        .closed_at(tests::noon(2026y / 11 / 20))
        .created(tests::noon(2026y / 11 / 2));
    world.change("handover")
        .opportunity("shared")
        .field("owner")
        .from("ben")
        .to("ana")
        .changed_at(tests::noon(2026y / 11 / 18));
    auto row = world.database().prepare(
        "SELECT owner_id, value FROM v_rep_day WHERE measure = 'won_amount'");
    REQUIRE(row.step());
    CHECK(row.text(0) == "ana");
    CHECK(row.real(1) == 1000);
    CHECK_FALSE(row.step());
}
