// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/source.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/crmsim/simulator.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <atomic>

using namespace nudged;
using namespace nudged::tests;
using crmsim::Dataset;
using crmsim::ObjectType;
using model::Entity;

TEST_CASE("of a HubSpot deal with more than 500 contacts each is told") {
    HttpBench bench;
    const auto at = *parse_instant("2026-11-02T09:00:00Z");
    Dataset data;
    const auto crowded = data.create(ObjectType::deals, {{"dealname", "Globex"}}, at);
    const auto plain = data.create(ObjectType::deals, {{"dealname", "Initech"}}, at);
    std::int64_t last = 0;
    for (int n = 0; n < 1'001; ++n) {
        last = data.create(ObjectType::contacts, {{"firstname", "Ana"}}, at);
        data.link(ObjectType::deals, crowded, ObjectType::contacts, last);
    }
    data.link(ObjectType::deals, plain, ObjectType::contacts, last);
    crmsim::Simulator simulator(std::move(data),
                                {.quotas = {0, 0, 0}, .clock = [&] { return bench.now.load(); }});
    int further = 0;
    const loopback::Server server(0, [&](const loopback::Request& request) {
        if (request.method == "GET" && request.path.find("/associations/") != std::string::npos)
            ++further;
        return simulator.answer(request);
    });
    auto options = bench.shipped("hubspot", server.url());
    std::get<sources::HttpSourceOptions>(options.connector_options).settings["contact_roles"] =
        "true";
    const auto source = bench.source(options);
    Store store;
    bench.pull(*source, incremental(Entity::contact_role), store, {});
    CHECK(store.size() == 1'001 + 1);
    CHECK(store.contains({Entity::contact_role, fmt::format("{}:{}", crowded, last)}));
    CHECK(further == 2);  // 500 stand in the batch, 500 and one are asked for
}

TEST_CASE("a HubSpot company that was merged into another is part of that one, without a sweep") {
    HttpBench bench;
    std::atomic<Instant> server_now = bench.now.load();
    Dataset data;
    const auto at = *parse_instant("2026-11-02T09:00:00Z");
    const auto part = data.create(ObjectType::companies, {{"name", "Globex"}}, at);
    const auto whole = data.create(ObjectType::companies, {{"name", "Globex Corporation"}}, at);
    crmsim::Simulator simulator(std::move(data),
                                {.quotas = {0, 0, 0}, .clock = [&] { return server_now.load(); }});
    const loopback::Server server(
        0, [&](const loopback::Request& request) { return simulator.answer(request); });
    const auto source = bench.source(bench.shipped("hubspot", server.url()));
    Store before;
    const auto cursor = bench.pull(*source, incremental(Entity::account), before);
    CHECK(before.size() == 2);
    CHECK_FALSE(before.at({Entity::account, std::to_string(part)}).deleted);

    const auto merged = loopback::fetch(
        server.port(), "POST", "/_sim/edit",
        fmt::format(R"({{"action":"merge","object":"companies","id":"{}","into":"{}"}})", part,
                    whole));
    REQUIRE(merged.status == 200);
    server_now = server_now.load() + std::chrono::minutes{5};
    bench.now = server_now.load();
    const auto page = bench.fetch(*source, incremental(Entity::account), cursor);
    REQUIRE(page.records.size() == 2);
    CHECK(page.records[0].id == std::to_string(whole));
    CHECK_FALSE(page.records[0].deleted);
    CHECK(page.records[1].id == std::to_string(part));
    CHECK(page.records[1].why == model::Gone::merged);
    CHECK(page.records[1].into == std::to_string(whole));
}
