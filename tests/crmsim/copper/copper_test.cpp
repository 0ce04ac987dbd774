// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/client.hpp"
#include "tests/crmsim/common/samples.hpp"

#include <catch2/catch.hpp>

namespace nudged::crmsim {
namespace {

using Ids = std::vector<std::int64_t>;

const Client::Headers by_key{{"X-PW-AccessToken", "pat-eu1-demo"},
                             {"X-PW-Application", "developer_api"},
                             {"X-PW-UserEmail", "ana@x.example"}};

struct CopperClient : Client {
    explicit CopperClient(Dataset data, SimulatorOptions options = unlimited())
        : Client("copper", std::move(data), std::move(options)) {
        headers = by_key;
    }
};

Portal::Answer search(Client& client, const std::string& list, const std::string& body = "{}") {
    return client.post("/developer_api/v1/" + list + "/search", body);
}

Ids listed(const Portal::Answer& answer) {
    Ids ids;
    REQUIRE(answer.status == 200);
    for (const auto& row : answer.json.GetArray()) ids.push_back(row["id"].GetInt64());
    return ids;
}

TEST_CASE("Copper: a key goes with whose it is; an app's token stands alone") {
    CopperClient client(twelve_deals());
    CHECK(search(client, "opportunities").status == 200);
    client.headers = {by_key[0], by_key[1]};
    const auto refused = search(client, "opportunities");
    CHECK(refused.status == 401);
    CHECK_FALSE(refused.json["success"].GetBool());
    client.headers = {{"Authorization", "Bearer pat-eu1-demo"}, by_key[1]};
    CHECK(search(client, "opportunities").status == 200);
    client.headers = {{"Authorization", "Bearer pat-eu1-demo"}};
    CHECK(search(client, "opportunities").status == 401);
}

TEST_CASE("Copper: a search sorts, filters by both ends, pages, and counts in a header") {
    CopperClient client(twelve_deals());
    // 2026-11-02T09:01:00Z is 1793610060 s; number n was changed n minutes after nine.
    const auto found = search(client, "opportunities",
                              R"({"page_number":2,"page_size":2,"sort_by":"date_modified",
                                  "sort_direction":"asc","minimum_modified_date":1793610060,
                                  "maximum_modified_date":1793610240})");
    CHECK(listed(found) == Ids{994, 995});  // of 992, 993, 994, 995
    CHECK(found.header("x-pw-total") == "4");
    CHECK(listed(search(client, "opportunities", R"({"page_number":9})")).empty());
    CHECK(search(client, "opportunities", R"({"page_size":201})").status == 422);
    CHECK(search(client, "opportunities", R"({"minimum_modified":1})").status == 422);
    CHECK(search(client, "notes").status == 404);
}

TEST_CASE("Copper: activities are searched by when they took place; what moved on is one of them") {
    Dataset data;
    const Instant nine = *parse_instant("2026-11-02T09:00:00Z");
    const auto deal = data.create(ObjectType::deals, {{"dealstage", "qualifiedtobuy"}}, nine);
    data.set(ObjectType::deals, deal, {{"dealstage", "closedlost"}}, nine + std::chrono::hours{1});
    data.create(ObjectType::calls, {{"hs_timestamp", "2026-11-02T08:00:00Z"}}, nine);
    data.create(ObjectType::meetings, {{"hs_meeting_title", "Demo"}}, nine);
    data.link(ObjectType::calls, 9998801, ObjectType::deals, deal);
    CopperClient client(std::move(data));
    const auto all = search(client, "activities");
    CHECK(listed(all) == Ids{50'000'991'001, 9401, 9998801});
    CHECK(all.json[0]["type"]["category"] == "system");
    CHECK(all.json[2]["type"]["id"].GetInt64() == 160826);
    CHECK(all.json[2]["parent"]["type"] == "opportunity");
    // 08:00 is 1793606400 s.
    CHECK(listed(search(client, "activities", R"({"maximum_activity_date":1793606400})")) ==
          Ids{9998801});
    CHECK(search(client, "activities", R"({"sort_by":"rank"})").status == 422);
    const auto types = client.get("/developer_api/v1/activity_types");
    CHECK(types.json["user"][1]["name"] == "Phone Call");
}

TEST_CASE("Copper: winning and losing is a status; the stage stays, and is told in its pipeline") {
    Dataset data;
    const Instant nine = *parse_instant("2026-11-02T09:00:00Z");
    data.create(ObjectType::deals,
                {{"dealstage", "qualifiedtobuy"}, {"closedate", "2026-04-29T23:30:00Z"}}, nine);
    data.set(ObjectType::deals, 991, {{"dealstage", "closedwon"}}, nine + std::chrono::hours{1});
    data.owners = {{7, "a@x.example", "Ana", "Duarte", 11, false, ""},
                   {8, "b@x.example", "Ben", "Okafor", 12, true, ""}};
    data.create(ObjectType::tasks, {{"hs_task_subject", "Offer"}}, nine);
    CopperClient client(std::move(data));
    const auto deal = client.get("/developer_api/v1/opportunities/991");
    CHECK(deal.json["status"] == "Won");
    CHECK(deal.json["pipeline_stage_id"].GetInt64() == 2);
    CHECK(deal.json["close_date"] == "4/30/2026");               // half past one in Berlin's summer
    CHECK(deal.json["date_modified"].GetInt64() == 1793613600);  // ten o'clock
    CHECK(client.get("/developer_api/v1/opportunities/992").status == 404);
    const auto pipelines = client.get("/developer_api/v1/pipelines");
    CHECK(pipelines.json[0]["stages"].Size() == 5);
    CHECK(listed(search(client, "users")) == Ids{7});
    for (const auto& [list, sample] :
         {std::pair{"opportunities", "opportunities-search"}, std::pair{"tasks", "tasks-search"}}) {
        const Names told = member_names(search(client, list).json[0]);
        CAPTURE(list);
        for (const auto& name :
             sample_members(std::string("copper/samples/") + sample + ".json", "/0"))
            CHECK(told.contains(name));
    }
}

TEST_CASE("Copper: too many requests are refused without a word on how long") {
    SimulatorOptions options = unlimited();
    options.quotas.per_ten_seconds = 2;
    CopperClient client(twelve_deals(), options);
    CHECK(search(client, "users").status == 200);
    CHECK(search(client, "users").status == 200);
    const auto refused = search(client, "users");
    CHECK(refused.status == 429);
    CHECK(refused.header("retry-after").empty());
    client.advance(std::chrono::seconds{10});
    CHECK(search(client, "users").status == 200);
}

}  // namespace
}  // namespace nudged::crmsim
