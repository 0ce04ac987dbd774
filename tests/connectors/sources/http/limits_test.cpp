// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "connectors/sources/http/limits.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <utility>
#include <vector>

using namespace nudged;
using namespace nudged::sources;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_instant("2026-11-20T12:00:00Z");

/// Eight were spent of each quota; that of the day cannot be read at first.
class ShyBook : public net::QuotaBook {
public:
    asio::awaitable<net::QuotaCharges> read(std::string, std::string quota) override {
        if (quota == "day" && !std::exchange(was_asked_, true))
            throw Failure(FailureKind::transient, "the database is busy");
        co_return net::QuotaCharges{{noon + 30min, 8.0}};
    }
    asio::awaitable<void> write(std::string, std::string, Instant, double) override { co_return; }

private:
    bool was_asked_ = false;
};

LimiterPlan quota(const char* name) {
    LimiterPlan plan;
    plan.name = name;
    plan.kind = LimiterKind::quota;
    plan.capacity = 100;  // of which 20 are ours
    plan.per = 1h;
    return plan;
}

}  // namespace

TEST_CASE("what was spent before the start counts once, however often the book has to be opened") {
    const auto plans =
        std::make_shared<const std::vector<LimiterPlan>>(std::vector{quota("hour"), quota("day")});
    ShyBook book;
    asio::io_context loop;
    Limits limits{plans, Zone::utc(), [] { return noon; }, &book, "crm"};
    const auto take = [&](double cost) {
        const Limits::Uses uses{{0, cost}, {1, cost}};
        auto hold = asio::co_spawn(loop, limits.take(uses, 1s), asio::use_future);
        loop.restart();
        loop.run();
        hold.get();
    };
    CHECK_THROWS_AS(take(1), Failure);
    CHECK_NOTHROW(take(10));  // 8 and 10 are 18
    CHECK_THROWS_AS(take(3), Failure);
}

TEST_CASE("a limiter that counts seconds is charged with what answers took, whatever they cost") {
    LimiterPlan time;
    time.name = "time";
    time.counts_seconds = true;
    time.capacity = 60;
    time.per = 30ms;  // 2 s of work a millisecond
    const auto plans = std::make_shared<const std::vector<LimiterPlan>>(std::vector{time});
    asio::io_context loop;
    Limits limits{plans, Zone::utc(), [] { return noon; }, nullptr, "crm"};
    const Limits::Uses uses{{0, 1}};
    const auto take = [&] {
        auto hold = asio::co_spawn(loop, limits.take(uses, 1s), asio::use_future);
        loop.restart();
        loop.run();
        hold.get();
    };
    const auto start = std::chrono::steady_clock::now();
    take();
    take();  // asking alone costs nothing
    limits.note_time(uses, 40s);
    limits.note_time(uses, 60s);
    take();
    // 60 - 40 - 60 = -40: 20 ms until nothing is owed.
    CHECK(std::chrono::steady_clock::now() - start >= 20ms);
}
