// SPDX-License-Identifier: Apache-2.0
// A CRM that does not heed a filter and answers everything, with a 200.
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using model::Entity;
using model::Lane;

namespace {

std::string manifest(const std::string& request, const std::string& more = "") {
    return R"([auth]
kind = "bearer"
[request.changed]
get = "/tasks"
records = "/data"
)" + request +
           R"(
[request.trash]
get = "/tasks"
query = { deleted = "true" }
records = "/data"
[stream.task]
request = "changed"
walk = "window"
modified = "/changed"
[stream.task.map]
subject = "/title"
)" + more;
}

constexpr auto by_id =
    R"(query = { from = "{window.lo}", to = "{window.hi}", beyond = "{keyset.last_id}" }
total = "/total")";
constexpr auto by_number =
    R"(query = { from = "{window.lo}", to = "{window.hi}", page = "{page.number}" })";
constexpr auto by_counted_number =
    R"(query = { from = "{window.lo}", to = "{window.hi}", page = "{page.number}" }
total = "/total")";

constexpr int tasks = 90;
constexpr int page_size = 10;
const Instant newest = *parse_instant("2026-11-20T11:30:00Z");

/// Task n was changed n days before the newest one.
std::string task(int n) {
    return fmt::format(R"({{"id":{},"title":"t{}","changed":"{}","deleted":false}})", n, n,
                       format_instant(newest - std::chrono::days{n}));
}

/// A page of all tasks there are, whatever times were asked for.
Reply everything(const Request& request) {
    const auto from = request.query.contains("page")
                          ? (std::stoi(parameter(request, "page")) - 1) * page_size
                          : std::stoi("0" + parameter(request, "beyond"));
    std::string rows;
    for (int n = from + 1; n <= std::min(from + page_size, tasks); ++n)
        rows += (rows.empty() ? "" : ",") + task(n);
    return Reply::json(fmt::format(R"({{"total":{},"data":[{}]}})", tasks, rows));
}

}  // namespace

TEST_CASE("rows outside of the window that was asked for are taken, and prove as much as others") {
    const auto* way = GENERATE(by_id, by_number, by_counted_number);
    CAPTURE(way);
    StyleCrm crm(manifest(way), everything);
    crm.bench.now = newest + 1h;
    Store store;
    const auto first = crm.bench.pull(*crm.source, incremental(Entity::task), store);
    CHECK(store.size() == tasks);
    CHECK(first.position.empty());
    const auto before = store;

    // Nothing has changed since: an hour is asked for, all comes again, and is what it was.
    crm.bench.now = newest + 2h;
    const auto second = crm.bench.pull(*crm.source, incremental(Entity::task), store, first);
    CHECK(store == before);
    CHECK(second.position.empty());
    CHECK(second.floor != first.floor);
}

TEST_CASE("a window is cut by what it holds, not by what a CRM tells beside it") {
    // With more rows outside than a window may have, each half would have as many again, and its
    // halves: a walk in steps of a millisecond.
    StyleCrm crm(manifest(by_number, "[stream.task.window]\nmax_rows = 20\n"), everything);
    crm.bench.now = newest + 1h;
    const model::Cursor yesterday{
        fmt::format(R"({{"at":{0},"deep":{0}}})", to_millis(newest - 24h)), ""};
    Store store;
    const auto end = crm.bench.pull(*crm.source, incremental(Entity::task), store, yesterday);
    CHECK(store.size() == tasks);
    CHECK(end.position.empty());
    // Nine pages and an empty one, once more for the proof.
    CHECK(crm.server.requests().size() == 20);
}

TEST_CASE("a list of deletions that tells what is there deletes nothing where its rows say so") {
    const auto* where = GENERATE("", "where = [{ at = \"/deleted\", in = [\"true\"] }]\n");
    StyleCrm crm(
        manifest(by_number, std::string{"[stream.task.deletions]\nrequest = \"trash\"\n"} + where),
        [](const Request& request) { return everything(request); });
    const auto gone = crm.pull({Entity::task, Lane::deletions});
    // Without a condition whatever stands in the list is gone: that is what a list of ids needs.
    CHECK(gone.size() == (*where ? 0 : page_size));
}

TEST_CASE("the shipped lists of deletions believe no row that says that it is there") {
    struct Case {
        const char* crm;
        Entity entity;
        const char* list;
        const char* there;
        const char* gone;
    };
    const auto c = GENERATE(values<Case>({
        {"hubspot", Entity::account, "results", R"({"id":"1","archived":false})",
         R"({"id":"2","archived":true,"archivedAt":"2026-11-20T10:00:00Z"})"},
        {"close", Entity::opportunity, "data",
         R"({"object_id":"oppo_1","action":"updated","date_updated":"2026-11-20T10:00:00"})",
         R"({"object_id":"oppo_2","action":"deleted","date_updated":"2026-11-20T10:00:00"})"},
    }));
    DYNAMIC_SECTION(c.crm) {
        const HttpServer server([&](const Request&) {
            return Reply::json(fmt::format(R"({{"{}":[{},{}]}})", c.list, c.there, c.gone));
        });
        HttpBench bench;
        const auto source = bench.source(bench.shipped(c.crm, server.url("")));
        Store store;
        bench.pull(*source, {c.entity, Lane::deletions}, store, {});
        REQUIRE(store.size() == 1);
        CHECK(store.begin()->first.second.ends_with("2"));
        CHECK(store.begin()->second.deleted);
    }
}
