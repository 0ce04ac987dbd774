// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/outbox.hpp"
#include "tests/daemon/alerts/desk.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using alerts::Enqueued;
using std::chrono::days;
using warehouse::OutboxState;

TEST_CASE("a digest is put into the outbox once a day, and what it tells is told with it") {
    Desk desk;
    desk.found("opp.idle", "acme", "ana");
    desk.apply();
    const auto digest = desk.compose();
    CHECK(desk.enqueue(digest) == Enqueued::queued);
    CHECK(desk.state_of("opp.idle", "acme") == "notified 1");

    const auto rows = warehouse::read_outbox(desk.world.reader());
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].channel == "managers");
    CHECK(rows[0].recipient == "max@example.com");
    CHECK(rows[0].reason == "digest");
    CHECK(rows[0].state == OutboxState::pending);
    CHECK(rows[0].due_at == monday);
    CHECK(rows[0].expires_at == monday + std::chrono::hours{24});
    CHECK(model::parse_message(rows[0].message).title == "North · week 2026-W48");

    // At noon, with something newly found: the day has had its digest.
    desk.found("opp.idle", "globex", "ben");
    const auto noon = monday + std::chrono::hours{4};
    desk.apply(noon);
    CHECK(desk.enqueue(desk.compose(noon), noon) == Enqueued::already_decided);
    CHECK(warehouse::read_outbox(desk.world.reader()).size() == 1);
    CHECK(desk.state_of("opp.idle", "globex") == "open 1");
}

TEST_CASE("a day without news sends nothing, and what comes at noon waits for the next morning") {
    Desk desk;
    const auto tuesday = monday + days{1};
    CHECK(desk.enqueue(desk.compose(tuesday), tuesday) == Enqueued::nothing_new);
    desk.found("opp.idle", "acme", "ana");
    const auto noon = tuesday + std::chrono::hours{4};
    desk.apply(noon);
    CHECK(desk.enqueue(desk.compose(noon), noon) == Enqueued::already_decided);
    CHECK(desk.state_of("opp.idle", "acme") == "open 1");

    const auto wednesday = tuesday + days{1};
    CHECK(desk.enqueue(desk.compose(wednesday), wednesday) == Enqueued::queued);
    CHECK(desk.state_of("opp.idle", "acme") == "notified 1");

    const auto rows = warehouse::read_outbox(desk.world.reader());
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].state == OutboxState::pending);
    CHECK(rows[1].state == OutboxState::superseded);
    CHECK(rows[1].last_reason == "nothing new to tell");
}

TEST_CASE("a weekly digest is sent, news or not") {
    Desk desk;
    CHECK(desk.enqueue(desk.compose()) == Enqueued::queued);
}

TEST_CASE("the week is told by the next digest when its first one came too late") {
    Desk desk;
    auto& database = desk.world.database();
    const auto tells_week = [&](int after) {
        const auto day = desk.team().zone.local_day(monday) + days{after};
        return alerts::inherits_week(database, desk.team(), desk.options.digest, day);
    };
    CHECK(desk.enqueue(desk.compose()) == Enqueued::queued);
    CHECK_FALSE(tells_week(1));
    database.execute("UPDATE outbox SET quiet_from = 1");
    REQUIRE(warehouse::supersede_late(database, "managers", monday).size() == 1);
    CHECK_FALSE(tells_week(0));
    CHECK(tells_week(1));
    CHECK(tells_week(2));
    CHECK_FALSE(tells_week(7));
    const auto tuesday = monday + days{1};
    REQUIRE(desk.enqueue(desk.compose(tuesday), tuesday) == Enqueued::nothing_new);
    CHECK_FALSE(tells_week(2));
}

TEST_CASE("what is left out for want of room is told by its number, and not again tomorrow") {
    Desk desk;
    desk.options.digest.max_items = 1;
    desk.found("opp.idle", "acme", "ana");
    desk.found("opp.idle", "globex", "ben");
    desk.apply();
    desk.enqueue(desk.compose());
    CHECK(desk.state_of("opp.idle", "acme") == "notified 1");
    CHECK(desk.state_of("opp.idle", "globex") == "notified 1");
}

TEST_CASE("a finding that the daemon has not taken up can be shown, but is not marked") {
    Desk desk;
    desk.found("opp.idle", "acme", "ana");
    const auto digest = desk.compose();
    CHECK(digest.has_news);
    CHECK(digest.told.empty());
}
