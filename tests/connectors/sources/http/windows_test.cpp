// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/source.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using model::Entity;

namespace {

/// Walks tasks by window.
constexpr auto manifest = R"([connector]
name = "small"
base_url = "{settings.base_url}"
[settings]
base_url = ""
[auth]
kind = "bearer"
[window]
lag = "0s"
lookback = "0s"
[[error]]
status = 413
class = "split_window"
[request.changed]
get = "/tasks"
query = { from = "{window.lo as epoch_ms}", to = "{window.hi as epoch_ms}", beyond = "{keyset.last_id}" }
records = "/data"
total = "/total"
[stream.task]
request = "changed"
walk = "window"
modified = { from = "/at", as = "epoch_ms" }
[stream.task.map]
subject = "/title"
)";

std::int64_t number(const Request& request, const std::string& name) {
    return std::stoll(request.query.at(name));
}

/// Rows with these ids, beyond the one asked for, and a count that is told with them.
Reply rows(const Request& request, const std::vector<int>& ids, std::size_t total) {
    std::string data;
    for (const int id : ids)
        if (id > number(request, "beyond"))
            data += fmt::format(R"({}{{"id":{},"at":{}}})", data.empty() ? "" : ",", id,
                                number(request, "from"));
    return Reply::json(fmt::format(R"({{"total":{},"data":[{}]}})", total, data));
}

}  // namespace

TEST_CASE("a CRM that counts more than it tells is asked twice, then again from the floor") {
    std::atomic<bool> index_is_whole = false;
    HttpServer server([&](const Request& request) {
        return rows(request, index_is_whole ? std::vector{1, 2, 3} : std::vector{1, 2}, 3);
    });
    HttpBench bench;
    const auto source = bench.source(bench.options(manifest, server.url("")));
    const auto stream = incremental(Entity::task);

    const auto first = bench.fetch(*source, stream);
    CHECK(first.records.size() == 2);
    const auto second_walk = bench.fetch(*source, stream, first.cursor);
    CHECK(second_walk.more);
    CHECK(second_walk.cursor.floor == since_1970.floor);
    const auto failure = bench.failure_of(*source, stream, second_walk.cursor);
    CHECK(failure.kind() == FailureKind::transient);

    // The runtime comes back with the cursor that it holds; by now the window can be proved.
    index_is_whole = true;
    Store store;
    const auto end = bench.pull(*source, stream, store, second_walk.cursor);
    CHECK(store.size() == 3);
    CHECK(end.position.empty());
    CHECK_FALSE(end.floor.empty());
}

TEST_CASE("a floor that lies before the CRM's memory is not moved past what nobody told") {
    HttpServer server([](const Request& request) { return rows(request, {1}, 1); });
    HttpBench bench;
    const auto reaching = replaced_in(
        manifest, {{"lookback = \"0s\"", "lookback = \"1h\"\nreach = \"29d\""},
                   {"[stream.task.map]", "[stream.task.backfill]\nrequest = \"changed\"\nwalk = "
                                         "\"window\"\n[stream.task.map]"}});
    const auto source = bench.source(bench.options(reaching, server.url("")));
    const auto stream = incremental(Entity::task);
    Store store;
    const auto floor = bench.pull(*source, stream, store, {});
    bench.now = bench.now.load() + 28 * 24h;
    const auto next = bench.pull(*source, stream, store, floor);
    CHECK(next.floor != floor.floor);
    bench.now = bench.now.load() + 30 * 24h;
    CHECK_THROWS_AS(bench.fetch(*source, stream, next), sources::NewsLost);
    // What begins now has nothing behind it, and a first load asks for everything.
    CHECK_NOTHROW(bench.fetch(*source, stream, {}));
    CHECK_NOTHROW(bench.fetch(*source, backfill(Entity::task), {}));
}

TEST_CASE("a window with too many results is halved until the CRM answers") {
    // Two days after 1970 began; no more than 20 hours may be asked for at once. Row n was changed
    // n hours after 1970 began.
    constexpr std::int64_t hour = 3'600'000;
    HttpServer server([](const Request& request) {
        if (number(request, "to") - number(request, "from") > 20 * hour)
            return Reply::json("{}", 413);
        std::vector<int> ids;
        for (int id = 1; id < 48; ++id)
            if (id * hour >= number(request, "from") && id * hour < number(request, "to"))
                ids.push_back(id);
        const auto told = ids.size();
        return rows(request, ids, told);
    });
    HttpBench bench;
    bench.now = Instant{48h};
    const auto source = bench.source(bench.options(manifest, server.url("")));
    Store store;
    const auto end = bench.pull(*source, incremental(Entity::task), store);
    CHECK(store.size() == 47);
    CHECK(end.floor.find("172800000") != std::string::npos);  // 48 h: all of it is proved
    // Nothing was told twice: four times 12 hours, each with its empty page. 48 h were too much,
    // and 24 h each time that it was tried again: at first and after the first and second part.
    CHECK(server.requests().size() == 4 + 4 * 2);
}
