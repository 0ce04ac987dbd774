// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/pipedrive/fixture.hpp"

namespace nudged::crmsim {
namespace {

using namespace pipedrive_test;
using namespace std::chrono_literals;

Ids walk(Client& client, const std::string& target) {
    Ids all;
    for (std::string cursor;;) {
        const auto page = client.get(target + (cursor.empty() ? "" : "&cursor=" + cursor));
        for (const std::int64_t id : listed(page)) all.push_back(id);
        cursor = next_cursor(page);
        if (cursor.empty()) return all;
    }
}

Ids range(std::int64_t first, std::int64_t last) {
    Ids ids;
    for (std::int64_t id = first; id <= last; ++id) ids.push_back(id);
    return ids;
}

TEST_CASE("Pipedrive: a walk by change time gives every deal once, ties at a page's edge too") {
    Client client = pipedrive_of(twelve_deals());
    client.headers = by_token;
    // 996, 997 and 998 share one instant: sizes 6 and 7 end a page between them.
    const int limit = GENERATE(1, 5, 6, 7, 12, 500);
    const std::string size = "&limit=" + std::to_string(limit);
    CHECK(walk(client, "/api/v2/deals?sort_by=update_time" + size) == range(991, 1002));
    Ids backwards = range(991, 1002);
    std::ranges::reverse(backwards);
    CHECK(walk(client, "/api/v2/deals?sort_by=update_time&sort_direction=desc" + size) ==
          backwards);
}

TEST_CASE("Pipedrive: a deal that changes during a walk is seen again at its end") {
    Client client = pipedrive_of(twelve_deals());
    client.headers = by_token;
    const auto first = client.get("/api/v2/deals?sort_by=update_time&limit=6");
    client.post("/_sim/edit", R"({"action":"set","object":"deals","id":"991","properties":{}})");
    const auto rest =
        client.get("/api/v2/deals?sort_by=update_time&limit=500&cursor=" + next_cursor(first));
    Ids expected = range(997, 1002);
    expected.push_back(991);
    CHECK(listed(rest) == expected);
}

TEST_CASE("Pipedrive: updated_since takes its instant in, updated_until leaves it out") {
    Client client = pipedrive_of(twelve_deals());
    client.headers = by_token;
    CHECK(listed(client.get("/api/v2/deals?updated_since=2026-11-02T09:05:00Z")) ==
          range(996, 1002));
    CHECK(listed(client.get("/api/v2/deals?updated_until=2026-11-02T09:05:00Z")) ==
          range(991, 995));
    CHECK(listed(client.get("/api/v2/deals?ids=993,1001,5")) == Ids{993, 1001});
}

TEST_CASE("Pipedrive: what cannot be read is refused and named") {
    Client client = pipedrive_of(twelve_deals());
    client.headers = by_token;
    const std::string wrong = GENERATE(
        as<std::string>{}, "updated_since=2026-11-02T09:05:00.000Z", "updated_since=2026-11-02",
        "sort_by=title", "sort_by=due_date", "sort_direction=up", "limit=501", "limit=0",
        "limit=many", "status=gone", "include_fields=nothing", "cursor=@@",
        "updated_after=2026-11-02T09:05:00Z", "done=true");
    const auto refused = client.get("/api/v2/deals?" + wrong);
    CHECK(refused.status == 400);
    CHECK_FALSE(refused.json["success"].GetBool());
    CHECK(refused.json["error"] ==
          "Parameter '" + wrong.substr(0, wrong.find('=')) + "' is invalid");
    CHECK(refused.json["code"] == "ERR_SCHEMA_VALIDATION_FAILED");
}

TEST_CASE("Pipedrive: a cursor goes on with its own walk alone") {
    Client client = pipedrive_of(twelve_deals());
    client.headers = by_token;
    const auto page = client.get("/api/v2/deals?sort_by=update_time&limit=1");
    CHECK(client.get("/api/v2/deals?sort_by=add_time&cursor=" + next_cursor(page)).status == 400);
}

TEST_CASE("Pipedrive: deleted deals are listed when asked for, for thirty days") {
    Client client = pipedrive_of(twelve_deals());
    client.headers = by_token;
    client.post("/_sim/edit", R"({"action":"archive","object":"deals","id":"993"})");
    CHECK(listed(client.get("/api/v2/deals")).size() == 11);
    const auto deleted = client.get("/api/v2/deals?status=deleted");
    REQUIRE(listed(deleted) == Ids{993});
    CHECK(deleted.json["data"][0]["status"] == "deleted");
    CHECK(deleted.json["data"][0]["is_deleted"].GetBool());
    CHECK(listed(client.get("/api/v2/deals?status=open,won,lost,deleted")).size() == 12);
    client.advance(std::chrono::days{31});
    CHECK(listed(client.get("/api/v2/deals?status=deleted")).empty());
    CHECK(client.get("/api/v2/deals/993").status == 404);
}

TEST_CASE("Pipedrive: archived deals are a list of their own") {
    Client client = pipedrive_of(twelve_deals());
    client.headers = by_token;
    client.post("/_sim/dialect/archive_deal", R"({"id":"993"})");
    CHECK(listed(client.get("/api/v2/deals")).size() == 11);
    const auto archived = client.get("/api/v2/deals/archived");
    REQUIRE(listed(archived) == Ids{993});
    CHECK(archived.json["data"][0]["is_archived"].GetBool());
    CHECK(archived.json["data"][0]["archive_time"] == "2026-11-20T12:00:00Z");
    CHECK(archived.json["data"][0]["update_time"] == "2026-11-20T12:00:00Z");
    CHECK(client.get("/api/v2/deals/993").json["data"]["is_archived"].GetBool());
}

TEST_CASE("Pipedrive: winning is a status, and leaves the stage and the expected day") {
    Dataset data;
    const auto at = [](const char* text) { return *parse_instant(text); };
    const auto id = data.create(ObjectType::deals,
                                {{"dealname", "Globex"},
                                 {"amount", "1200.50"},
                                 {"dealstage", "qualifiedtobuy"},
                                 {"closedate", "2026-11-30T12:00:00Z"}},
                                at("2026-11-02T09:00:00Z"));
    data.set(ObjectType::deals, id, {{"dealstage", "contractsent"}}, at("2026-11-03T09:00:00Z"));
    data.set(ObjectType::deals, id,
             {{"dealstage", "closedwon"}, {"closedate", "2026-11-05T23:30:00Z"}},
             at("2026-11-05T23:30:00.250Z"));
    Client client = pipedrive_of(std::move(data));
    client.headers = by_token;
    const auto answer = client.get("/api/v2/deals/991");
    const auto& deal = answer.json["data"];
    CHECK(deal["status"] == "won");
    CHECK(deal["stage_id"].GetInt64() == 5);  // "contractsent" is the fifth
    CHECK(deal["stage_change_time"] == "2026-11-03T09:00:00Z");
    CHECK(deal["won_time"] == "2026-11-05T23:30:00Z");
    CHECK(deal["lost_time"].IsNull());
    CHECK(deal["local_close_date"] == "2026-11-06");  // half past midnight in Berlin
    CHECK(deal["expected_close_date"] == "2026-11-30");
    CHECK(deal["value"].GetDouble() == 1200.5);
    CHECK(deal["probability"].IsNull());
    const auto log = client.get("/v1/deals/991/changelog");
    REQUIRE(log.json["data"].Size() == 2);
    CHECK(log.json["data"][0]["field_key"] == "status");
    CHECK(log.json["data"][0]["new_value"] == "won");
    CHECK(log.json["data"][0]["time"] == "2026-11-05 23:30:00");
    CHECK(log.json["data"][1]["field_key"] == "stage_id");
    CHECK(log.json["data"][1]["old_value"] == "2");
    CHECK(log.json["data"][1]["new_value"] == "5");
    const auto page = client.get("/v1/deals/991/changelog?limit=1");
    CHECK(next_cursor(page) == "aWQ6MQ");  // "id:1"
    CHECK(
        client.get("/v1/deals/991/changelog?limit=1&cursor=aWQ6MQ").json["data"][0]["field_key"] ==
        "stage_id");
}

TEST_CASE("Pipedrive: calls, tasks and meetings are activities; deleted ones just vanish") {
    Dataset data;
    const Instant nine = *parse_instant("2026-11-02T09:00:00Z");
    const auto call = data.create(ObjectType::calls,
                                  {{"hs_timestamp", "2026-11-02T08:58:20Z"},
                                   {"hs_call_duration", "61000"},
                                   {"hubspot_owner_id", "7"}},
                                  nine);
    const auto task = data.create(ObjectType::tasks,
                                  {{"hs_task_subject", "Check in"},
                                   {"hs_task_type", "CALL"},
                                   {"hs_timestamp", "2026-11-29T23:00:00Z"}},  // midnight, Berlin
                                  nine + 1min);
    data.create(ObjectType::meetings,
                {{"hs_meeting_start_time", "2026-11-04T10:30:00Z"},
                 {"hs_meeting_end_time", "2026-11-04T11:15:00Z"},
                 {"hs_meeting_outcome", "SCHEDULED"}},
                nine + 2min);
    Client client = pipedrive_of(std::move(data));
    client.headers = by_token;
    const auto answer = client.get("/api/v2/activities?sort_by=update_time");
    CHECK(listed(answer) == Ids{call, task, 9401});
    const auto& all = answer.json["data"];
    CHECK(all[0]["type"] == "call");
    CHECK(all[0]["done"].GetBool());
    CHECK(all[0]["due_time"] == "08:58:00");
    CHECK(all[0]["duration"] == "00:02:00");  // whole minutes
    CHECK(all[1]["type"] == "call");
    CHECK_FALSE(all[1]["done"].GetBool());
    CHECK(all[1]["due_date"] == "2026-11-30");
    CHECK(all[1]["due_time"].IsNull());
    CHECK(all[2]["type"] == "meeting");
    CHECK(all[2]["duration"] == "00:45:00");
    CHECK(listed(client.get("/api/v2/activities?done=false")) == Ids{9401, task});
    client.post("/_sim/edit", R"({"action":"archive","object":"tasks","id":"31001"})");
    CHECK(listed(client.get("/api/v2/activities")) == Ids{9401, call});
    CHECK(client.get("/api/v2/activities/31001").json["data"]["is_deleted"].GetBool());
    CHECK(client.get("/api/v2/activities/5").json["error"] == "Activity not found");
}

}  // namespace
}  // namespace nudged::crmsim
