// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/source.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/crmsim/simulator.hpp"
#include "tests/crmsim/story.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <set>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using crmsim::Dataset;
using crmsim::ObjectType;
using model::Entity;

namespace {

/// The shipped manifest, with less waiting: the pace is checked elsewhere.
std::string hurried(HttpBench& bench) {
    return bench.shipped_text("hubspot", {{"capacity = 5\n", "capacity = 100000\n"},
                                          {"capacity = 1\n", "capacity = 100000\n"},
                                          {"base     = \"500ms\"", "base     = \"1ms\""},
                                          {"wait   = \"1s\"", "wait   = \"1ms\""}});
}

crmsim::Quotas no_limits() {
    crmsim::Quotas quotas;
    quotas.search_per_second = 0;
    quotas.per_ten_seconds = 0;
    quotas.per_day = 0;
    return quotas;
}

/// A simulated portal over real HTTP, and the source that reads it. Both clocks stand still until
/// they are set.
class Portal {
public:
    explicit Portal(Dataset dataset)
        : truth(dataset),
          server_now(bench.now.load()),
          simulator(std::move(dataset),
                    {.quotas = no_limits(), .clock = [this] { return server_now.load(); }}),
          server(0,
                 [this](const loopback::Request& request) { return simulator.answer(request); }) {}

    std::unique_ptr<sources::Source> source() {
        return bench.source(bench.options(hurried(bench), server.url()));
    }
    void order(const std::string& what, const std::string& json) {
        const auto reply = loopback::fetch(server.port(), "POST", "/_sim/" + what, json);
        REQUIRE(reply.status == 200);
    }
    void pass(std::chrono::milliseconds time) {
        bench.now = bench.now.load() + time;
        server_now = server_now.load() + time;
    }

    HttpBench bench;
    const Dataset truth;
    std::atomic<Instant> server_now;
    crmsim::Simulator simulator;
    loopback::Server server;
};

std::set<std::string> ids_of(const Store& store, Entity entity, bool deleted = false) {
    std::set<std::string> ids;
    for (const auto& [key, kept] : store)
        if (key.first == entity && kept.deleted == deleted) ids.insert(key.second);
    return ids;
}

std::set<std::string> ids_of(const Dataset& dataset, ObjectType type, bool archived = false) {
    std::set<std::string> ids;
    for (const auto& record : dataset.records(type))
        if (record.archived.has_value() == archived) ids.insert(std::to_string(record.id));
    return ids;
}

/// A property as the portal stores it; "" when it has none.
std::string stored(const Dataset& dataset, ObjectType type, const crmsim::Record& record,
                   std::string_view property) {
    (void)dataset;
    const auto& schema = crmsim::schema_of(type);
    return crmsim::value_of(schema, record, *schema.find(property)).value_or("");
}

std::string kept(const Store& store, Entity entity, const std::string& id,
                 const std::string& field) {
    const auto& fields = store.at({entity, id}).fields;
    const auto found = fields.find(field);
    return found == fields.end() ? "" : found->second;
}

/// A few calls, ids from the first on, one a minute up to an hour before noon.
Dataset calls(int count) {
    Dataset dataset;
    const Instant last = *parse_instant("2026-11-20T11:00:00Z");
    for (int i = 0; i < count; ++i)
        dataset.create(ObjectType::calls,
                       {{"hs_call_title", fmt::format("call {}", i)},
                        {"hs_timestamp", "2026-11-20T10:00:00Z"}},
                       last - (count - 1 - i) * 1min);
    return dataset;
}

}  // namespace

TEST_CASE("a whole sync holds what the CRM holds") {
    crmsim::StoryOptions options;
    options.today = *parse_date("2026-11-20");
    auto story = crmsim::tell_story(options);
    Portal portal(story.dataset);
    const auto source = portal.source();
    Store store;
    portal.bench.pull_all(*source, store);

    const std::vector<std::pair<Entity, ObjectType>> pairs{
        {Entity::call, ObjectType::calls},        {Entity::task, ObjectType::tasks},
        {Entity::meeting, ObjectType::meetings},  {Entity::opportunity, ObjectType::deals},
        {Entity::account, ObjectType::companies}, {Entity::contact, ObjectType::contacts}};
    for (const auto& [entity, type] : pairs) {
        INFO(to_string(entity));
        CHECK(ids_of(store, entity) == ids_of(portal.truth, type));
        CHECK(ids_of(store, entity, true) == ids_of(portal.truth, type, true));
    }
    CHECK(ids_of(store, Entity::user).size() == portal.truth.owners.size());
    CHECK(ids_of(store, Entity::stage).size() == crmsim::stages().size());

    for (const auto& call : portal.truth.records(ObjectType::calls)) {
        if (call.archived) continue;
        const auto id = std::to_string(call.id);
        const auto duration = stored(portal.truth, ObjectType::calls, call, "hs_call_duration");
        const auto seconds =
            duration.empty() ? "" : std::to_string((std::stoll(duration) + 500) / 1000);
        CHECK(kept(store, Entity::call, id, "duration_s") == seconds);
        CHECK(kept(store, Entity::call, id, "owner") ==
              stored(portal.truth, ObjectType::calls, call, "hubspot_owner_id"));
        const auto deals = portal.truth.linked(ObjectType::calls, call.id, ObjectType::deals);
        CHECK(kept(store, Entity::call, id, "opportunity") ==
              (deals.empty() ? "" : std::to_string(deals.front())));
    }
    for (const auto& deal : portal.truth.records(ObjectType::deals)) {
        if (deal.archived) continue;
        const auto id = std::to_string(deal.id);
        CHECK(kept(store, Entity::opportunity, id, "stage") ==
              stored(portal.truth, ObjectType::deals, deal, "dealstage"));
        const auto companies =
            portal.truth.linked(ObjectType::deals, deal.id, ObjectType::companies);
        CHECK(kept(store, Entity::opportunity, id, "account") ==
              (companies.empty() ? "" : std::to_string(companies.front())));
    }
}

TEST_CASE("more calls of one instant than a page holds, and than the CRM's cap, all arrive") {
    Dataset dataset;
    const Instant instant = *parse_instant("2026-11-20T10:00:00Z");
    for (int i = 0; i < 10'450; ++i) dataset.create(ObjectType::calls, {}, instant);
    Portal portal(std::move(dataset));
    const auto source = portal.source();
    Store store;
    portal.bench.pull(*source, incremental(Entity::call), store);
    CHECK(ids_of(store, Entity::call).size() == 10'450);
}

TEST_CASE("faults in the middle of a sync lose and repeat nothing") {
    struct Case {
        const char* name;
        const char* fault;
    };
    const auto c = GENERATE(values<Case>({
        {"429 without a time", R"({"match":"/search","skip":1,"status":429,
            "body":{"policyName":"SECONDLY"}})"},
        {"429 that tells a time", R"({"match":"/search","skip":1,"status":429,
            "headers":{"Retry-After":"0"},"body":{"policyName":"TEN_SECONDLY_ROLLING"}})"},
        {"three server errors", R"({"match":"/search","skip":1,"times":3,"status":500})"},
        {"a proxy's page", R"({"match":"/search","skip":1,"status":502,"body":"<html>"})"},
        {"a reset", R"({"match":"/search","skip":1,"kind":"reset"})"},
        {"a reset in the body", R"({"match":"/search","skip":1,"kind":"reset_in_body"})"},
        {"a body cut short", R"({"match":"/search","skip":1,"kind":"truncate"})"},
        {"malformed JSON", R"({"match":"/search","skip":1,"kind":"malformed"})"},
        {"JSON two million deep", R"({"match":"/search","skip":1,"kind":"deep_json"})"},
        {"the same while joining", R"({"match":"/associations/","skip":1,"times":2,"status":503})"},
    }));
    DYNAMIC_SECTION(c.name) {
        Portal portal(calls(450));
        portal.order("fault", c.fault);
        const auto source = portal.source();
        Store store;
        portal.bench.pull(*source, incremental(Entity::call), store);
        CHECK(ids_of(store, Entity::call) == ids_of(portal.truth, ObjectType::calls));
    }
}

TEST_CASE("a refused token needs a person, and nothing is stored") {
    Portal portal(calls(1));
    auto options = portal.bench.options(hurried(portal.bench), portal.server.url());
    std::get<sources::HttpSourceOptions>(options.connector_options).credentials["token"] =
        Secret{"pat-of-somebody-else"};
    const auto source = portal.bench.source(options);
    const auto failure = portal.bench.failure_of(*source, incremental(Entity::call));
    CHECK(failure.kind() == FailureKind::needs_person);
    CHECK(std::string{failure.what()}.find("pat-of") == std::string::npos);
}

TEST_CASE("a sync goes on from any of its positions, in another process") {
    Portal portal(calls(450));
    const auto first = portal.source();
    std::vector<model::Cursor> positions{since_1970};
    std::vector<Store> stored{{}};
    for (bool more = true; more;) {
        const auto page = portal.bench.fetch(*first, incremental(Entity::call), positions.back());
        stored.push_back(stored.back());
        keep(page, stored.back());
        positions.push_back(page.cursor);
        more = page.more;
    }
    REQUIRE(positions.size() == 5);  // pages of 200, 200, 50 and none
    for (std::size_t i = 0; i < positions.size(); ++i) {
        Store store = stored[i];
        const auto again = portal.source();
        const auto end = portal.bench.pull(*again, incremental(Entity::call), store, positions[i]);
        CHECK(store.size() == 450);
        CHECK(end.position.empty());
        CHECK(end.floor == positions.back().floor);
    }
}

TEST_CASE("the first load runs beside the increments, which tell today's news at once") {
    Portal portal(calls(450));
    const auto source = portal.source();
    Store store;
    auto news = portal.bench.pull(*source, incremental(Entity::call), store, {});
    CHECK(store.size() < 450);  // a look-back's worth
    const auto begun = portal.bench.fetch(*source, backfill(Entity::call), {});
    keep(begun, store);
    // While the first load is under way, a call is logged, and one that it has yet to reach
    // changes.
    portal.pass(30min);
    portal.order("edit",
                 R"({"action":"create","object":"calls","properties":{"hs_call_title":"new"}})");
    const auto last = std::to_string(portal.truth.records(ObjectType::calls).back().id);
    portal.order("edit", fmt::format(R"({{"action":"set","object":"calls","id":"{}",)"
                                     R"("properties":{{"hs_call_title":"changed"}}}})",
                                     last));
    portal.pass(5min);
    news = portal.bench.pull(*source, incremental(Entity::call), store, news);
    CHECK(kept(store, Entity::call, last, "subject") == "changed");
    const auto whole = portal.bench.pull(*source, backfill(Entity::call), store, begun.cursor);
    CHECK(store.size() == 451);

    // Once it is done it asks for nothing more, in another process neither.
    const auto again = portal.source();
    const auto rest = portal.bench.fetch(*again, backfill(Entity::call), whole);
    CHECK(rest.records.empty());
    CHECK_FALSE(rest.more);
    CHECK(rest.cursor == whole);
}

TEST_CASE("increments begin by the server's clock, however far ahead ours is") {
    Portal portal(calls(450));
    portal.bench.now = portal.bench.now.load() + 48h;
    const auto source = portal.source();
    Store store;
    auto news = portal.bench.pull(*source, incremental(Entity::call), store, {});
    portal.bench.pull(*source, backfill(Entity::call), store, {});
    CHECK(store.size() == 450);
    portal.pass(10min);
    portal.order("edit",
                 R"({"action":"create","object":"calls","properties":{"hs_call_title":"new"}})");
    portal.pass(10min);
    portal.bench.pull(*source, incremental(Entity::call), store, news);
    CHECK(store.size() == 451);
}

TEST_CASE("the floor stays a lag behind the server's clock, whatever ours says") {
    Portal portal(calls(1));
    portal.server_now = portal.bench.now.load() - 10min;
    const auto source = portal.source();
    Store store;
    const auto cursor = portal.bench.pull(*source, incremental(Entity::call), store);
    const auto floor = cursor.floor;
    const auto at = std::stoll(floor.substr(floor.find(':') + 1));
    // 11:50 by the server, less the lag of a minute; `Date` is exact here, and 2 s are allowed.
    const auto latest = to_millis(*parse_instant("2026-11-20T11:49:02Z"));
    CHECK(at <= latest);
    CHECK(at > latest - 5000);
}

TEST_CASE("what changes while the server's clock is set back arrives, and no floor goes back") {
    Portal portal(calls(3));
    const auto source = portal.source();
    Store store;
    const auto before = portal.bench.pull(*source, incremental(Entity::call), store);
    portal.server_now = portal.server_now.load() - 30min;  // half of the look-back
    portal.order("edit",
                 R"({"action":"create","object":"calls","properties":{"hs_call_title":"new"}})");
    const auto after = portal.bench.pull(*source, incremental(Entity::call), store, before);
    CHECK(store.size() == 4);
    CHECK(after.floor == before.floor);
}

TEST_CASE("records that change while a window is read arrive, as they were and as they are") {
    Portal portal(calls(450));
    const auto source = portal.source();
    Store store;
    const auto first = portal.bench.fetch(*source, incremental(Entity::call));
    keep(first, store);
    const auto ids = ids_of(portal.truth, ObjectType::calls);
    const auto seen = *ids.begin();
    const auto unseen = *ids.rbegin();
    for (const auto& id : {seen, unseen})
        portal.order("edit", fmt::format(R"({{"action":"set","object":"calls","id":"{}",
            "properties":{{"hs_call_title":"changed"}}}})",
                                         id));
    auto cursor = portal.bench.pull(*source, incremental(Entity::call), store, first.cursor);
    // The one that had not been seen has left the window; what is left was seen.
    CHECK(ids_of(store, Entity::call).size() == 449);
    portal.pass(5min);
    portal.bench.pull(*source, incremental(Entity::call), store, cursor);
    CHECK(ids_of(store, Entity::call) == ids);
    CHECK(kept(store, Entity::call, seen, "subject") == "changed");
    CHECK(kept(store, Entity::call, unseen, "subject") == "changed");
}

TEST_CASE(
    "a record that is committed late, with a time before the floor, is found by looking back") {
    Portal portal(calls(3));
    const auto source = portal.source();
    Store store;
    auto cursor = portal.bench.pull(*source, incremental(Entity::call), store);
    portal.order("edit", R"({"action":"create","object":"calls",
        "properties":{"hs_call_title":"late"},"modified":"2026-11-20T11:20:00Z"})");
    portal.pass(5min);
    portal.bench.pull(*source, incremental(Entity::call), store, cursor);
    CHECK(ids_of(store, Entity::call).size() == 4);
}

TEST_CASE("a deleted record becomes a tombstone by the sweep") {
    Portal portal(calls(3));
    const auto id = *ids_of(portal.truth, ObjectType::calls).begin();
    portal.order("edit", fmt::format(R"({{"action":"archive","object":"calls","id":"{}"}})", id));
    const auto source = portal.source();
    Store store;
    const auto cursor = portal.bench.pull(*source, deletions(Entity::call), store);
    CHECK(ids_of(store, Entity::call, true) == std::set{id});
    CHECK(cursor.position.empty());
}

TEST_CASE("records by id come as they are now, and those that are gone as tombstones") {
    Portal portal(calls(250));
    const auto ids = ids_of(portal.truth, ObjectType::calls);
    portal.order("edit",
                 fmt::format(R"({{"action":"forget","object":"calls","id":"{}"}})", *ids.begin()));
    const auto source = portal.source();
    Store store;
    const std::vector<std::string> wanted{ids.begin(), ids.end()};
    keep(portal.bench.run(source->fetch_records(Entity::call, wanted)), store);
    CHECK(ids_of(store, Entity::call).size() == 249);
    CHECK(ids_of(store, Entity::call, true) == std::set{*ids.begin()});
    CHECK(kept(store, Entity::call, *ids.rbegin(), "subject") == "call 249");
}

TEST_CASE("changes of a deal are told as the CRM remembers them") {
    Dataset dataset;
    const Instant created = *parse_instant("2026-11-02T09:00:00Z");
    const auto id = dataset.create(ObjectType::deals,
                                   {{"dealname", "Globex"},
                                    {"dealstage", "qualifiedtobuy"},
                                    {"amount", "1000"},
                                    {"closedate", "2026-11-30T22:59:00Z"}},
                                   created);
    // Another stage and amount; a close date of the same day in Berlin, which is no change; then
    // the close date moves a month.
    dataset.set(ObjectType::deals, id, {{"dealstage", "contractsent"}, {"amount", "1250.50"}},
                *parse_instant("2026-11-05T10:00:00Z"));
    dataset.set(ObjectType::deals, id, {{"closedate", "2026-11-30T10:00:00Z"}},
                *parse_instant("2026-11-06T10:00:00Z"));
    dataset.set(ObjectType::deals, id, {{"closedate", "2026-12-31T10:00:00Z"}},
                *parse_instant("2026-11-07T10:00:00Z"));
    Portal portal(std::move(dataset));
    const auto source = portal.source();
    Store store;
    portal.bench.pull(*source, incremental(Entity::opportunity), store);

    const auto deal = std::to_string(id);
    const auto change = [&](const std::string& field, std::int64_t millis) {
        return store.at({Entity::opportunity_change, fmt::format("{}:{}:{}", deal, field, millis)})
            .fields;
    };
    using Fields = std::map<std::string, std::string>;
    CHECK(ids_of(store, Entity::opportunity_change).size() == 3);
    // 2026-11-05T10:00:00Z is 1793872800 s after 1970; two days later 1794045600.
    CHECK(change("stage", 1'793'872'800'000) == Fields{{"opportunity", deal},
                                                       {"field", "stage"},
                                                       {"old", "qualifiedtobuy"},
                                                       {"new", "contractsent"},
                                                       {"changed_at", "1793872800000"},
                                                       {"changed_by", "app:25200"}});
    CHECK(change("amount", 1'793'872'800'000).at("old") == "1000");
    CHECK(change("amount", 1'793'872'800'000).at("new") == "1250.5");
    CHECK(change("close_date", 1'794'045'600'000).at("old") == "2026-11-30");
    CHECK(change("close_date", 1'794'045'600'000).at("new") == "2026-12-31");
}

TEST_CASE("of several associated records the primary one is taken, else the first") {
    Dataset dataset;
    const auto deal = std::to_string(dataset.create(ObjectType::deals, {{"dealname", "Globex"}},
                                                    *parse_instant("2026-11-02T09:00:00Z")));
    Portal portal(std::move(dataset));
    portal.order("fault", fmt::format(R"({{"match":"/deals/companies/batch/read","status":207,
        "body":{{"results":[{{"from":{{"id":"{}"}},"to":[
            {{"toObjectId":700,"associationTypes":[{{"label":null}}]}},
            {{"toObjectId":9007199254740993,"associationTypes":[{{"label":null}},
                                                                 {{"label":"Primary"}}]}}]}}]}}}})",
                                      deal));
    portal.order("fault", fmt::format(R"({{"match":"/deals/contacts/batch/read","status":207,
        "body":{{"results":[{{"from":{{"id":"{}"}},"to":[
            {{"toObjectId":"800","associationTypes":[]}},{{"toObjectId":"801"}}]}}]}}}})",
                                      deal));
    const auto source = portal.source();
    Store store;
    portal.bench.pull(*source, incremental(Entity::opportunity), store);
    CHECK(kept(store, Entity::opportunity, deal, "account") == "9007199254740993");
    CHECK(kept(store, Entity::opportunity, deal, "contact") == "800");
}

TEST_CASE("a complete list says where it begins and ends") {
    Portal portal(calls(0));
    const auto source = portal.source();
    const auto page = portal.bench.fetch(*source, incremental(Entity::stage));
    REQUIRE(page.snapshot);
    CHECK(page.snapshot->begins);
    CHECK(page.snapshot->ends);
    // Owners are a list, too, but one that does not claim to be complete.
    CHECK_FALSE(portal.bench.fetch(*source, incremental(Entity::user)).snapshot);
}

TEST_CASE("the older form of the paths needs only other settings") {
    Portal portal(calls(3));
    auto options = portal.bench.options(hurried(portal.bench), portal.server.url());
    auto& settings = std::get<sources::HttpSourceOptions>(options.connector_options).settings;
    settings["objects"] = "/crm/v3/objects";
    settings["associations"] = "/crm/v4/associations";
    settings["owners"] = "/crm/v3/owners";
    settings["pipelines"] = "/crm/v3/pipelines";
    const auto source = portal.bench.source(options);
    Store store;
    portal.bench.pull_all(*source, store);
    CHECK(ids_of(store, Entity::call).size() == 3);
    CHECK(ids_of(store, Entity::stage).size() == crmsim::stages().size());
}
