// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/client.hpp"
#include "tests/crmsim/common/samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace nudged::crmsim {
namespace {

using namespace std::chrono_literals;
using Ids = std::vector<std::int64_t>;

const Client::Headers by_token{{"Authorization", "Bearer pat-eu1-demo"}, {"User-Agent", "tests"}};

struct SellClient : Client {
    explicit SellClient(Dataset data, SimulatorOptions options = unlimited())
        : Client("zendesk-sell", std::move(data), std::move(options)) {
        headers = by_token;
    }
};

Ids listed(const Portal::Answer& answer) {
    Ids ids;
    REQUIRE(answer.status == 200);
    for (const auto& item : answer.json["items"].GetArray())
        ids.push_back(item["data"]["id"].GetInt64());
    return ids;
}

/// One deal of a company and a person, with a call and a task, all of a Monday in November.
Dataset small_account() {
    Dataset data;
    const Instant nine = *parse_instant("2026-11-02T09:00:00.250Z");
    const auto company =
        data.create(ObjectType::companies, {{"name", "Globex"}, {"hubspot_owner_id", "7"}}, nine);
    const auto person = data.create(
        ObjectType::contacts,
        {{"firstname", "Ann"}, {"lastname", "Chovey"}, {"email", "a@globex.example"}}, nine);
    const auto deal = data.create(ObjectType::deals,
                                  {{"dealname", "40 seats"},
                                   {"amount", "48000.00"},
                                   {"dealstage", "closedwon"},
                                   {"closedate", "2026-11-30T23:30:00Z"}},
                                  nine);
    const auto call = data.create(ObjectType::calls,
                                  {{"hs_call_duration", "61500"},
                                   {"hs_call_direction", "INBOUND"},
                                   {"hs_timestamp", "2026-11-02T08:00:00Z"}},
                                  nine);
    const auto task = data.create(ObjectType::tasks, {{"hs_task_subject", "Offer"}}, nine);
    data.link(ObjectType::deals, deal, ObjectType::companies, company);
    data.link(ObjectType::calls, call, ObjectType::companies, company);
    data.link(ObjectType::calls, call, ObjectType::deals, deal);
    data.link(ObjectType::tasks, task, ObjectType::contacts, person);
    return data;
}

TEST_CASE("Zendesk Sell: who does not say who is asking gets 400, an unknown token 401") {
    SellClient client(twelve_deals());
    client.headers = {{"Authorization", "Bearer pat-eu1-demo"}};
    CHECK(client.get("/v2/deals").status == 400);
    client.headers = {{"Authorization", "Bearer another"}, {"User-Agent", "tests"}};
    CHECK(client.get("/v2/deals").status == 401);
    client.headers = by_token;
    CHECK(client.get("/v2/deals").status == 200);
    CHECK(client.get("/v2/appointments").status == 404);
}

TEST_CASE("Zendesk Sell: an app's refresh token gives tokens that end, and the next one") {
    SimulatorOptions options = unlimited();
    options.token_life = 60s;
    options.rotate_refresh_token = true;
    SellClient client(twelve_deals(), options);
    client.headers = {{"Authorization", "Basic YXBwOnNlY3JldA=="},  // app:secret
                      {"User-Agent", "tests"}};
    const std::string form = "grant_type=refresh_token&refresh_token=";
    const auto granted = client.post("/oauth2/token", form + "pat-eu1-demo");
    REQUIRE(granted.status == 200);
    CHECK(client.post("/oauth2/token", form + "pat-eu1-demo").json["error"] == "invalid_grant");
    const std::string next = granted.json["refresh_token"].GetString();
    CHECK(client.post("/oauth2/token", form + next).status == 200);
    client.headers = {
        {"Authorization", std::string("Bearer ") + granted.json["access_token"].GetString()},
        {"User-Agent", "tests"}};
    CHECK(client.get("/v2/deals").status == 200);
    client.advance(60s);
    CHECK(client.get("/v2/deals").status == 401);
}

TEST_CASE("Zendesk Sell: lists have pages, an order, and no more than a hundred rows each") {
    SellClient client(twelve_deals());
    const auto newest = client.get("/v2/deals?per_page=5&sort_by=updated_at:desc");
    // Numbers 5, 6 and 7 share one time: the order of ids decides there.
    CHECK(listed(newest) == Ids{1002, 1001, 1000, 999, 998});
    CHECK(newest.json["meta"]["count"].GetInt64() == 5);
    CHECK(newest.json["meta"]["links"].HasMember("next_page"));
    const auto last = client.get("/v2/deals?per_page=5&page=3");
    CHECK(listed(last) == Ids{1001, 1002});
    CHECK_FALSE(last.json["meta"]["links"].HasMember("next_page"));
    CHECK(listed(client.get("/v2/deals?ids=993,995,7")) == Ids{993, 995});
    CHECK(client.get("/v2/deals?per_page=101").status == 400);
    CHECK(client.get("/v2/deals?sort_by=value").status == 400);
}

TEST_CASE("Zendesk Sell: rows have the members of its documents, and say it in its words") {
    SellClient client(small_account());
    const auto row = [&](const std::string& list) -> rapidjson::Document {
        auto answer = client.get("/v2/" + list);
        rapidjson::Document copy;
        copy.CopyFrom(answer.json["items"][0]["data"], copy.GetAllocator());
        return copy;
    };
    const auto deal = row("deals");
    CHECK(deal["stage_id"].GetInt64() == 6);
    CHECK(deal["value"] == "48000.00");
    CHECK(deal["organization_id"].GetInt64() == 7001);
    CHECK(deal["contact_id"].GetInt64() == 7001);  // nobody in particular there
    CHECK(deal["updated_at"] == "2026-11-02T09:00:00Z");
    CHECK(deal["estimated_close_date"] == "2026-12-01");  // half past midnight in Berlin
    const auto call = row("calls");
    CHECK(call["duration"].GetInt64() == 61);
    CHECK(call["incoming"].GetBool());
    CHECK(call["resource_type"] == "contact");
    CHECK(call["associated_deal_ids"][0].GetInt64() == 991);
    CHECK(row("tasks")["resource_id"].GetInt64() == 88001);
    CHECK(listed(client.get("/v2/contacts?is_organization=true")) == Ids{7001});
    CHECK(listed(client.get("/v2/contacts")) == Ids{7001, 88001});
    for (const auto* list : {"deals", "calls", "tasks"}) {
        const Names expected = sample_members(
            std::string("zendesk-sell/samples/") + list + "-page1.json", "/items/0/data");
        const Names told = member_names(row(list));
        CAPTURE(list);
        for (const auto& name : expected) CHECK(told.contains(name));
    }
}

TEST_CASE("Zendesk Sell: the Firehose tells what was deleted, for 72 hours, to the root user") {
    SellClient client(twelve_deals());
    const auto edit = [&](const std::string& action, const std::string& id) {
        CHECK(client
                  .post("/_sim/edit",
                        R"({"object":"deals","action":")" + action + R"(","id":")" + id + "\"}")
                  .status == 200);
    };
    const auto empty = client.get("/v3/deals/stream?position=tail");
    CHECK(empty.json["items"].Empty());
    CHECK(empty.json["meta"]["top"].GetBool());
    edit("set", "991");
    edit("archive", "992");
    edit("forget", "993");  // a merge: not told
    edit("archive", "994");
    const std::string tail = "/v3/deals/stream?limit=2&position=";
    const auto first = client.get(tail + empty.json["meta"]["position"].GetString());
    CHECK(listed(first) == Ids{991, 992});
    CHECK(first.json["items"][1]["meta"]["event_type"] == "deleted");
    CHECK_FALSE(first.json["meta"]["top"].GetBool());
    const std::string position = first.json["meta"]["position"].GetString();
    const auto second = client.get(tail + position);
    CHECK(listed(second) == Ids{994});
    CHECK(second.json["meta"]["top"].GetBool());
    CHECK(client.get("/v3/tasks/stream?position=tail").json["items"].Empty());
    client.advance(73h);
    CHECK(client.get(tail + "tail").json["items"].Empty());
    CHECK(client.get(tail + position).status == 400);
    CHECK(client.post("/_sim/dialect/root", R"({"root":false})").status == 200);
    CHECK(client.get(tail + "tail").status == 403);
}

}  // namespace
}  // namespace nudged::crmsim
