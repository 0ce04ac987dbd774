// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/outbox.hpp"
#include "tests/daemon/runtime/post_office.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using Catch::Contains;
using Ending = Reply::Ending;
using Strings = std::vector<std::string>;

TEST_CASE("messages reach their channel in order, once each") {
    PostOffice office;
    const Events events;
    for (const char* title : {"one", "two", "three"}) office.post(title);
    CHECK(office.deliver_all() == 3);
    CHECK(office.received() == Strings{"one", "two", "three"});
    CHECK(office.state_of("two") == "delivered 1 delivered");
    CHECK(office.channel_state().last_success_at == office.now);
    CHECK(events.names == Strings(3, "message.sent"));
    office.restart();
    CHECK(office.deliver_all() == 0);
    CHECK(office.received().size() == 3);
}

TEST_CASE("a message of a key that was posted before is not posted again") {
    PostOffice office;
    office.post("one");
    office.deliver_all();
    office.post("one");
    CHECK(office.deliver_all() == 0);
}

TEST_CASE("after 429 nothing is sent before the time, not by a new process either") {
    PostOffice office;
    office.answer({too_many("30")});
    office.post("one");
    office.post("two");
    const auto asked_at = office.now;
    CHECK(office.deliver_all() == 1);
    for (int second = 0; second < 30; ++second) {
        office.now = asked_at + std::chrono::seconds{second};
        if (second == 15) office.restart();
        CHECK(office.deliver_all() == 0);
    }
    CHECK(office.received() == Strings{"one"});
    office.now = asked_at + 36s;  // at most a fifth is added
    CHECK(office.deliver_all() == 2);
    CHECK(office.received() == Strings{"one", "one", "two"});
    CHECK(office.state_of("one") == "delivered 2 delivered");
    CHECK(office.channel_state().failures == 0);
}

TEST_CASE("a retry that was throttled sends the same bytes") {
    PostOffice office;
    office.answer({too_many("1")});
    office.post("one");
    office.deliver_all();
    office.now += 2s;
    office.deliver_all();
    const auto requests = office.far_end().requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[0].body == requests[1].body);
}

TEST_CASE("a webhook that is gone holds its queue, says so once, and is asked again now and then") {
    PostOffice office;
    const Events events;
    office.answer({Reply::text("no_service", 404), Reply::text("no_service", 404)});
    office.post("one");
    office.post("two");
    CHECK(office.deliver_all() == 1);
    CHECK(office.state_of("one") == "pending 1 refused_destination");
    CHECK(office.state_of("two") == "pending 0 ");
    CHECK(office.channel_state().broken_since == office.now);
    CHECK(office.channel_state().broken_reason == "404 no_service");

    office.now += 5min;
    CHECK(office.deliver_all() == 1);
    CHECK(events.names == Strings{"message.deferred", "channel.broken", "message.deferred"});

    office.now += 5min;  // someone has mended it
    CHECK(office.deliver_all() == 2);
    CHECK(office.received() == Strings{"one", "one", "one", "two"});
    CHECK_FALSE(office.channel_state().broken_since);
    CHECK(std::count(events.names.begin(), events.names.end(), "channel.mended") == 1);
}

TEST_CASE("a new start tries a broken channel at once") {
    PostOffice office;
    office.answer({Reply::text("no_service", 404)});
    office.post("one");
    office.deliver_all();
    office.restart();
    runtime::TaskGroup tasks(office.loop().get_executor(), [](std::exception_ptr) {});
    office.delivery().start(tasks);
    office.run_until([&] { return office.state_of("one") == "delivered 2 delivered"; });
    auto stopped = asio::co_spawn(office.loop(), tasks.stop(), asio::use_future);
    office.run_until([&] { return stopped.wait_for(0s) == std::future_status::ready; });
}

TEST_CASE("without a verdict a message goes once more, half a minute later, and says so") {
    struct Case {
        const char* name;
        Reply reply;
    };
    const auto c = GENERATE(values<Case>({
        {"500", Reply::text("rollup_error", 500)},
        {"502", Reply::text("", 502)},
        {"closed without an answer", Reply::nothing(Ending::close)},
        {"reset without an answer", Reply::nothing(Ending::reset)},
    }));
    DYNAMIC_SECTION(c.name) {
        PostOffice office;
        office.answer({c.reply});
        office.post("one");
        CHECK(office.deliver_all() == 1);
        CHECK(office.state_of("one") == "pending 1 ambiguous");
        office.now += 29s;
        CHECK(office.deliver_all() == 0);
        office.now += 8s;
        CHECK(office.deliver_all() == 1);
        CHECK(office.received() == Strings{"one", "one again"});
        CHECK(office.state_of("one") == "delivered 2 delivered");
    }
}

TEST_CASE("after two tries without a verdict a message is kept as unknown, and others go on") {
    PostOffice office;
    const Events events;
    office.answer({Reply::text("", 500), Reply::text("", 500)});
    office.post("one");
    office.post("two");
    office.deliver_all();
    office.now += 40s;
    office.deliver_all();
    CHECK(office.state_of("one") == "unknown 2 ambiguous");
    office.now += 40s;
    CHECK(office.deliver_all() == 1);
    CHECK(office.received() == Strings{"one", "one again", "two"});
    CHECK(std::count(events.names.begin(), events.names.end(), "message.unknown") == 1);
}

TEST_CASE("a far end that cannot be reached gets the message later, unmarked") {
    PostOffice office;
    office.restart("http://127.0.0.1:1/services/T0/B0/x");
    office.post("one");
    CHECK(office.deliver_all() == 1);
    CHECK(office.state_of("one") == "pending 1 transient");
    office.restart();
    office.now += 10min;
    CHECK(office.deliver_all() == 1);
    CHECK(office.received() == Strings{"one"});
}

TEST_CASE("refused blocks are sent again at once as plain text, and then no more") {
    PostOffice office;
    office.answer({Reply::text("invalid_blocks", 400)});
    office.post("one");
    CHECK(office.deliver_all() == 2);
    CHECK(office.state_of("one") == "delivered 2 delivered");
    const auto requests = office.far_end().requests();
    CHECK(requests[0].body.find("\"blocks\"") != std::string::npos);
    CHECK(requests[1].body.find("\"blocks\"") == std::string::npos);

    office.answer({Reply::text("invalid_payload", 400), Reply::text("invalid_payload", 400)});
    office.post("two");
    office.post("three");
    CHECK(office.deliver_all() == 3);
    CHECK(office.state_of("two") == "refused 2 refused_payload");
    CHECK(office.state_of("three") == "delivered 1 delivered");
}

TEST_CASE("a claim whose process died is a try without a verdict") {
    PostOffice office;
    office.post("one");
    office.writer().run_blocking([&](warehouse::Database& database) {
        const auto render = [](const warehouse::OutboxRow&) {
            return std::string{"{\"text\":\"one\"}"};
        };
        REQUIRE(warehouse::claim_next(database, "managers", office.now, 2min, render));
    });
    office.restart();
    office.now += 1min;
    CHECK(office.deliver_all() == 0);  // its sender might still be at it
    CHECK(office.state_of("one") == "claimed 1 ");
    office.now += 1min;
    CHECK(office.deliver_all() == 0);
    CHECK(office.state_of("one") == "pending 1 ambiguous");
    office.now += 1min;
    CHECK(office.deliver_all() == 1);
    CHECK(office.received() == Strings{"one again"});
}

TEST_CASE("a stop in mid-flight loses nothing") {
    PostOffice office;
    office.answer({Reply::nothing(Ending::hang)});
    office.post("one");
    {
        runtime::TaskGroup tasks(office.loop().get_executor(), [](std::exception_ptr) {});
        office.delivery().start(tasks);
        office.run_until([&] { return office.received().size() == 1; });
        auto stopped = asio::co_spawn(office.loop(), tasks.stop(), asio::use_future);
        office.run_until([&] { return stopped.wait_for(0s) == std::future_status::ready; });
    }
    CHECK(office.state_of("one") == "claimed 1 ");
    office.restart();
    office.now += 2min;
    office.deliver_all();
    office.now += 1min;
    office.deliver_all();
    CHECK(office.received() == Strings{"one", "one again"});
    CHECK(office.state_of("one") == "delivered 2 delivered");
}

TEST_CASE("what could not be sent before it expired is dead: kept, told, never sent late") {
    PostOffice office;
    const Events events;
    office.answer({Reply::text("no_service", 404)});
    office.post("one");
    office.deliver_all();
    office.now += 25h;
    CHECK(office.deliver_all() == 0);
    CHECK(office.state_of("one") == "dead 1 refused_destination");
    CHECK(office.received() == Strings{"one"});
    CHECK(events.names.back() == "message.dead");
}

TEST_CASE("what expires says how it has fared, and each channel counts what came of its tries") {
    PostOffice office;
    office.answer({Reply::text("", 503)});
    office.post("one");
    office.post("two");
    CHECK(office.deliver_once());
    auto figures = office.delivery().figures().at(0);
    const auto tries = [&](channels::Outcome outcome) {
        return figures.tries.at(static_cast<std::size_t>(outcome));
    };
    CHECK(figures.channel == "managers");
    CHECK(tries(channels::Outcome::transient) == 1);
    CHECK(figures.queue.waiting == 2);
    CHECK(figures.queue.oldest == office.now);
    office.now += 25h;
    CHECK_FALSE(office.deliver_once());
    office.writer().run_blocking([&](warehouse::Database& database) {
        const auto reason = [&](std::int64_t id) {
            return read_outbox_row(database, warehouse::OutboxId{id})->last_reason;
        };
        CHECK_THAT(reason(1), Contains("not sent within 24 h, in 1 try; the last one: 503"));
        CHECK(reason(2) == "not sent within 24 h");
    });
    office.post("three");
    CHECK(office.deliver_once());
    figures = office.delivery().figures().at(0);
    CHECK(figures.given_up == 2);
    CHECK(tries(channels::Outcome::transient) == 1);
    CHECK(tries(channels::Outcome::delivered) == 1);
    CHECK(figures.queue.waiting == 0);
    CHECK_FALSE(figures.queue.oldest);
}

TEST_CASE("a message that cannot be read any more is told as such to whom it was for") {
    PostOffice office;
    office.post("one");
    office.writer().run_blocking(
        [](warehouse::Database& database) { database.execute("UPDATE outbox SET message = '{'"); });
    CHECK(office.deliver_all() == 1);
    CHECK(office.received() == Strings{"A message for you could not be shown"});
}

TEST_CASE("messages are sent as they come while the daemon runs") {
    PostOffice office;
    runtime::TaskGroup tasks(office.loop().get_executor(), [](std::exception_ptr) {});
    office.delivery().start(tasks);
    for (const char* title : {"one", "two"}) {
        office.post(title);
        office.delivery().wake();
        office.run_until([&] { return office.state_of(title) == "delivered 1 delivered"; });
    }
    auto stopped = asio::co_spawn(office.loop(), tasks.stop(), asio::use_future);
    office.run_until([&] { return stopped.wait_for(0s) == std::future_status::ready; });
    CHECK(office.received() == Strings{"one", "two"});
}

TEST_CASE("what waits for a broken channel goes by its fallback, and the admin hears by another") {
    PostOffice office;
    office.have_fallback();
    office.answer({Reply::text("no_service", 404)});
    office.post("one");
    office.post("two");
    const Events events;
    CHECK(office.deliver_once());
    CHECK(office.channel_state().broken_since == office.now);
    CHECK(events.names == Strings{"message.deferred", "channel.broken", "messages.passed_on"});
    CHECK(office.delivery().broken() ==
          Strings{"channel managers is broken: " + office.channel_state().broken_reason});
    // Whatever waited is superseded here, and sent there, where it says why it comes.
    CHECK(office.state_of("one") == "superseded 1 refused_destination");
    CHECK(office.state_of("two") == "superseded 0 ");
    while (office.deliver_once_by("mail")) {
    }
    const auto mails = office.appended("mail");
    CHECK(mails.find("one") < mails.find("two"));
    CHECK(mails.find("the channel \"managers\" does not work") != std::string::npos);
    CHECK(office.state_of("one/by/mail") == "delivered 1 delivered");
    while (office.deliver_once_by("ops")) {
    }
    CHECK(office.appended("ops").find("the channel managers is broken") != std::string::npos);

    // The next message tries whether the channel has been mended: it has.
    office.now += 5min;
    office.post("three");
    CHECK(office.deliver_once());
    CHECK(office.state_of("three") == "delivered 1 delivered");
    CHECK(office.delivery().broken().empty());
    while (office.deliver_once_by("ops")) {
    }
    CHECK(office.appended("ops").find("the channel managers works again") != std::string::npos);
}

TEST_CASE("what may have arrived stays with its channel, and silence is borne for an hour") {
    PostOffice office;
    office.have_fallback();
    office.answer({Reply::text("", 500)});
    office.post("maybe");
    office.deliver_once();
    // Nothing but failure from here on: five in a row, and the message has not been there before.
    office.answer(std::vector<Reply>(40, Reply::text("", 503)));
    office.now += 1h;
    for (int i = 0; i < 20; ++i) {
        office.deliver_once();
        office.now += 10min;
    }
    CHECK(office.state_of("maybe").starts_with("pending"));
    office.answer({});
    PostOffice other;
    other.have_fallback();
    other.answer(std::vector<Reply>(40, Reply::text("", 503)));
    other.post("late");
    for (int i = 0; i < 6; ++i) {
        other.deliver_once();
        other.now += 10min;
    }
    // Ten, twenty … fifty minutes after the first try, and then an hour.
    CHECK(other.state_of("late").starts_with("pending"));
    other.deliver_once();
    CHECK(other.state_of("late").starts_with("superseded"));
}

TEST_CASE("what was given up is sent once more when somebody asks for it") {
    PostOffice office;
    office.answer({Reply::text("no_service", 404)});
    office.post("one");
    office.deliver_once();
    office.now += 25h;
    office.deliver_once();
    CHECK(office.state_of("one").starts_with("dead"));
    warehouse::Replayed replayed;
    office.writer().run_blocking([&](warehouse::Database& database) {
        replayed =
            warehouse::replay_messages(database, {1, 99}, office.now, [](auto) { return 24h; });
    });
    CHECK(replayed.replayed == 1);
    CHECK(replayed.not_given_up == std::vector<std::int64_t>{99});
    CHECK(office.deliver_once());
    CHECK(office.state_of("one") == "delivered 2 delivered");
    office.writer().run_blocking([&](warehouse::Database& database) {
        replayed = warehouse::replay_messages(database, {1}, office.now, [](auto) { return 24h; });
    });
    CHECK(replayed.replayed == 0);
}

TEST_CASE("through all kinds of trouble and restarts no message is lost, and none comes twice "
          "unmarked") {
    PostOffice office;
    std::mt19937 random(20261120);
    const auto pick = [&](int below) {
        return std::uniform_int_distribution<>{0, below - 1}(random);
    };
    constexpr int count = 60;
    std::vector<Reply> replies;
    for (int i = 0; i < 2 * count; ++i) {
        switch (pick(8)) {
        case 0: replies.push_back(too_many("7")); break;
        case 1: replies.push_back(Reply::text("", 500)); break;
        case 2: replies.push_back(Reply::nothing(Ending::reset)); break;
        case 3: replies.push_back(Reply::text("", 503)); break;
        case 4: replies.push_back(Reply::text("no_service", 404)); break;
        default: replies.push_back(Reply::text("ok"));
        }
    }
    office.answer(replies);
    for (int i = 0; i < count; ++i) office.post("message " + std::to_string(i));
    for (int round = 0; round < 600; ++round) {
        office.deliver_all();
        office.now += std::chrono::seconds{10 + pick(60)};
        if (round % 10 == 9) office.restart();
    }
    const auto got = office.received();
    for (int i = 0; i < count; ++i) {
        const auto title = "message " + std::to_string(i);
        const auto state = office.state_of(title);
        CAPTURE(title, state);
        const bool ended = state.starts_with("delivered") || state.starts_with("unknown");
        CHECK(ended);
        CHECK(std::find(got.begin(), got.end(), title) != got.end());
    }
    // What the far end may have taken comes again only with the mark, and what it confirmed never.
    std::map<std::string, int> confirmed;
    std::set<std::string> may_have_arrived;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const auto title = got[i].substr(0, got[i].find(" again"));
        CAPTURE(i, title);
        const bool is_marked = got[i] != title;
        CHECK(is_marked == may_have_arrived.contains(title));
        const auto& reply = i < replies.size() ? replies[i] : Reply::text("ok");
        if (reply.status == 500 || reply.status == 0) may_have_arrived.insert(title);
        if (reply.body == "ok") CHECK(++confirmed[title] == 1);
    }
}
