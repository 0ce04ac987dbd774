// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/source_notice.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "tests/support/world/world.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::alerts;
using namespace std::chrono_literals;

namespace {

const SourceNotice down{.channel = "admin", .source = "crm", .needs_person = "401"};
const SourceNotice up{.channel = "admin", .source = "crm", .needs_person = ""};

}  // namespace

TEST_CASE("an admin is told once that a source needs a person, and once that it works again") {
    tests::World world;
    auto& database = world.database();
    const auto noon = tests::noon(2026y / 11 / 20);
    CHECK_FALSE(enqueue_notice(database, up, noon));
    CHECK(enqueue_notice(database, down, noon + 1h));
    CHECK_FALSE(enqueue_notice(database, down, noon + 2h));
    CHECK(enqueue_notice(database, up, noon + 3h));
    CHECK_FALSE(enqueue_notice(database, up, noon + 4h));
    CHECK(database.integer("SELECT count(*) FROM outbox") == 2);
}

TEST_CASE("what was told by a clock that was ahead is not what was told last") {
    tests::World world;
    auto& database = world.database();
    const auto noon = tests::noon(2026y / 11 / 20);
    CHECK(enqueue_notice(database, down, noon + 40 * 24h));
    // The clock is set right.
    CHECK(enqueue_notice(database, up, noon));
    CHECK_FALSE(enqueue_notice(database, up, noon + 1h));
    CHECK(enqueue_notice(database, down, noon + 2h));
}

TEST_CASE("what another channel took over is told as it was, and not once more") {
    tests::World world;
    auto& database = world.database();
    const auto noon = tests::noon(2026y / 11 / 20);
    CHECK(enqueue_notice(database, down, noon));
    auto copy = warehouse::read_outbox(world.reader()).at(0);
    copy.key += "/by/mail";
    REQUIRE(warehouse::insert_message(database, copy, noon + 1min));
    CHECK_FALSE(enqueue_notice(database, down, noon + 5min));
    CHECK(enqueue_notice(database, up, noon + 10min));
}
