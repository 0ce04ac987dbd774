// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/cycle_ping.hpp"

#include "connectors/base/events.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <vector>

using namespace nudged;
using namespace std::chrono_literals;

namespace {

/// Answers with one status after the other; 0 stands for no answer at all.
class Watcher : public net::Exchange {
public:
    explicit Watcher(std::vector<int> statuses) : statuses_(std::move(statuses)) {}
    boost::asio::awaitable<net::HttpResponse> send(net::HttpRequest request) override {
        CHECK(request.url == "https://watch.example/1");
        CHECK(request.is_private);
        const int status = statuses_.at(asked++);
        if (status == 0)
            throw net::TransferFailure(FailureKind::transient, "watch.example: no answer", 7,
                                       false);
        net::HttpResponse response;
        response.status = status;
        co_return response;
    }
    std::size_t asked = 0;

private:
    std::vector<int> statuses_;
};

}  // namespace

TEST_CASE("each good cycle is told to the URL; that it cannot be is told once, and once it can") {
    std::vector<std::string> told;
    const auto before = set_event_sink(
        [&](const EventKind& kind, std::span<const EventField>) { told.emplace_back(kind.name); });
    boost::asio::io_context loop;
    Watcher watcher({200, 500, 0, 204});
    runtime::CyclePing ping(loop.get_executor(), Secret{"https://watch.example/1"}, watcher, 0ms);
    boost::asio::co_spawn(loop, ping.run(), boost::asio::detached);
    loop.poll();
    CHECK(watcher.asked == 0);  // no cycle, no word
    for (std::size_t cycle = 1; cycle <= 4; ++cycle) {
        ping.cycle_went_well();
        while (watcher.asked < cycle) loop.run_one();
        loop.poll();
    }
    CHECK(told == std::vector<std::string>{"heartbeat.failed", "heartbeat.mended"});
    set_event_sink(before);
}

TEST_CASE("however many cycles go well, the URL is asked once in a while") {
    boost::asio::io_context loop;
    Watcher watcher({200, 200});
    runtime::CyclePing ping(loop.get_executor(), Secret{"https://watch.example/1"}, watcher, 1h);
    boost::asio::co_spawn(loop, ping.run(), boost::asio::detached);
    for (int cycle = 0; cycle < 5; ++cycle) {
        ping.cycle_went_well();
        loop.poll();
    }
    CHECK(watcher.asked == 1);
}
