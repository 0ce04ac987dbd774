// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/client.hpp"
#include "tests/crmsim/common/samples.hpp"

#include <catch2/catch.hpp>

namespace nudged::crmsim {
namespace {

using Ids = std::vector<std::int64_t>;

struct FreshsalesClient : Client {
    explicit FreshsalesClient(Dataset data) : Client("freshsales", std::move(data), unlimited()) {
        headers = {{"Authorization", "Token token=pat-eu1-demo"}};
    }
};

Ids listed(const Portal::Answer& answer, const char* list) {
    Ids ids;
    REQUIRE(answer.status == 200);
    for (const auto& row : answer.json[list].GetArray()) ids.push_back(row["id"].GetInt64());
    return ids;
}

TEST_CASE("Freshsales: a view's rows come sorted and in pages, related ones at their side") {
    FreshsalesClient client(twelve_deals());
    const std::string path = "/crm/sales/api/deals/view/402000000001?per_page=5";
    const auto newest =
        client.get(path + "&sort=updated_at&sort_type=desc&include=owner,deal_stage");
    // Numbers 5, 6 and 7 share one time: the order of ids decides there.
    CHECK(listed(newest, "deals") == Ids{1002, 1001, 1000, 999, 998});
    CHECK(newest.json["meta"]["total"].GetInt64() == 12);
    CHECK(newest.json["meta"]["total_pages"].GetInt64() == 3);
    CHECK(newest.json["deal_stages"].Size() == 7);
    CHECK(newest.json["users"].IsArray());
    CHECK(listed(client.get(path + "&page=4"), "deals").empty());
    CHECK(client.get("/crm/sales/api/deals/filters").json["filters"][0]["id"].GetInt64() ==
          402000000001);
    CHECK(client.get(path + "&sort=amount").status == 400);
    client.headers = {{"Authorization", "Token token=another"}};
    const auto refused = client.get(path);
    CHECK(refused.status == 401);
    CHECK(refused.json["login"] == "failed");
}

TEST_CASE("Freshsales: what is deleted is in no view, and not found by its id") {
    FreshsalesClient client(twelve_deals());
    CHECK(client.get("/crm/sales/api/deals/991").json["deal"]["id"].GetInt64() == 991);
    CHECK(client.post("/_sim/edit", R"({"object":"deals","action":"archive","id":"991"})").status ==
          200);
    CHECK(client.get("/crm/sales/api/deals/991").status == 404);
    CHECK(listed(client.get("/crm/sales/api/deals/view/1?per_page=100"), "deals").size() == 11);
}

TEST_CASE("Freshsales: tasks and appointments are told by filters, which part them") {
    Dataset data;
    const Instant nine = *parse_instant("2026-11-20T09:00:00Z");
    data.create(ObjectType::tasks, {{"hs_task_status", "COMPLETED"}}, nine);
    data.create(ObjectType::tasks, {{"hs_task_subject", "Offer"}}, nine);
    data.create(ObjectType::deals, {{"dealname", "40 seats"}}, nine);
    data.link(ObjectType::tasks, 31002, ObjectType::deals, 991);
    // It is noon.
    data.create(ObjectType::meetings, {{"hs_meeting_start_time", "2026-11-20T11:59:00Z"}}, nine);
    data.create(ObjectType::meetings, {{"hs_meeting_start_time", "2026-11-20T12:00:00Z"}}, nine);
    FreshsalesClient client(std::move(data));
    const auto open = client.get("/api/tasks?filter=open");
    CHECK(listed(open, "tasks") == Ids{31002});
    CHECK(open.json["tasks"][0]["targetable"]["type"] == "Deal");
    CHECK(open.json["tasks"][0]["status"].GetInt64() == 0);
    CHECK(listed(client.get("/api/tasks?filter=completed"), "tasks") == Ids{31001});
    CHECK(listed(client.get("/api/appointments?filter=past"), "appointments") == Ids{9401});
    CHECK(listed(client.get("/api/appointments?filter=upcoming"), "appointments") == Ids{9402});
    CHECK(client.get("/api/tasks").status == 400);
    for (const auto& [path, list, sample] :
         {std::tuple{"/api/tasks?filter=open", "tasks", "tasks-list"},
          std::tuple{"/api/deals/view/1", "deals", "deals-view"}}) {
        const auto answer = client.get(path);
        const Names told = member_names(answer.json[list][0]);
        CAPTURE(list);
        for (const auto& name :
             sample_members(std::string("freshsales/samples/") + sample + ".json",
                            std::string("/") + list + "/0"))
            CHECK(told.contains(name));
    }
}

}  // namespace
}  // namespace nudged::crmsim
