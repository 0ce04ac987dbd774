// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/source.hpp"
#include "tests/connectors/sources/heard.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/crmsim/simulator.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using crmsim::Dataset;
using crmsim::ObjectType;
using model::Entity;
using sources::MapEntry;

namespace {

/// The one deal and the one call of a portal, and a source with fields of its own.
class Account {
public:
    explicit Account(const crmsim::Properties& properties)
        : server_now(bench.now.load()),
          simulator(with_records(properties),
                    {.quotas = {0, 0, 0}, .clock = [this] { return server_now.load(); }}),
          server(0, [this](const loopback::Request& request) {
              asked.push_back(request.method + " " + request.path + " " + request.body);
              return simulator.answer(request);
          }) {}

    std::unique_ptr<sources::Source> source(
        const std::map<std::string, sources::FieldMapping>& fields) {
        auto options = bench.shipped("hubspot", server.url());
        std::get<sources::HttpSourceOptions>(options.connector_options).fields = fields;
        return bench.source(options);
    }
    std::string extra_of_deal(sources::Source& source) {
        Store store;
        bench.pull(source, incremental(Entity::opportunity), store);
        const auto& fields = store.at({Entity::opportunity, std::to_string(deal)}).fields;
        const auto extra = fields.find("extra");
        return extra == fields.end() ? "null" : extra->second;
    }
    void order(const std::string& what, const std::string& json) {
        REQUIRE(loopback::fetch(server.port(), "POST", "/_sim/" + what, json).status == 200);
    }
    void pass(std::chrono::milliseconds time) {
        bench.now = bench.now.load() + time;
        server_now = server_now.load() + time;
    }
    /// How many requests hold a text.
    std::ptrdiff_t count_asked(const std::string& text) const {
        return std::ranges::count_if(asked,
                                     [&](const auto& one) { return one.find(text) != one.npos; });
    }

    HttpBench bench;
    std::int64_t deal = 0;
    std::atomic<Instant> server_now;
    std::vector<std::string> asked;
    crmsim::Simulator simulator;
    loopback::Server server;

private:
    Dataset with_records(const crmsim::Properties& properties) {
        Dataset dataset;
        deal =
            dataset.create(ObjectType::deals, properties, *parse_instant("2026-11-02T09:00:00Z"));
        dataset.create(ObjectType::calls, {{"hs_call_disposition", "our-own"}},
                       *parse_instant("2026-11-02T09:00:00Z"));
        dataset.create(ObjectType::calls,
                       {{"hs_call_disposition", "9d9162e7-6cf3-4944-bf63-4dff82258764"}},
                       *parse_instant("2026-11-02T09:00:00Z"));
        return dataset;
    }
};

MapEntry from(const std::string& place, const std::string& as = "") {
    MapEntry entry;
    entry.from = {place};
    entry.as = as;
    return entry;
}

std::map<std::string, sources::FieldMapping> extra(const std::map<std::string, MapEntry>& entries) {
    sources::FieldMapping mapping;
    mapping.extra = entries;
    return {{"opportunity", mapping}};
}

}  // namespace

TEST_CASE("fields of the admin's own come as one JSON object, its keys in order, without nulls") {
    Account account(crmsim::Properties{{"dealname", "Globex"},
                                       {"dealstage", "qualifiedtobuy"},
                                       {"amount", "1250.50"},
                                       {"segment", "mid \"market\""},
                                       {"next_review", "2026-12-10"}});
    const auto source =
        account.source(extra({{"segment", from("/properties/segment")},
                              {"review", from("/properties/next_review", "date")},
                              {"worth", from("/properties/amount", "decimal")},
                              {"closed", from("/properties/hs_is_closed", "boolean")},
                              {"since", from("/properties/createdate", "instant")},
                              {"step", from("/properties/hs_next_step")}}));
    CHECK(account.extra_of_deal(*source) ==
          R"({"closed":false,"review":"2026-12-10","segment":"mid \"market\"",)"
          R"("since":"2026-11-02T09:00:00Z","worth":1250.5})");
    CHECK(account.count_asked("\"next_review\"") > 0);
}

TEST_CASE("a record without any of the admin's own fields has no object") {
    Account account(crmsim::Properties{{"dealname", "Globex"}});
    const auto source = account.source(extra({{"segment", from("/properties/segment")}}));
    CHECK(account.extra_of_deal(*source) == "null");
}

TEST_CASE("a source's entry without a place adds its values to the manifest's") {
    Account account(crmsim::Properties{{"dealname", "Globex"}});
    sources::FieldMapping calls;
    calls.map["outcome"].values["our-own"] = "connected";
    const auto source = account.source({{"call", calls}});
    Store store;
    account.bench.pull(*source, incremental(Entity::call), store);
    std::multiset<std::string> outcomes;
    for (const auto& [key, kept] : store) outcomes.insert(kept.fields.at("outcome"));
    CHECK(outcomes == std::multiset<std::string>{"busy", "connected"});
}

TEST_CASE("a source's entry with a place of its own replaces the manifest's") {
    Account account(crmsim::Properties{{"dealname", "Globex"},
                                       {"closedate", "2026-11-30T22:59:00Z"},
                                       {"next_review", "2026-12-10"}});
    sources::FieldMapping deals;
    deals.map["close_date"] = from("/properties/next_review");
    const auto source = account.source({{"opportunity", deals}});
    Store store;
    account.bench.pull(*source, incremental(Entity::opportunity), store);
    CHECK(store.at({Entity::opportunity, std::to_string(account.deal)}).fields.at("close_date") ==
          "2026-12-10");
}

TEST_CASE("a field that the CRM does not have is told once, and not asked for") {
    Account account(crmsim::Properties{{"dealname", "Globex"}, {"segment", "enterprise"}});
    const Heard heard;
    const auto source = account.source(extra({{"segment", from("/properties/segment")},
                                              {"tier", from("/properties/teir")},
                                              {"zest", from("/properties/zest")}}));
    CHECK(account.extra_of_deal(*source) == R"({"segment":"enterprise"})");
    account.pass(25h);
    CHECK(account.extra_of_deal(*source) == R"({"segment":"enterprise"})");
    account.bench.run(source->fetch_records(Entity::opportunity, {std::to_string(account.deal)}));
    CHECK(heard.lines == std::vector<std::string>{
                             "fields.hidden source=crm stream=opportunity fields=teir, zest"});
    CHECK(account.count_asked("\"teir\"") == 0);
    CHECK(account.count_asked("\"segment\"") > 0);
    // Once in the beginning, and once on the next day.
    CHECK(account.count_asked("GET /crm/properties/2026-03/deals") == 2);
}

TEST_CASE("a hidden field that comes back is asked for again") {
    Account account(crmsim::Properties{{"dealname", "Globex"}, {"segment", "enterprise"}});
    std::string names;
    for (const auto& property : crmsim::schema_of(ObjectType::deals).properties)
        if (property.name != "segment")
            names += fmt::format(R"({}{{"name":"{}"}})", names.empty() ? "" : ",", property.name);
    account.order("fault",
                  fmt::format(R"({{"match":"GET /crm/properties/2026-03/deals","status":200,
                               "body":{{"results":[{}]}}}})",
                              names));
    const Heard heard;
    const auto source = account.source(extra({{"segment", from("/properties/segment")}}));
    CHECK(account.extra_of_deal(*source) == "null");
    account.pass(25h);
    CHECK(account.extra_of_deal(*source) == R"({"segment":"enterprise"})");
    CHECK(heard.lines ==
          std::vector<std::string>{"fields.hidden source=crm stream=opportunity fields=segment",
                                   "fields.shown source=crm stream=opportunity fields=segment"});
}

TEST_CASE("where the CRM does not tell its fields, all are asked for") {
    Account account(crmsim::Properties{{"dealname", "Globex"}, {"segment", "enterprise"}});
    account.order("fault", R"({"match":"GET /crm/properties/","status":403,"times":9})");
    const Heard heard;
    const auto source = account.source(extra({{"segment", from("/properties/segment")}}));
    CHECK(account.extra_of_deal(*source) == R"({"segment":"enterprise"})");
    account.pass(25h);
    CHECK(account.extra_of_deal(*source) == R"({"segment":"enterprise"})");
    CHECK(heard.lines == std::vector<std::string>{"fields.unknown source=crm stream=opportunity"});
}
