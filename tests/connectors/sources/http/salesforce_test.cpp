// SPDX-License-Identifier: Apache-2.0
// What Salesforce tells of changes beside OpportunityHistory, where a source wants it.
#include "connectors/sources/source.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/crmsim/salesforce/columns.hpp"
#include "tests/crmsim/salesforce/ids.hpp"
#include "tests/crmsim/simulator.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using crmsim::Dataset;
using crmsim::ObjectType;
using crmsim::salesforce::id_text;
using model::Entity;

namespace {

const Instant monday = *parse_instant("2026-11-02T09:00:00Z");

/// A deal of Ana's, which Ben took over and gave a next step.
Dataset handed_over() {
    Dataset data;
    data.owners = {{7, "ana@acme.example", "Ana", "A", 70, false, ""},
                   {8, "ben@acme.example", "Ben", "B", 80, false, ""}};
    const auto deal = data.create(
        ObjectType::deals,
        {{"dealname", "Renewal"}, {"dealstage", "qualifiedtobuy"}, {"hubspot_owner_id", "7"}},
        monday);
    data.set(ObjectType::deals, deal,
             {{"hubspot_owner_id", "8"}, {"hs_updated_by_user_id", "80"}, {"amount", "1200"}},
             monday + 24h);
    data.set(ObjectType::deals, deal,
             {{"hs_next_step", "005 calls Ana"}, {"hs_updated_by_user_id", "70"}}, monday + 48h);
    data.set(ObjectType::deals, deal, {{"hs_next_step", ""}, {"hs_updated_by_user_id", "80"}},
             monday + 72h);
    return data;
}

class Org {
public:
    Org()
        : simulator(handed_over(), {.dialect = "salesforce",
                                    .quotas = {0, 0, 0},
                                    .clock = [this] { return bench.now.load(); }}),
          server(0,
                 [this](const loopback::Request& request) { return simulator.answer(request); }) {}

    std::unique_ptr<sources::Source> source(const std::string& field_history) {
        auto options = bench.options(
            bench.shipped_text("salesforce", {{"limit    = 2000\n", "limit    = 2\n"}}),
            server.url());
        auto& http = std::get<sources::HttpSourceOptions>(options.connector_options);
        http.settings = {{"login_url", server.url()}, {"field_history", field_history}};
        http.auth = "person";
        http.credentials.clear();
        for (const auto* name : {"client_id", "client_secret", "refresh_token"})
            http.credentials[name] = Secret{"pat-eu1-demo"};
        return bench.source(options);
    }

    HttpBench bench;
    crmsim::Simulator simulator;
    loopback::Server server;
};

std::string user(std::uint64_t number) {
    return id_text(crmsim::salesforce::user_prefix, number);
}

std::string millis(Instant at) {
    return std::to_string(to_millis(at));
}

}  // namespace

TEST_CASE("changes of owner and next step come with their authors, where Salesforce tracks them") {
    Org org;
    const auto source = org.source("true");
    Store store;
    org.bench.pull(*source, incremental(Entity::opportunity_change), store);
    std::map<std::string, std::map<std::string, std::string>> changes;  // by when
    for (const auto& [key, kept] : store) {
        auto fields = kept.fields;
        fields.erase("opportunity");
        changes[fields["changed_at"]] = fields;
    }
    // The owner's names are told as well as the ids, and are no change beside it.
    CHECK(store.size() == 3);
    const std::map<std::string, std::string> owner{{"field", "owner"},
                                                   {"old", user(7)},
                                                   {"new", user(8)},
                                                   {"changed_by", user(8)},
                                                   {"changed_at", millis(monday + 24h)}};
    const std::map<std::string, std::string> given{{"field", "next_step"},
                                                   {"new", "005 calls Ana"},
                                                   {"changed_by", user(7)},
                                                   {"changed_at", millis(monday + 48h)}};
    const std::map<std::string, std::string> cleared{{"field", "next_step"},
                                                     {"old", "005 calls Ana"},
                                                     {"changed_by", user(8)},
                                                     {"changed_at", millis(monday + 72h)}};
    CHECK(changes[millis(monday + 24h)] == owner);
    CHECK(changes[millis(monday + 48h)] == given);
    CHECK(changes[millis(monday + 72h)] == cleared);
}

TEST_CASE("the field history of Salesforce is read only where a source wants it") {
    Org org;
    const auto source = org.source("false");
    CHECK(std::ranges::none_of(source->streams(), [](const auto& stream) {
        return stream.entity == Entity::opportunity_change;
    }));
}
