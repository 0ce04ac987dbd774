// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/client.hpp"
#include "tests/crmsim/common/samples.hpp"

#include "tests/crmsim/common/base64.hpp"

namespace nudged::crmsim {
namespace {

using Ids = std::vector<std::string>;
using namespace std::chrono_literals;

const Client::Headers by_key{{"Authorization", "Basic " + to_base64("pat-eu1-demo:")}};

Client close_of(Dataset data, SimulatorOptions options = unlimited()) {
    return Client("close", std::move(data), std::move(options));
}

Ids listed(const Portal::Answer& answer) {
    Ids ids;
    INFO(answer.text);
    REQUIRE(answer.status == 200);
    for (const auto& record : answer.json["data"].GetArray())
        ids.push_back(record["id"].GetString());
    return ids;
}

/// Three calls of one lead, 7001: two at ten, one at eleven; a task of each type; Ben's deal.
Dataset small_office() {
    Dataset data;
    const auto at = [](const char* text) { return *parse_instant(text); };
    data.owners = {{7, "a@x.example", "Ana", "Duarte", 11, false, ""},
                   {8, "b@x.example", "Ben", "Okafor", 12, true, ""},
                   {9, "", "Inbound", "Queue", 0, false, ""}};
    const auto lead =
        data.create(ObjectType::companies, {{"name", "Globex"}}, at("2026-09-01T08:00:00Z"));
    const auto contact =
        data.create(ObjectType::contacts, {{"firstname", "Ana"}, {"lastname", "Díaz"}},
                    at("2026-09-01T08:00:00Z"));
    data.link(ObjectType::contacts, contact, ObjectType::companies, lead);
    const auto add = [&](ObjectType type, const Properties& properties, const char* when) {
        const auto id = data.create(type, properties, at(when));
        data.link(type, id, ObjectType::companies, lead);
    };
    const Properties answered{{"hubspot_owner_id", "7"},
                              {"hs_timestamp", "2026-11-02T09:58:00.012Z"},
                              {"hs_call_duration", "61000"},
                              {"hs_call_direction", "OUTBOUND"},
                              {"hs_call_disposition", "f240bbac-87c9-4f6e-bf70-924b57d47db7"}};
    const Properties voicemail{{"hs_timestamp", "2026-11-02T09:59:00Z"},
                               {"hs_call_duration", "28000"},
                               {"hs_call_direction", "INBOUND"},
                               {"hs_call_disposition", "b2cf5968-551e-4856-9783-52b3da59a7d0"}};
    add(ObjectType::calls, answered, "2026-11-02T10:00:00Z");
    add(ObjectType::calls, voicemail, "2026-11-02T10:00:00Z");
    add(ObjectType::calls, answered, "2026-11-02T11:00:00Z");
    add(ObjectType::tasks,
        {{"hs_task_subject", "Send proposal"}, {"hs_timestamp", "2026-11-29T23:00:00Z"}},
        "2026-11-03T08:00:00Z");
    add(ObjectType::tasks, {{"hs_task_type", "EMAIL"}, {"hs_timestamp", "2026-11-03T08:30:00Z"}},
        "2026-11-03T08:00:00Z");
    add(ObjectType::deals,
        {{"dealname", "40 seats"},
         {"amount", "48000.5"},
         {"dealstage", "qualifiedtobuy"},
         {"closedate", "2026-11-30T23:30:00Z"},
         {"hubspot_owner_id", "8"}},
        "2026-11-04T08:00:00Z");
    return data;
}

TEST_CASE("Close: the key is the user name, and the password is blank") {
    Client client = close_of(small_office());
    const auto [credentials, status] =
        GENERATE(table<std::string, int>({{"pat-eu1-demo:", 200},
                                          {"pat-eu1-demo:secret", 401},
                                          {"other:", 401},
                                          {"pat-eu1-demo", 401}}));
    client.headers = {{"Authorization", "Basic " + to_base64(credentials)}};
    const auto answer = client.get("/api/v1/me/");
    CHECK(answer.status == status);
    if (status == 401) CHECK(answer.json["error"].IsString());
}

TEST_CASE("Close: every use of the refresh token replaces it") {
    SimulatorOptions options = unlimited();
    options.token_life = 60s;
    Client client = close_of(small_office(), options);
    const std::string order = "grant_type=refresh_token&client_id=a&client_secret=b&refresh_token=";
    const auto grant = client.post("/oauth2/token/", order + "pat-eu1-demo");
    REQUIRE(grant.status == 200);
    CHECK(grant.json["expires_in"].GetInt64() == 60);
    CHECK(client.post("/oauth2/token/", order + "pat-eu1-demo").status == 400);
    const std::string replaced = grant.json["refresh_token"].GetString();
    CHECK(client.post("/oauth2/token/", order + replaced).status == 200);
    client.headers = {
        {"Authorization", std::string("Bearer ") + grant.json["access_token"].GetString()}};
    CHECK(client.get("/api/v1/user/").status == 200);
    client.advance(60s);
    CHECK(client.get("/api/v1/user/").status == 401);
}

TEST_CASE("Close: calls come newest first, in pages by offset") {
    Client client = close_of(small_office());
    client.headers = by_key;
    const auto first = client.get("/api/v1/activity/call/?_limit=2");
    CHECK(listed(first) == Ids{"acti_9998803", "acti_9998802"});
    CHECK(first.json["has_more"].GetBool());
    CHECK_FALSE(first.json.HasMember("total_results"));
    const auto second = client.get("/api/v1/activity/call/?_limit=2&_skip=2");
    CHECK(listed(second) == Ids{"acti_9998801"});
    CHECK_FALSE(second.json["has_more"].GetBool());
    CHECK(listed(client.get("/api/v1/activity/call/?_skip=3")).empty());
    const auto& voicemail = first.json["data"][1];
    CHECK(voicemail["user_id"].IsNull());
    CHECK(voicemail["direction"] == "inbound");
    CHECK(voicemail["disposition"] == "vm-left");
    CHECK(voicemail["duration"].GetInt64() == 0);
    CHECK(voicemail["voicemail_duration"].GetInt64() == 28);
    const auto& answered = second.json["data"][0];
    CHECK(answered["activity_at"] == "2026-11-02T09:58:00.012000+00:00");
    CHECK(answered["outcome_id"] == "outcome_connected");
    CHECK(answered["lead_id"] == "lead_7001");
}

TEST_CASE("Close: dates are compared as asked") {
    Client client = close_of(small_office());
    client.headers = by_key;
    const auto [filter, count] = GENERATE(table<std::string, std::size_t>(
        {{"date_created__gte=2026-11-02T10:00:00Z", 3},
         {"date_created__gt=2026-11-02T10:00:00Z", 1},
         {"date_created__lt=2026-11-02T11:00:00%2B00:00", 2},
         {"date_created__lte=2026-11-02T11:00:00", 3},
         {"date_created__gte=2026-11-03", 0},
         {"id__in=acti_9998801,acti_9998803,acti_1", 2},
         {"user_id=user_7", 2},
         {"lead_id=lead_7001&activity_at__lt=2026-11-02T09:59:00Z", 2}}));
    INFO(filter);
    CHECK(listed(client.get("/api/v1/activity/call/?" + filter)).size() == count);
}

TEST_CASE("Close: what cannot be asked is refused") {
    Client client = close_of(small_office());
    client.headers = by_key;
    const std::string target =
        GENERATE(as<std::string>{}, "activity/call/?_limit=101", "activity/call/?_limit=0",
                 "activity/call/?_limit=many",
                 // A bare plus is a blank, and the time none.
                 "activity/call/?date_created__gte=2026-11-02T10:00:00+00:00",
                 "activity/call/?date_updated__gte=2026-11-02T10:00:00Z",
                 "activity/call/?activity_at__gte=2026-11-02T10:00:00Z",
                 "activity/call/?_order_by=date_updated", "task/?_order_by=text", "event/?_skip=50",
                 "event/?object_type=lead", "event/?action=deleted", "event/?_cursor=%21",
                 "lead/?query=date_updated%20%3E%3D%20%22soon%22");
    INFO(target);
    CHECK(client.get("/api/v1/" + target).status == 400);
}

TEST_CASE("Close: a skip beyond the resource's own maximum is refused") {
    Client client = close_of(small_office());
    client.headers = by_key;
    CHECK(client.get("/api/v1/activity/call/?_skip=250001").status == 400);
    client.post("/_sim/dialect/max_skip", R"({"max_skip":1})");
    CHECK(client.get("/api/v1/activity/call/?_skip=1").status == 200);
    CHECK(client.get("/api/v1/activity/call/?_skip=2").json["error"] ==
          "The skip you set is larger than the maximum skip for this resource (max_skip = 1). "
          "Please refine your search query.");
}

TEST_CASE("Close: tasks are those of leads, unless all are asked for") {
    Client client = close_of(small_office());
    client.headers = by_key;
    const auto leads = client.get("/api/v1/task/");
    REQUIRE(listed(leads) == Ids{"task_31001"});
    CHECK(leads.json["total_results"].GetInt64() == 1);
    CHECK(leads.json["data"][0]["date"] == "2026-11-30");  // midnight in Berlin: a day alone
    CHECK(leads.json["data"][0]["view"] == "future");
    const auto all = client.get("/api/v1/task/?_type=all&_order_by=date");
    REQUIRE(listed(all) == Ids{"task_31002", "task_31001"});
    CHECK(all.json["data"][0]["date"] == "2026-11-03T08:30:00+00:00");
    CHECK(listed(client.get("/api/v1/task/?_type=email_followup")) == Ids{"task_31002"});
    CHECK(listed(client.get("/api/v1/task/?_type=all&is_complete=true")).empty());
}

TEST_CASE("Close: money is whole cents, and a won day is the expected one until then") {
    Client client = close_of(small_office());
    client.headers = by_key;
    const auto list = client.get("/api/v1/opportunity/?_order_by=date_updated&user_id=user_8");
    REQUIRE(listed(list) == Ids{"oppo_991"});
    const auto& deal = list.json["data"][0];
    CHECK(deal["value"].GetInt64() == 4800050);
    CHECK(deal["expected_value"].GetInt64() == 1920020);  // 40 %
    CHECK(deal["date_won"] == "2026-12-01");              // half past midnight in Berlin
    CHECK(deal["status_type"] == "active");
    CHECK(deal["date_created"] == "2026-11-04T08:00:00.000000+00:00");
    client.post("/_sim/edit",
                R"({"action":"set","object":"deals","id":"991","properties":{"dealstage":
        "closedlost","amount":null}})");
    const auto lost = client.get("/api/v1/opportunity/oppo_991/?_fields=value,date_won,date_lost");
    CHECK(lost.json.MemberCount() == 3);
    CHECK(lost.json["value"].IsNull());
    CHECK(lost.json["date_won"].IsNull());
    CHECK(lost.json["date_lost"] == "2026-11-20T12:00:00.000000+00:00");
    const auto changes = client.get("/api/v1/activity/status_change/opportunity/");
    REQUIRE(changes.json["data"].Size() == 1);
    CHECK(changes.json["data"][0]["old_status_label"] == "Qualified To Buy");
    CHECK(changes.json["data"][0]["new_status_type"] == "lost");
}

TEST_CASE("Close: leads hold their contacts, and are searched by the minute") {
    Client client = close_of(small_office());
    client.headers = by_key;
    const auto leads =
        client.get("/api/v1/lead/?query=date_updated%20%3E%3D%20%222026-09-01%2008:00%22%20globex");
    REQUIRE(listed(leads) == Ids{"lead_7001"});
    CHECK(leads.json["data"][0]["contacts"][0]["name"] == "Ana Díaz");
    CHECK(
        listed(client.get("/api/v1/lead/?query=date_updated%3E%222026-09-01%2008:00%22")).empty());
    CHECK(listed(client.get("/api/v1/lead/?query=initech")).empty());
    CHECK(listed(client.get("/api/v1/contact/?lead_id=lead_7001")) == Ids{"cont_88001"});
}

TEST_CASE("Close: what belongs to a deleted lead is gone with it") {
    Client client = close_of(small_office());
    client.headers = by_key;
    client.post("/_sim/edit", R"({"action":"archive","object":"companies","id":"7001"})");
    for (const char* path : {"lead/", "contact/", "activity/", "task/?_type=all", "opportunity/"})
        CHECK(listed(client.get(std::string("/api/v1/") + path)).empty());
    CHECK(client.get("/api/v1/lead/lead_7001/").status == 404);
    const auto events = client.get("/api/v1/event/?_limit=1");
    CHECK(events.json["data"][0]["object_type"] == "lead");
    CHECK(events.json["data"][0]["action"] == "deleted");
}

TEST_CASE("Close: active users are listed, all members are the organization's") {
    Client client = close_of(small_office());
    client.headers = by_key;
    CHECK(listed(client.get("/api/v1/user/")) == Ids{"user_7"});
    const auto organization = client.get("/api/v1/organization/orga_kestrel/");
    CHECK(organization.json["memberships"].Size() == 1);
    CHECK(organization.json["inactive_memberships"][0]["user_email"] == "b@x.example");
    const auto pipelines = client.get("/api/v1/pipeline/");
    CHECK(pipelines.json["data"][0]["statuses"].Size() == 7);
    CHECK(pipelines.json["data"][0]["statuses"][6]["type"] == "lost");
    CHECK(listed(client.get("/api/v1/outcome/")).size() == 5);
}

TEST_CASE("Close: every answer tells its group's limit, and the one beyond it is refused") {
    SimulatorOptions options;
    options.quotas = {.search_per_second = 0, .per_ten_seconds = 4, .per_day = 0};
    Client client = close_of(small_office(), options);
    client.headers = by_key;
    CHECK(client.get("/api/v1/task/").header("ratelimit") == "limit=2, remaining=1, reset=5");
    client.advance(4300ms);
    CHECK(client.get("/api/v1/task/").header("ratelimit") == "limit=2, remaining=0, reset=0.7");
    const auto refused = client.get("/api/v1/task/");
    CHECK(refused.status == 429);
    CHECK(refused.header("ratelimit") == "limit=2, remaining=0, reset=0.7");
    CHECK(client.get("/api/v1/user/").status == 200);
    client.advance(700ms);
    CHECK(client.get("/api/v1/task/").status == 200);
}

TEST_CASE("Close: records have the members that the samples have") {
    struct Case {
        const char* path;
        const char* sample;
    };
    const auto c = GENERATE(values<Case>({{"activity/call/", "activity-call-page1"},
                                          {"task/", "task-page1"},
                                          {"opportunity/", "opportunity-page1"},
                                          {"lead/", "lead-page1"},
                                          {"user/", "user-page1"},
                                          {"pipeline/", "pipeline"},
                                          {"outcome/", "outcome"},
                                          {"event/", "event-log-page1"}}));
    Client client = close_of(small_office());
    client.headers = by_key;
    const Names expected = sample_members(std::string("close/samples/") + c.sample + ".json");
    const auto answer = client.get(std::string("/api/v1/") + c.path);
    const Names got = member_names(answer.json["data"][0]);
    for (const std::string& name : expected) {
        INFO(c.path << ": " << name);
        // A custom field's own id is the account's.
        CHECK((got.contains(name) || name.starts_with("custom.")));
    }
}

}  // namespace
}  // namespace nudged::crmsim
