// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/pace.hpp"

#include "connectors/net/permits.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <vector>

using namespace nudged;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

asio::awaitable<void> take(net::Limiter& limiter, double cost, int name, std::vector<int>& order) {
    co_await limiter.take(cost);
    order.push_back(name);
}

}  // namespace

TEST_CASE("a full bucket serves its capacity at once") {
    asio::io_context loop;
    net::Limiter limiter(loop.get_executor(), 3, 24h);
    std::vector<int> order;
    for (int n = 0; n < 3; ++n) asio::co_spawn(loop, take(limiter, 1, n, order), asio::detached);
    asio::cancellation_signal stop;
    asio::co_spawn(loop, take(limiter, 1, 3, order),
                   asio::bind_cancellation_slot(stop.slot(), asio::detached));

    loop.poll();

    CHECK(order == std::vector{0, 1, 2});  // the fourth has eight hours to wait
    stop.emit(asio::cancellation_type::terminal);
    loop.run();
}

TEST_CASE("tokens are handed out in the order of asking, even where a later wish is smaller") {
    asio::io_context loop;
    net::Limiter limiter(loop.get_executor(), 4, 40ms);
    std::vector<int> order;
    const auto start = steady_clock::now();
    asio::co_spawn(loop, take(limiter, 4, 0, order), asio::detached);
    asio::co_spawn(loop, take(limiter, 4, 1, order), asio::detached);
    asio::co_spawn(loop, take(limiter, 1, 2, order), asio::detached);

    loop.run();

    CHECK(order == std::vector{0, 1, 2});
    // 4 of 4 tokens at once, then 4 + 1 at 10 ms each; a lower bound holds on any machine.
    CHECK(steady_clock::now() - start >= 50ms);
}

TEST_CASE("what costs more than the bucket holds is served from a full one and leaves a debt") {
    asio::io_context loop;
    net::Limiter limiter(loop.get_executor(), 2, 20ms);
    std::vector<int> order;
    const auto start = steady_clock::now();
    asio::co_spawn(loop, take(limiter, 5, 0, order), asio::detached);
    asio::co_spawn(loop, take(limiter, 1, 1, order), asio::detached);

    loop.poll();
    CHECK(order == std::vector{0});
    loop.run();

    CHECK(order == std::vector{0, 1});
    // 2 - 5 = -3, and 1 is wanted: 4 tokens at 10 ms each.
    CHECK(steady_clock::now() - start >= 40ms);
}

TEST_CASE("what was used up before it was asked for is waited out by those who ask for nothing") {
    asio::io_context loop;
    net::Limiter limiter(loop.get_executor(), 2, 20ms);
    std::vector<int> order;
    const auto start = steady_clock::now();
    asio::co_spawn(loop, take(limiter, 0, 0, order), asio::detached);
    loop.poll();
    CHECK(order == std::vector{0});
    limiter.spend(5);
    asio::co_spawn(loop, take(limiter, 0, 1, order), asio::detached);

    loop.restart();
    loop.poll();
    CHECK(order == std::vector{0});
    loop.run();

    CHECK(order == std::vector{0, 1});
    // 2 - 5 = -3: 3 tokens at 10 ms each.
    CHECK(steady_clock::now() - start >= 30ms);
}

TEST_CASE("a pause holds everybody, those who wait already included") {
    asio::io_context loop;
    net::Limiter limiter(loop.get_executor(), 1, 1ms);
    std::vector<int> order;
    asio::co_spawn(loop, take(limiter, 1, 0, order), asio::detached);
    asio::co_spawn(loop, take(limiter, 1, 1, order), asio::detached);
    loop.poll_one();  // 0 has its token, 1 is not yet in line or waits for the next
    const auto start = steady_clock::now();
    limiter.pause(30ms);
    limiter.pause(1ms);  // a shorter one takes nothing back

    loop.run();

    CHECK(order.size() == 2);
    CHECK(steady_clock::now() - start >= 30ms);
}

TEST_CASE("one who is cancelled in the line leaves it to the next, and takes no token") {
    asio::io_context loop;
    net::Limiter limiter(loop.get_executor(), 1, 10ms);
    std::vector<int> order;
    asio::cancellation_signal signal;
    asio::co_spawn(loop, take(limiter, 1, 0, order), asio::detached);
    asio::co_spawn(loop, take(limiter, 1, 1, order),
                   asio::bind_cancellation_slot(signal.slot(), asio::detached));
    asio::co_spawn(loop, take(limiter, 1, 2, order), asio::detached);
    loop.poll();

    signal.emit(asio::cancellation_type::terminal);
    loop.run();

    CHECK(order == std::vector{0, 2});
}

TEST_CASE("a pause that is longer than the patience is not waited for, in the line neither") {
    asio::io_context loop;
    net::Limiter limiter(loop.get_executor(), 1, 24h);
    std::vector<std::chrono::milliseconds> told;
    const auto ask = [&]() -> asio::awaitable<void> {
        try {
            co_await limiter.take(1, 60s);
        } catch (const Failure& failure) {
            CHECK(failure.kind() == FailureKind::throttled);
            told.push_back(failure.retry_after().value());
        }
    };
    for (int n = 0; n < 3; ++n) asio::co_spawn(loop, ask(), asio::detached);
    loop.poll();  // one has its token, and two wait for a day
    CHECK(told.empty());

    limiter.pause(10h);
    loop.run();

    REQUIRE(told.size() == 2);
    CHECK(told[0] > 9h);
    CHECK(told[0] <= 10h);
}

TEST_CASE("so many at once, in the order of asking, and one who is cancelled keeps no permit") {
    asio::io_context loop;
    net::Permits permits(loop.get_executor(), 1);
    std::vector<int> order;
    std::vector<net::Permits::Permit> held;
    const auto ask = [&](int name) -> asio::awaitable<void> {
        auto permit = co_await permits.take();
        order.push_back(name);
        held.push_back(std::move(permit));
    };
    asio::cancellation_signal signal;
    asio::co_spawn(loop, ask(0), asio::detached);
    asio::co_spawn(loop, ask(1), asio::bind_cancellation_slot(signal.slot(), asio::detached));
    asio::co_spawn(loop, ask(2), asio::detached);
    asio::co_spawn(loop, ask(3), asio::detached);
    loop.poll();
    CHECK(order == std::vector{0});

    signal.emit(asio::cancellation_type::terminal);
    loop.restart();
    loop.poll();
    CHECK(order == std::vector{0});
    for (int given_back = 0; given_back < 2; ++given_back) {
        held.pop_back();
        loop.restart();
        loop.poll();
    }
    CHECK(order == std::vector{0, 2, 3});
}

TEST_CASE("a back-off lies between its floor and a ceiling that doubles up to the cap") {
    net::Backoff backoff(2s, 10min, 1s, 42);
    // 2 s · 2^n: 2, 4, 8 …, 512 for the ninth, and 1024 is over the cap.
    const std::vector<std::pair<int, std::chrono::seconds>> ceilings{
        {0, 2s}, {1, 4s}, {2, 8s}, {8, 512s}, {9, 600s}, {1000, 600s}};
    for (const auto& [attempt, ceiling] : ceilings) {
        CAPTURE(attempt);
        std::chrono::milliseconds longest{0};
        for (int n = 0; n < 1000; ++n) {
            const auto wait = backoff.wait(attempt);
            REQUIRE(wait >= 1s);
            REQUIRE(wait <= ceiling);
            longest = std::max(longest, wait);
        }
        CHECK(longest > ceiling * 9 / 10);  // full jitter: the whole range is used
    }
}
