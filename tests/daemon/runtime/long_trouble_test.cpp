// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/outbox.hpp"
#include "tests/daemon/runtime/post_office.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

TEST_CASE("what was decided, put off or claimed while the clock was ahead waits no longer for it") {
    const std::chrono::hours ahead = GENERATE(as<std::chrono::hours>{}, 1h, 10h, 24h * 3650);
    CAPTURE(ahead.count());
    PostOffice office;
    office.set_clock(ahead);
    office.post("one");
    SECTION("decided") {
        office.set_clock(-ahead);
        CHECK(office.deliver_all() == 1);
        CHECK(office.state_of("one") == "delivered 1 delivered");
    }
    SECTION("put off by the far end") {
        office.answer({too_many("30")});
        CHECK(office.deliver_all() == 1);
        office.set_clock(-ahead);
        CHECK(office.deliver_all() == 0);
        office.now += 29s;
        CHECK(office.deliver_all() == 0);
        office.now += 8s;
        CHECK(office.deliver_all() == 1);
        CHECK(office.state_of("one") == "delivered 2 delivered");
    }
    SECTION("put off by the far end, when another process knows the wall clock alone") {
        office.answer({too_many("30")});
        CHECK(office.deliver_all() == 1);
        office.set_clock(-ahead);
        office.restart();
        CHECK(office.deliver_all() == 0);
        office.now += 73min;  // the longest wait there is
        CHECK(office.deliver_all() == 1);
        CHECK(office.state_of("one") == "delivered 2 delivered");
    }
    SECTION("claimed by a process that died") {
        office.writer().run_blocking([&](warehouse::Database& database) {
            const auto render = [](const warehouse::OutboxRow&) {
                return std::string{"{\"text\":\"one\"}"};
            };
            REQUIRE(warehouse::claim_next(database, "managers", office.now, 2min, render));
        });
        office.restart();
        office.set_clock(-ahead);
        CHECK(office.deliver_all() == 0);
        office.now += 2min;
        CHECK(office.deliver_all() == 0);
        CHECK(office.state_of("one") == "pending 1 ambiguous");
        office.now += 1min;
        CHECK(office.deliver_all() == 1);
        CHECK(office.received() == Strings{"one again"});
    }
}

TEST_CASE("a clock that is set forward does not shorten what the far end has asked for") {
    PostOffice office;
    office.answer({too_many("30")});
    office.post("one");
    CHECK(office.deliver_all() == 1);
    office.now += 10s;
    office.set_clock(1h);
    CHECK(office.deliver_all() == 0);
    office.now += 19s;
    CHECK(office.deliver_all() == 0);
    office.restart();  // what is stored is the time that is left
    CHECK(office.deliver_all() == 0);
    office.now += 8s;
    CHECK(office.deliver_all() == 1);
    CHECK(office.state_of("one") == "delivered 2 delivered");
}

TEST_CASE("what could not be sent before the quiet hours of its day is left to the next message") {
    PostOffice office;
    const Events events;
    const auto evening = office.now + 10h;
    const auto has_message = [&](const char* key) {
        bool has = false;
        office.writer().run_blocking(
            [&](warehouse::Database& database) { has = warehouse::has_message(database, key); });
        return has;
    };
    SECTION("whether it was tried or not") {
        office.answer({Reply::text("", 503)});
        office.post("tried", "digest", evening);
        office.post("waits", "card", evening);
        office.post("week", "brief", evening);
        office.post("any hour", "nudge");
        CHECK(office.deliver_once());
        office.now = evening;
        CHECK(office.deliver_all() == 1);
        CHECK(office.received() == Strings{"tried", "any hour"});
        CHECK(office.state_of("tried") == "superseded 1 transient");
        CHECK(office.state_of("waits") == "superseded 0 ");
        // Of a week there is one brief: tomorrow's takes this one's place.
        CHECK_FALSE(has_message("week"));
        CHECK(has_message("waits"));
        CHECK(std::count(events.names.begin(), events.names.end(), "message.late") == 3);
    }
    SECTION("but what may have arrived is asked about until there is an answer") {
        office.answer({Reply::text("", 500)});
        office.post("maybe", "digest", evening);
        CHECK(office.deliver_once());
        office.now = evening;
        CHECK(office.deliver_once());
        CHECK(office.received() == Strings{"maybe", "maybe again"});
    }
    SECTION("and not a second before") {
        office.post("one", "digest", evening);
        office.now = evening - 1s;
        CHECK(office.deliver_once());
        CHECK(office.state_of("one") == "delivered 1 delivered");
    }
}

TEST_CASE("a far end that cannot be reached for an hour counts as broken, until it takes one") {
    PostOffice office;
    office.have_fallback();
    office.restart("http://127.0.0.1:1/services/T0/B0/x");
    office.post("one");
    const Events events;
    const auto began = office.now;
    // Ten, twenty … fifty minutes after the first try nobody is told yet.
    for (int tries = 0; tries < 6; ++tries) {
        CHECK(office.deliver_once());
        CHECK_FALSE(office.channel_state().broken_since);
        office.now += 10min;
    }
    CHECK(office.delivery().broken().empty());
    CHECK(office.deliver_once());
    CHECK(office.channel_state().broken_since == began + 1h);
    REQUIRE(office.delivery().broken().size() == 1);
    CHECK(office.delivery().broken()[0].starts_with(
        "channel managers is broken: nothing but failure since 2026-11-20T08:00:00Z: "));
    CHECK(std::count(events.names.begin(), events.names.end(), "channel.broken") == 1);
    CHECK(office.state_of("one") == "superseded 7 transient");
    while (office.deliver_once_by("ops")) {
    }
    CHECK(office.appended("ops").find("the channel managers is broken") != std::string::npos);
    while (office.deliver_once_by("mail")) {
    }
    CHECK(office.state_of("one/by/mail") == "delivered 1 delivered");

    // The name is back: the next message finds out, and the admin hears it, once each.
    office.restart();
    office.now += 5min;
    office.post("two");
    CHECK(office.deliver_once());
    CHECK(office.state_of("two") == "delivered 1 delivered");
    CHECK_FALSE(office.channel_state().broken_since);
    CHECK_FALSE(office.channel_state().failing_since);
    while (office.deliver_once_by("ops")) {
    }
    const auto told = office.appended("ops");
    CHECK(told.find("the channel managers works again") != std::string::npos);
    CHECK(told.find("the channel managers is broken") ==
          told.rfind("the channel managers is broken"));
}

TEST_CASE("a far end that only ever asks for more time counts as broken after an hour, and a new "
          "start keeps to the wait") {
    PostOffice office;
    office.have_admin();
    office.answer({too_many("1800"), too_many("1800"), too_many("1800")});
    office.post("one");
    office.deliver_once();
    office.now += 37min;  // half an hour, and at most a fifth on top
    office.deliver_once();
    CHECK_FALSE(office.channel_state().broken_since);
    office.now += 37min;
    office.deliver_once();
    CHECK(office.channel_state().broken_since == office.now);
    office.restart();
    runtime::TaskGroup tasks(office.loop().get_executor(), [](std::exception_ptr) {});
    office.delivery().start(tasks);
    office.run_until([&] { return !office.delivery().broken().empty(); });
    auto stopped = asio::co_spawn(office.loop(), tasks.stop(), asio::use_future);
    office.run_until([&] { return stopped.wait_for(0s) == std::future_status::ready; });
    CHECK(office.received().size() == 3);
    office.now += 29min;
    CHECK_FALSE(office.deliver_once());
    office.now += 8min;
    CHECK(office.deliver_once());
    CHECK(office.state_of("one") == "delivered 4 delivered");
}

TEST_CASE("the admin hears of messages that were given up in one notice, and of later ones a day "
          "later") {
    PostOffice office;
    office.have_admin();
    const auto notices = [&] {
        while (office.deliver_once_by("ops")) {
        }
        Strings titles;
        const auto all = office.appended("ops");
        for (auto at = all.find("nudged: "); at != std::string::npos;
             at = all.find("nudged: ", at + 1)) {
            const auto end = all.find("given up", at);
            const auto line = all.substr(at, end - at);
            if (end != std::string::npos && line.find('\n') == std::string::npos)
                titles.push_back(line);
        }
        return titles;
    };
    office.answer(std::vector<Reply>(3, Reply::text("no_service", 404)));
    for (const char* title : {"one", "two", "three"}) office.post(title);
    office.deliver_once();
    CHECK(notices().empty());
    office.now += 25h;
    CHECK_FALSE(office.deliver_once());
    const std::string first = "nudged: 3 messages to the channel managers were ";
    CHECK(notices() == Strings{first});

    office.now += 1h;
    office.answer({Reply::text("", 500), Reply::text("", 500)});  // two of the 404 are left
    office.post("four");
    for (int tries = 0; tries < 4; ++tries) {
        office.deliver_once();
        office.now += 6min;
    }
    CHECK(office.state_of("four") == "unknown 4 ambiguous");
    CHECK(notices() == Strings{first});
    office.now += 24h;
    CHECK_FALSE(office.deliver_once());
    CHECK(notices() == Strings{first, "nudged: 1 message to the channel managers was "});
    office.now += 48h;
    CHECK_FALSE(office.deliver_once());
    CHECK(notices().size() == 2);
}

TEST_CASE("the admin hears of what was given up of a channel that is not there any more") {
    PostOffice office;
    office.have_admin();
    office.writer().run_blocking([&](warehouse::Database& database) {
        warehouse::NewMessage old;
        old.key = "old";
        old.channel = "gone";
        old.reason = "digest";
        old.message = "{}";
        old.due_at = office.now;
        old.expires_at = office.now + 1h;
        REQUIRE(warehouse::insert_message(database, old, office.now));
    });
    office.now += 2h;
    CHECK_FALSE(office.deliver_once());
    while (office.deliver_once_by("ops")) {
    }
    CHECK(office.appended("ops").find("1 message to the channel gone was given up") !=
          std::string::npos);
}
