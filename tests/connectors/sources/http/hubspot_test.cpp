// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/crmsim/simulator.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

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
