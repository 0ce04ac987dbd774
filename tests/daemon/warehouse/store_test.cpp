// SPDX-License-Identifier: Apache-2.0
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;

TEST_CASE("a record is stored with the values of its fields") {
    tests::World world;
    world.opportunity("Acme renewal").owner("ana").stage("proposal").amount("5000.5");
    const auto reader = world.reader();
    auto row = reader.database().prepare("SELECT name, owner, stage, amount FROM opportunity");
    REQUIRE(row.step());
    CHECK(row.text(0) == "Acme renewal");
    CHECK(row.text(1) == "ana");
    CHECK(row.text(2) == "proposal");
    CHECK(row.text(3) == "5000.5");
    CHECK_FALSE(row.step());
}
