// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/samples.hpp"
#include "tests/crmsim/pipedrive/fixture.hpp"

namespace nudged::crmsim {
namespace {

using namespace pipedrive_test;
using namespace std::chrono_literals;

TEST_CASE("Pipedrive: v1 keeps users and call logs, and nothing that v2 has") {
    Dataset data;
    data.owners = {{7, "a@x.example", "Ana", "Duarte", 11, false, ""},
                   {8, "b@x.example", "Ben", "Okafor", 12, true, ""}};
    for (int n = 0; n < 3; ++n)
        data.create(ObjectType::calls,
                    {{"hs_timestamp", "2026-11-02T08:58:2" + std::to_string(n) + "Z"},
                     {"hs_call_duration", "61000"},
                     {"hs_call_disposition", "f240bbac-87c9-4f6e-bf70-924b57d47db7"},
                     {"hubspot_owner_id", n == 1 ? "8" : "7"}},
                    *parse_instant("2026-11-02T09:00:00Z"));
    Client client = pipedrive_of(std::move(data));
    client.headers = by_token;
    const auto users = client.get("/v1/users");
    CHECK(listed(users) == Ids{7, 8});
    CHECK(users.json["data"][0]["created"] == "2024-01-10 08:00:00");
    CHECK(users.json["data"][0]["timezone_offset"] == "+01:00");
    CHECK_FALSE(users.json["data"][1]["active_flag"].GetBool());
    const auto logs = client.get("/v1/callLogs?limit=1");
    REQUIRE(logs.json["data"].Size() == 1);  // the token is Ana's
    CHECK(logs.json["data"][0]["activity_id"].GetInt64() == 9998803);
    CHECK(logs.json["data"][0]["duration"] == "61");
    CHECK(logs.json["data"][0]["outcome"] == "connected");
    CHECK(logs.json["data"][0]["end_time"] == "2026-11-02T08:59:23.000Z");
    const auto& paging = logs.json["additional_data"]["pagination"];
    CHECK(paging["more_items_in_collection"].GetBool());
    CHECK(paging["next_start"].GetInt64() == 1);
    CHECK(client.get("/v1/callLogs?limit=51").status == 400);
    CHECK(client.get("/v1/callLogs?start=2").json["data"].IsNull());
    CHECK(client.get("/v1/deals").status == 410);
    CHECK(client.get("/v1/recents").status == 404);
}

TEST_CASE("Pipedrive: more requests than a burst allows wait two seconds, a spent budget the day") {
    SimulatorOptions options;
    options.quotas = {.search_per_second = 0, .per_ten_seconds = 10, .per_day = 45};
    Client client = pipedrive_of(twelve_deals(), options);
    client.headers = by_token;
    CHECK(client.get("/api/v2/deals").header("x-ratelimit-remaining") == "1");  // 10 tokens
    CHECK(client.get("/api/v2/deals").header("x-ratelimit-limit") == "2");      // 20
    const auto burst = client.get("/api/v2/deals");
    CHECK(burst.status == 429);
    CHECK(burst.json["error"] == "request over limit");
    CHECK(burst.header("x-ratelimit-reset") == "2");
    client.advance(2s);
    CHECK(client.get("/v1/users").status == 200);  // 40
    const auto spent = client.get("/api/v2/deals");
    CHECK(spent.status == 429);
    // From two seconds past noon to midnight.
    CHECK(spent.header("x-ratelimit-reset") == "43198");
    CHECK(client.get("/api/v2/stages").status == 200);  // 45
    client.advance(12h);
    CHECK(client.get("/api/v2/deals").status == 200);
}

TEST_CASE("Pipedrive: whoever hammers on is shut out in HTML") {
    SimulatorOptions options;
    options.quotas = {.search_per_second = 0, .per_ten_seconds = 0, .per_day = 5};
    Client client = pipedrive_of(twelve_deals(), options);
    client.headers = by_token;
    for (int n = 0; n < 50; ++n) CHECK(client.get("/api/v2/deals").status == 429);
    const auto refused = client.get("/api/v2/stages");
    CHECK(refused.status == 403);
    CHECK(refused.header("content-type") == "text/html; charset=UTF-8");
    client.advance(60s);
    CHECK(client.get("/api/v2/stages").status == 200);
}

TEST_CASE("Pipedrive: access tokens come for a refresh token, end, and rotate") {
    SimulatorOptions options = unlimited();
    options.token_life = 60s;
    options.rotate_refresh_token = true;
    Client client = pipedrive_of(twelve_deals(), options);
    CHECK(client.get("/api/v2/deals").json["errorCode"].GetInt64() == 401);
    const std::string order = "grant_type=refresh_token&refresh_token=";
    CHECK(client.post("/oauth/token", order + "pat-eu1-demo").json["error"] == "invalid_client");
    client.headers = {{"Authorization", "Basic aWQ6c2VjcmV0"}};  // id:secret
    const auto grant = client.post("/oauth/token", order + "pat-eu1-demo");
    REQUIRE(grant.status == 200);
    CHECK(grant.json["api_domain"] == "http://127.0.0.1");
    CHECK(grant.json["expires_in"].GetInt64() == 60);
    CHECK(client.post("/oauth/token", order + "pat-eu1-demo").json["error"] == "invalid_grant");
    const std::string replaced = grant.json["refresh_token"].GetString();
    CHECK(client.post("/oauth/token", order + replaced).status == 200);
    client.headers = {
        {"Authorization", std::string("Bearer ") + grant.json["access_token"].GetString()}};
    CHECK(client.get("/api/v2/deals").status == 200);
    client.advance(60s);
    CHECK(client.get("/api/v2/deals").status == 401);
}

TEST_CASE("Pipedrive: records have the members that the samples have") {
    Dataset data = twelve_deals();
    const Instant nine = *parse_instant("2026-11-02T09:00:00Z");
    data.owners = {{7, "a@x.example", "Ana", "Duarte", 11, false, ""}};
    data.create(ObjectType::contacts, {{"firstname", "Ana"}}, nine);
    data.create(ObjectType::companies, {{"name", "Globex"}}, nine);
    data.create(ObjectType::tasks, {{"hs_task_subject", "Call"}}, nine);
    struct Case {
        const char* path;
        const char* sample;
        Names aside;
    };
    const Case c = GENERATE(values<Case>(
        {{"/api/v2/deals", "v2-deals-list", {}},
         {"/api/v2/activities?include_fields=attendees", "v2-activities-list", {}},
         {"/api/v2/persons", "v2-persons-list", {}},
         {"/api/v2/organizations", "v2-organizations-list", {"org_id"}},  // the sample's own slip
         {"/api/v2/stages", "v2-stages-list", {}},
         {"/api/v2/pipelines", "v2-pipelines-list", {}},
         {"/v1/users", "v1-users-list", {}},
         {"/v1/activityTypes", "v1-activity-types", {}},
         {"/v1/currencies", "v1-currencies", {}}}));
    Client client = pipedrive_of(std::move(data));
    client.headers = by_token;
    Names expected = sample_members(std::string("pipedrive/samples/") + c.sample + ".json");
    if (expected.empty()) return;
    for (const std::string& name : c.aside) expected.erase(name);
    CHECK(member_names(client.get(c.path).json["data"][0]) == expected);
}

}  // namespace
}  // namespace nudged::crmsim
