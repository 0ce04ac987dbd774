// SPDX-License-Identifier: Apache-2.0
// Links that are added to a record later, without a word: read again.
#include "connectors/sources/http/manifest.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/crmsim/simulator.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using crmsim::ObjectType;
using model::Entity;
using model::Lane;

namespace {

constexpr model::Stream calls_again{Entity::call, Lane::relink};
constexpr model::Stream tasks_again{Entity::task, Lane::relink};

/// A HubSpot account as of Friday 20 November 2026, noon, and how far its streams have been read.
class Portal {
public:
    explicit Portal(crmsim::Dataset data)
        : simulator_(std::move(data),
                     {.quotas = {0, 0, 0}, .clock = [this] { return bench.now.load(); }}),
          server_(0,
                  [this](const loopback::Request& request) { return simulator_.answer(request); }) {
        bench.now = *parse_instant("2026-11-20T12:00:00Z");
    }
    std::unique_ptr<sources::Source> source() {
        const auto text = bench.shipped_text("hubspot", {{"capacity = 5\n", "capacity = 100000\n"},
                                                         {"capacity = 1\n", "capacity = 100000\n"},
                                                         {"limit    = 200", "limit    = 2"}});
        return bench.source(bench.options(text, server_.url()));
    }
    void link(std::string_view object, std::int64_t id, std::int64_t deal) {
        const auto order =
            fmt::format(R"({{"action":"link","object":"{}","id":"{}","links":{{"deals":["{}"]}}}})",
                        object, id, deal);
        REQUIRE(loopback::fetch(server_.port(), "POST", "/_sim/edit", order).status == 200);
    }
    void pull(sources::Source& source, model::Stream stream) {
        cursors[stream] = bench.pull(source, stream, store, cursors[stream]);
    }
    std::string deal_of(Entity entity, std::int64_t id) {
        const auto& fields = store.at({entity, std::to_string(id)}).fields;
        const auto found = fields.find("opportunity");
        return found == fields.end() ? "" : found->second;
    }

    HttpBench bench;
    Store store;
    std::map<model::Stream, model::Cursor> cursors;

private:
    crmsim::Simulator simulator_;
    loopback::Server server_;
};

std::int64_t call_on(crmsim::Dataset& data, const char* day) {
    const auto at = fmt::format("{}T10:00:00Z", day);
    return data.create(ObjectType::calls, {{"hs_timestamp", at}}, *parse_instant(at));
}

std::string problems_of(const std::string& relink) {
    const std::string text = R"([auth]
kind = "bearer"
[request.calls]
get = "/calls"
records = "/data"
query = { from = "{window.lo as epoch_s}", to = "{window.hi as epoch_s}" }
[request.all]
get = "/all"
records = "/data"
[stream.call]
request = "calls"
walk = "window"
modified = "/at"
[stream.call.map]
subject = "/title"
[stream.call.relink]
)" + relink;
    sources::SourceOptions options;
    sources::HttpSourceOptions http;
    http.credentials["token"] = Secret{"t"};
    options.connector_options = std::move(http);
    Diagnostics problems;
    sources::compile_manifest_text(
        "[connector]\nname = \"x\"\nbase_url = \"http://127.0.0.1:1\"\n" + text, "m.toml", options,
        problems);
    return problems.str();
}

}  // namespace

TEST_CASE("a link that is added later is told by the next reading of links") {
    crmsim::Dataset data;
    const auto deal = data.create(ObjectType::deals, {{"dealname", "Globex"}},
                                  *parse_instant("2026-11-02T09:00:00Z"));
    const auto call = call_on(data, "2026-11-02");
    const auto old_call = call_on(data, "2026-09-10");
    const auto task = data.create(ObjectType::tasks, {{"hs_timestamp", "2027-06-01T10:00:00Z"}},
                                  *parse_instant("2026-09-10T10:00:00Z"));
    Portal portal(std::move(data));
    const auto source = portal.source();
    for (const auto stream : source->streams()) portal.pull(*source, stream);
    CHECK(portal.deal_of(Entity::call, call).empty());

    portal.bench.now = portal.bench.now.load() + 4 * 24h;
    portal.link("calls", call, deal);
    portal.link("calls", old_call, deal);
    portal.link("tasks", task, deal);
    for (const auto entity : {Entity::call, Entity::task})
        portal.pull(*source, incremental(entity));
    // The increments hear nothing of it.
    CHECK(portal.deal_of(Entity::call, call).empty());
    CHECK(portal.deal_of(Entity::task, task).empty());

    portal.pull(*source, calls_again);
    portal.pull(*source, tasks_again);
    CHECK(portal.deal_of(Entity::call, call) == std::to_string(deal));
    CHECK(portal.deal_of(Entity::task, task) ==
          std::to_string(deal));                            // planned, however far ahead
    CHECK(portal.deal_of(Entity::call, old_call).empty());  // 75 days ago
    CHECK(source->interval(calls_again, 5min) == 3 * 24h);
}

TEST_CASE("a reading of links goes on where another process has stopped, and then begins anew") {
    crmsim::Dataset data;
    std::vector<std::int64_t> calls;
    for (const auto* day : {"2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"})
        calls.push_back(call_on(data, day));
    Portal portal(std::move(data));
    const auto ids = [](const model::Page& page) {
        std::vector<std::string> all;
        for (const auto& record : page.records) all.emplace_back(record.id);
        return all;
    };
    const auto first = portal.bench.fetch(*portal.source(), calls_again, {});
    CHECK(ids(first) ==
          std::vector<std::string>{std::to_string(calls[0]), std::to_string(calls[1])});
    CHECK(first.more);
    const auto second = portal.bench.fetch(*portal.source(), calls_again, first.cursor);
    CHECK(ids(second) ==
          std::vector<std::string>{std::to_string(calls[2]), std::to_string(calls[3])});
    const auto third = portal.bench.fetch(*portal.source(), calls_again, second.cursor);
    CHECK(ids(third) == std::vector<std::string>{std::to_string(calls[4])});
    auto last = third.cursor;
    for (bool more = third.more; more;) {  // the part of the window that is still to come is empty
        const auto page = portal.bench.fetch(*portal.source(), calls_again, last);
        CHECK(page.records.empty());
        more = page.more;
        last = page.cursor;
    }
    CHECK(ids(portal.bench.fetch(*portal.source(), calls_again, last)) == ids(first));
}

TEST_CASE("a source may leave the reading of links out") {
    HttpBench bench;
    auto options = bench.shipped("hubspot", "http://127.0.0.1:1");
    const auto reads_links = [&] {
        const auto source = bench.source(options);
        return std::ranges::count(source->streams(), calls_again) > 0;
    };
    CHECK(reads_links());
    std::get<sources::HttpSourceOptions>(options.connector_options).settings["relink"] = "false";
    CHECK_FALSE(reads_links());
}

TEST_CASE("half of a quota is kept from the reading of links for what is new") {
    HttpBench bench;
    HttpServer server([](const Request&) { return Reply::json(R"({"data":[]})"); });
    const auto source = bench.source(bench.options(R"([connector]
name = "x"
base_url = "{settings.base_url}"
[settings]
base_url = ""
[auth]
kind = "bearer"
[[limiter]]
name = "daily"
kind = "quota"
capacity = 10
per = "24h"
share = 1.0
[request.calls]
get = "/calls"
limiters = ["daily"]
records = "/data"
query = { from = "{window.lo as epoch_s}", to = "{window.hi as epoch_s}" }
[stream.call]
request = "calls"
walk = "window"
modified = "/at"
[stream.call.map]
subject = "/title"
[stream.call.relink]
request = "calls"
)",
                                                   server.url()));
    const auto news = incremental(Entity::call);
    for (int asked = 0; asked < 5; ++asked) bench.fetch(*source, news, {});
    bench.fetch(*source, calls_again, {});
    const auto failure = bench.failure_of(*source, calls_again, {});
    CHECK(failure.kind() == FailureKind::throttled);
    CHECK(failure.retry_after().value_or(0ms) > 23h);
    bench.fetch(*source, news, {});
}

TEST_CASE("links are read again in windows alone, with both ends") {
    CHECK(problems_of("request = \"calls\"\nback = \"30d\"\nevery = \"24h\"\n").empty());
    CHECK_THAT(problems_of("request = \"all\"\nwalk = \"list\"\n"),
               Catch::Contains("only windows begin some time ago"));
    CHECK_THAT(problems_of("request = \"all\"\n"),
               Catch::Contains("does not ask for both ends of a window"));
}
