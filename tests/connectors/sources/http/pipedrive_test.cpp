// SPDX-License-Identifier: Apache-2.0
// What Pipedrive tells in two places: calls as activities and in call logs, and deals' changes.
#include "connectors/sources/source.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/crmsim/simulator.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using crmsim::Dataset;
using crmsim::ObjectType;
using model::Entity;

namespace {

constexpr auto busy = "9d9162e7-6cf3-4944-bf63-4dff82258764";
constexpr auto connected = "f240bbac-87c9-4f6e-bf70-924b57d47db7";

/// A company of two users, the first of whom the token belongs to, over real HTTP.
class Company {
public:
    Company()
        : server_now(bench.now.load()),
          simulator(company(), {.dialect = "pipedrive",
                                .quotas = {0, 0, 0},
                                .clock = [this] { return server_now.load(); }}),
          server(0, [this](const loopback::Request& request) {
              if (request.path.ends_with("/callLogs")) ++logs_asked;
              return simulator.answer(request);
          }) {}

    std::unique_ptr<sources::Source> source(const std::string& changelog = "false") {
        auto options = bench.options(
            bench.shipped_text("pipedrive", {{"capacity = 4\n", "capacity = 100000\n"},
                                             {"limit    = 50\n", "limit    = 3\n"}}),
            server.url());
        auto& http = std::get<sources::HttpSourceOptions>(options.connector_options);
        http.settings["changelog"] = changelog;
        return bench.source(options);
    }
    std::string call(const std::string& title, const char* at, int seconds, const char* outcome,
                     const char* owner = "7") {
        const auto length =
            seconds < 0 ? "" : fmt::format(R"(,"hs_call_duration":"{}")", seconds * 1000);
        return create("calls", at,
                      fmt::format(R"("hs_call_title":"{}","hs_timestamp":"{}",)"
                                  R"("hs_call_disposition":"{}","hs_call_status":"COMPLETED",)"
                                  R"("hubspot_owner_id":"{}"{})",
                                  title, at, outcome, owner, length));
    }
    /// The id of a new record.
    std::string create(const char* object, const char* at, const std::string& properties) {
        const auto reply = edit(fmt::format(
            R"({{"action":"create","object":"{}","modified":"{}","properties":{{{}}}}})", object,
            at, properties));
        const auto begin = reply.find_first_of("0123456789", reply.find("\"id\""));
        return reply.substr(begin, reply.find_first_not_of("0123456789", begin) - begin);
    }
    std::string edit(const std::string& order) {
        const auto reply = loopback::fetch(server.port(), "POST", "/_sim/edit", order);
        INFO(order << " " << reply.body);
        REQUIRE(reply.status == 200);
        return reply.body;
    }
    void pass(std::chrono::milliseconds time) {
        bench.now = bench.now.load() + time;
        server_now = server_now.load() + time;
    }

    HttpBench bench;
    std::atomic<Instant> server_now;
    std::atomic<int> logs_asked = 0;
    crmsim::Simulator simulator;
    loopback::Server server;

private:
    static Dataset company() {
        Dataset data;
        data.owners = {{7, "ana@acme.example", "Ana", "A", 70, false, ""},
                       {8, "ben@acme.example", "Ben", "B", 80, false, ""}};
        return data;
    }
};

std::string field(const Store& store, Entity entity, const std::string& id, const char* name) {
    const auto record = store.find({entity, id});
    if (record == store.end()) return "(absent)";
    const auto found = record->second.fields.find(name);
    return found == record->second.fields.end() ? "null" : found->second;
}

std::string at(const char* iso) {
    return std::to_string(to_millis(*parse_instant(iso)));
}

std::size_t live(const Store& store, Entity entity) {
    std::size_t count = 0;
    for (const auto& [key, kept] : store) count += key.first == entity && !kept.deleted ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("a call log says more of a call, and is no call beside it") {
    Company company;
    std::vector<std::string> calls;
    for (int n = 0; n < 7; ++n)
        calls.push_back(company.call(fmt::format("call {}", n), "2026-11-20T09:00:41Z", 60 + n,
                                     n == 0 ? busy : connected));
    const auto by_hand = company.call("typed in", "2026-11-20T09:10:00Z", -1, busy);
    const auto of_ben = company.call("Ben's", "2026-11-20T09:20:00Z", 30, busy, "8");
    const auto source = company.source();
    Store store;
    const auto end = company.bench.pull(*source, incremental(Entity::task), store);
    CHECK(live(store, Entity::call) == 9);
    CHECK(field(store, Entity::call, calls[0], "outcome") == "busy");
    CHECK(field(store, Entity::call, calls[6], "outcome") == "connected");
    CHECK(field(store, Entity::call, calls[6], "duration_s") == "66");
    // To the second, where an activity knows the minute that it was planned for.
    CHECK(field(store, Entity::call, calls[6], "started_at") == at("2026-11-20T09:00:41Z"));
    CHECK(field(store, Entity::call, by_hand, "outcome") == "null");
    CHECK(field(store, Entity::call, by_hand, "duration_s") == "null");
    CHECK(field(store, Entity::call, of_ben, "outcome") == "null");
    CHECK(company.logs_asked == 3);  // three of seven a page

    // What is new stands first: one page tells it, and no more is asked for.
    company.pass(10min);
    const auto fresh = company.call("fresh", "2026-11-20T12:04:05Z", 5, connected);
    company.bench.pull(*source, incremental(Entity::task), store, end);
    CHECK(field(store, Entity::call, fresh, "duration_s") == "5");
    CHECK(field(store, Entity::call, fresh, "started_at") == at("2026-11-20T12:04:05Z"));
    CHECK(company.logs_asked == 5);  // its page, and the next, which tells nothing new
}

TEST_CASE("an account whose call logs may not be read has its calls without them") {
    Company company;
    const auto call = company.call("call", "2026-11-20T09:00:41Z", 60, connected);
    const auto faults = loopback::fetch(
        company.server.port(), "POST", "/_sim/fault",
        R"({"match":"/callLogs","status":403,"times":1000,"body":{"success":false,"error":"scope"}})");
    INFO(faults.body);
    REQUIRE(faults.status == 200);
    const auto source = company.source();
    Store store;
    company.bench.pull(*source, incremental(Entity::task), store);
    CHECK(live(store, Entity::call) == 1);
    CHECK(field(store, Entity::call, call, "started_at") == at("2026-11-20T09:00:00Z"));
    CHECK(field(store, Entity::call, call, "outcome") == "null");
}

TEST_CASE("the changelog of an open deal is its history, where it is wanted") {
    Company company;
    const auto deal = company.create("deals", "2026-11-01T09:00:00Z",
                                     R"("dealname":"Acme","dealstage":"appointmentscheduled",)"
                                     R"("amount":"100","hubspot_owner_id":"7")");
    company.edit(fmt::format(R"({{"action":"set","object":"deals","id":"{}",)"
                             R"("modified":"2026-11-03T09:00:00Z","properties":)"
                             R"({{"dealstage":"qualifiedtobuy","amount":"250"}}}})",
                             deal));
    Store without;
    const auto plain = company.source();
    company.bench.pull(*plain, incremental(Entity::opportunity), without);
    CHECK(live(without, Entity::opportunity) == 1);
    CHECK(live(without, Entity::opportunity_change) == 0);

    Store store;
    const auto source = company.source("true");
    company.bench.pull(*source, incremental(Entity::opportunity), store);
    CHECK(live(store, Entity::opportunity_change) == 2);
    const auto change = [&](const char* name) {
        return fmt::format("{}:{}:{}", deal, name, at("2026-11-03T09:00:00Z"));
    };
    CHECK(field(store, Entity::opportunity_change, change("stage"), "old") == "1");
    CHECK(field(store, Entity::opportunity_change, change("stage"), "new") == "2");
    CHECK(field(store, Entity::opportunity_change, change("amount"), "old") == "100");
    CHECK(field(store, Entity::opportunity_change, change("amount"), "new") == "250");

    // Of a deal that is closed nothing is asked: it costs as much, and changes no more.
    company.edit(fmt::format(R"({{"action":"set","object":"deals","id":"{}",)"
                             R"("modified":"2026-11-04T09:00:00Z","properties":)"
                             R"({{"dealstage":"closedwon"}}}})",
                             deal));
    Store closed;
    company.bench.pull(*source, incremental(Entity::opportunity), closed);
    CHECK(live(closed, Entity::opportunity) == 1);
    CHECK(live(closed, Entity::opportunity_change) == 0);
}
