// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/portal.hpp"

namespace nudged::crmsim {
namespace {

using Ids = std::vector<std::string>;
using namespace std::chrono_literals;

std::string inputs(int from, int count) {
    std::string body = R"({"inputs":[)";
    for (int n = 0; n < count; ++n)
        body += (n > 0 ? "," : "") + (R"({"id":")" + std::to_string(from + n) + "\"}");
    return body + "]}";
}

TEST_CASE("without the token nothing is answered") {
    Portal portal(twelve_deals());
    portal.token = "Bearer wrong";
    const auto answer = portal.search("deals", "{}");
    CHECK(answer.status == 401);
    CHECK(answer.json["category"] == "INVALID_AUTHENTICATION");
}

TEST_CASE("an answer carries the server's date and, except for a search, the limits") {
    Portal portal(twelve_deals());
    const auto listed = portal.get("/crm/v3/objects/deals");
    CHECK(listed.header("date") == "Fri, 20 Nov 2026 12:00:00 GMT");
    CHECK(listed.header("x-hubspot-ratelimit-max") == "190");
    CHECK(listed.header("x-hubspot-ratelimit-remaining") == "189");
    CHECK(portal.search("deals", "{}").header("x-hubspot-ratelimit-max").empty());
}

TEST_CASE("a list goes by ids, and shows what was archived only when asked for it") {
    Dataset data = twelve_deals();
    data.archive(ObjectType::deals, 993, *parse_instant("2026-11-03T09:00:00Z"));
    Portal portal(std::move(data), unlimited());
    const auto first = portal.get("/crm/v3/objects/deals?limit=3");
    CHECK(ids_of(first) == Ids{"991", "992", "994"});
    CHECK(next_of(first) == "995");
    const auto last = portal.get("/crm/v3/objects/deals?limit=100&after=995");
    CHECK(ids_of(last).size() == 8);
    CHECK(next_of(last).empty());
    const auto archived = portal.get("/crm/v3/objects/deals?archived=true");
    REQUIRE(ids_of(archived) == Ids{"993"});
    CHECK(archived.json["results"][0]["archivedAt"] == "2026-11-03T09:00:00Z");
    CHECK(portal.get("/crm/v3/objects/deals?limit=101").status == 400);
}

TEST_CASE("history comes newest first, for at most 50 records") {
    Dataset data = twelve_deals();
    data.set(ObjectType::deals, 991, {{"dealstage", "qualifiedtobuy"}},
             *parse_instant("2026-11-03T09:00:00Z"));
    data.set(ObjectType::deals, 991, {{"dealstage", "contractsent"}},
             *parse_instant("2026-11-05T09:00:00Z"));
    Portal portal(std::move(data), unlimited());
    const auto read = portal.post("/crm/v3/objects/deals/batch/read",
                                  R"({"inputs":[{"id":"991"}],"properties":["dealstage",
        "hs_v2_date_entered_qualifiedtobuy"],"propertiesWithHistory":["dealstage"]})");
    REQUIRE(read.status == 200);
    const auto& deal = read.json["results"][0];
    const auto& stages = deal["propertiesWithHistory"]["dealstage"];
    REQUIRE(stages.Size() == 2);
    CHECK(stages[0]["value"] == "contractsent");
    CHECK(stages[0]["timestamp"] == "2026-11-05T09:00:00Z");
    CHECK(stages[1]["value"] == "qualifiedtobuy");
    CHECK(deal["properties"]["hs_v2_date_entered_qualifiedtobuy"] == "2026-11-03T09:00:00Z");
    CHECK(portal.get("/crm/v3/objects/deals?limit=51&propertiesWithHistory=amount").status == 400);
    std::string too_many = inputs(991, 51);
    too_many.insert(1, R"("propertiesWithHistory":["amount"],)");
    CHECK(portal.post("/crm/v3/objects/deals/batch/read", too_many).status == 400);
    CHECK(portal.post("/crm/v3/objects/deals/batch/read", inputs(991, 101)).status == 400);
}

TEST_CASE("a batch read with absent ids is a 207 that names them") {
    Portal portal(twelve_deals(), unlimited());
    const auto read = portal.post("/crm/v3/objects/deals/batch/read", inputs(1002, 2));
    CHECK(read.status == 207);
    CHECK(ids_of(read) == Ids{"1002"});
    CHECK(read.json["errors"][0]["context"]["ids"][0] == "1003");
}

TEST_CASE(
    "associations: ids without any are errors of a 207, ids are numbers in v4 and texts later") {
    Dataset data = twelve_deals();
    const Instant noon = *parse_instant("2026-11-02T12:00:00Z");
    const auto company = data.create(ObjectType::companies, {{"name", "Acme"}}, noon);
    data.link(ObjectType::deals, 991, ObjectType::companies, company);
    Portal portal(std::move(data), unlimited());

    const auto v4 = portal.post("/crm/v4/associations/deals/companies/batch/read", inputs(991, 2));
    CHECK(v4.status == 207);
    const auto& to = v4.json["results"][0]["to"][0];
    CHECK(to["toObjectId"].GetInt64() == company);
    CHECK(to["associationTypes"][0]["typeId"].GetInt() == 5);
    CHECK(to["associationTypes"][0]["label"] == "Primary");
    CHECK(to["associationTypes"][1]["typeId"].GetInt() == 341);
    CHECK(v4.json["errors"][0]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND");
    CHECK(v4.json["errors"][0]["context"]["fromObjectId"][0] == "992");

    const auto dated =
        portal.post("/crm/associations/2026-03/deals/companies/batch/read", inputs(991, 1));
    CHECK(dated.status == 200);
    CHECK(dated.json["results"][0]["to"][0]["toObjectId"] == std::to_string(company));
    const auto back = portal.post("/crm/associations/2026-03/companies/deals/batch/read",
                                  inputs(static_cast<int>(company), 1));
    CHECK(back.json["results"][0]["to"][0]["toObjectId"] == "991");

    const auto listed = portal.get("/crm/v3/objects/deals?limit=1&associations=companies");
    CHECK(listed.json["results"][0]["associations"]["companies"]["results"][0]["type"] ==
          "deal_to_company");
}

TEST_CASE("more than 500 links of one record are paged") {
    Dataset data = twelve_deals();
    const Instant noon = *parse_instant("2026-11-02T12:00:00Z");
    for (int n = 0; n < 501; ++n)
        data.link(ObjectType::deals, 991, ObjectType::calls,
                  data.create(ObjectType::calls, {}, noon));
    Portal portal(std::move(data), unlimited());
    const auto batch =
        portal.post("/crm/associations/2026-03/deals/calls/batch/read", inputs(991, 1));
    const auto& first = batch.json["results"][0];
    CHECK(first["to"].Size() == 500);
    const std::string after = first["paging"]["next"]["after"].GetString();
    const auto rest =
        portal.get("/crm/objects/2026-03/deals/991/associations/calls?limit=500&after=" + after);
    REQUIRE(rest.json["results"].Size() == 1);
    CHECK(rest.json["results"][0]["toObjectId"] == after);
    CHECK_FALSE(rest.json.HasMember("paging"));
}

TEST_CASE("owners are paged; those who left come when asked for, without a user") {
    Dataset data;
    data.owners = {{1, "a@x.example", "A", "A", 11, false, "East"},
                   {2, "", "Inbound", "Queue", 0, false, ""},
                   {3, "c@x.example", "C", "C", 13, true, ""}};
    Portal portal(std::move(data), unlimited());
    const auto first = portal.get("/crm/v3/owners?limit=1");
    CHECK(ids_of(first) == Ids{"1"});
    CHECK(first.json["results"][0]["teams"][0]["name"] == "East");
    const auto second = portal.get("/crm/owners/2026-03?limit=1&after=" + next_of(first));
    REQUIRE(ids_of(second) == Ids{"2"});
    CHECK(second.json["results"][0]["type"] == "QUEUE");
    CHECK(second.json["results"][0]["email"].IsNull());
    CHECK(next_of(second).empty());
    const auto gone = portal.get("/crm/v3/owners?archived=true");
    REQUIRE(ids_of(gone) == Ids{"3"});
    CHECK(gone.json["results"][0]["userId"].IsNull());
    CHECK(gone.json["results"][0]["userIdIncludingInactive"].GetInt() == 13);
}

TEST_CASE("pipelines and the account say what mappings need") {
    Portal portal(twelve_deals(), unlimited());
    const auto pipelines = portal.get("/crm/v3/pipelines/deals");
    const auto& stages = pipelines.json["results"][0]["stages"];
    REQUIRE(stages.Size() == 7);
    CHECK(stages[5]["id"] == "closedwon");
    CHECK(stages[5]["metadata"]["isClosed"] == "true");
    CHECK(stages[5]["metadata"]["probability"] == "1.0");
    CHECK(portal.get("/account-info/v3/details").json["timeZone"] == "Europe/Berlin");
    CHECK(portal.get("/calling/v1/dispositions").json.Size() == 6);
    CHECK(portal.get("/crm/v3/nothing").status == 404);
}

TEST_CASE("the sixth search of a second is one too many") {
    Portal portal(twelve_deals());
    for (int n = 0; n < 5; ++n) CHECK(portal.search("deals", "{}").status == 200);
    const auto refused = portal.search("deals", "{}");
    CHECK(refused.status == 429);
    CHECK(refused.json["policyName"] == "SECONDLY");
    CHECK(refused.json["errorType"] == "RATE_LIMIT");
    CHECK(portal.get("/crm/v3/owners").status == 200);
    portal.advance(1s);
    CHECK(portal.search("deals", "{}").status == 200);
}

TEST_CASE("the request after the last of ten seconds, or of the day, is one too many") {
    SimulatorOptions options;
    options.quotas = {.search_per_second = 0, .per_ten_seconds = 2, .per_day = 3};
    Portal portal(twelve_deals(), options);
    portal.get("/crm/v3/owners");
    CHECK(portal.get("/crm/v3/owners").header("x-hubspot-ratelimit-remaining") == "0");
    CHECK(portal.get("/crm/v3/owners").json["policyName"] == "TEN_SECONDLY_ROLLING");
    portal.advance(10s);
    const auto third = portal.get("/crm/v3/owners");
    CHECK(third.status == 200);
    CHECK(third.header("x-hubspot-ratelimit-daily-remaining") == "0");
    CHECK(portal.get("/crm/v3/owners").json["policyName"] == "DAILY");
}

}  // namespace
}  // namespace nudged::crmsim
