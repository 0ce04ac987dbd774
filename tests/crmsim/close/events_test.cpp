// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/client.hpp"

#include "tests/crmsim/common/base64.hpp"

namespace nudged::crmsim {
namespace {

using Texts = std::vector<std::string>;
using namespace std::chrono_literals;

/// Twelve deals of 2 November and a lead, seen on the 20th. The log begins with twelve creations,
/// ev_1 to ev_12, and that of the lead, ev_13.
class Office {
public:
    Office() : client("close", data(), unlimited()) {
        client.headers = {{"Authorization", "Basic " + to_base64("pat-eu1-demo:")}};
    }
    void edit(const std::string& action, const std::string& object, int id,
              const std::string& properties = "{}") {
        client.post("/_sim/edit", R"({"action":")" + action + R"(","object":")" + object +
                                      R"(","id":")" + std::to_string(id) + R"(","properties":)" +
                                      properties + "}");
    }
    Portal::Answer events(const std::string& query = {}) {
        return client.get("/api/v1/event/?" + query);
    }
    Client client;

private:
    static Dataset data() {
        Dataset data = twelve_deals();
        data.create(ObjectType::companies, {{"name", "Globex"}},
                    *parse_instant("2026-11-03T08:00:00Z"));
        return data;
    }
};

Texts ids_in(const Portal::Answer& answer) {
    Texts ids;
    INFO(answer.text);
    REQUIRE(answer.status == 200);
    for (const auto& event : answer.json["data"].GetArray()) ids.push_back(event["id"].GetString());
    return ids;
}

TEST_CASE("Close's event log goes from the newest to the oldest by its cursors, and back") {
    Office office;
    const auto first = office.events("_limit=5");
    CHECK(ids_in(first) == Texts{"ev_13", "ev_12", "ev_11", "ev_10", "ev_9"});
    CHECK(first.json["cursor_previous"].IsNull());
    const std::string next = first.json["cursor_next"].GetString();
    CHECK(next == "Wzld");  // [9]
    const auto second = office.events("_limit=5&_cursor=" + next);
    CHECK(ids_in(second) == Texts{"ev_8", "ev_7", "ev_6", "ev_5", "ev_4"});
    const auto third =
        office.events(std::string("_limit=5&_cursor=") + second.json["cursor_next"].GetString());
    CHECK(ids_in(third) == Texts{"ev_3", "ev_2", "ev_1"});
    CHECK(third.json["cursor_next"].IsNull());
    const auto back = office.events(std::string("_limit=5&_cursor=") +
                                    second.json["cursor_previous"].GetString());
    CHECK(ids_in(back) == ids_in(first));
}

TEST_CASE("Close's event log shows an object as it was after each event") {
    Office office;
    office.edit("set", "deals", 991, R"({"amount":"70"})");
    const auto events = office.events("object_type=opportunity&object_id=oppo_991");
    REQUIRE(ids_in(events) == Texts{"ev_14", "ev_1"});
    const auto& updated = events.json["data"][0];
    CHECK(updated["action"] == "updated");
    CHECK(updated["date_updated"] == "2026-11-20T12:00:00.000000");
    CHECK(updated["data"]["value"].GetInt64() == 7000);
    CHECK(updated["previous_data"]["value"].GetInt64() == 0);
    CHECK(events.json["data"][1]["action"] == "created");
    CHECK(events.json["data"][1]["data"]["value"].GetInt64() == 0);
}

TEST_CASE("Close's event log folds updates that follow within five minutes into one, which moves") {
    Office office;
    office.edit("set", "deals", 991, R"({"amount":"70"})");
    office.edit("set", "deals", 992, R"({"amount":"70"})");
    office.client.advance(4min);
    office.edit("set", "deals", 991, R"({"dealname":"Renamed"})");
    const auto events = office.events("_limit=2");
    REQUIRE(ids_in(events) == Texts{"ev_14", "ev_15"});
    const auto& folded = events.json["data"][0];
    CHECK(folded["date_created"] == "2026-11-20T12:00:00.000000");
    CHECK(folded["date_updated"] == "2026-11-20T12:04:00.000000");
    CHECK(folded["previous_data"]["value"].GetInt64() == 0);
    CHECK(folded["previous_data"]["note"] == "Deal 0");
    CHECK(folded["data"]["note"] == "Renamed");
    office.client.advance(5min);
    office.edit("set", "deals", 991, R"({"dealname":"Again"})");
    CHECK(ids_in(office.events("_limit=1")) == Texts{"ev_16"});
}

TEST_CASE("Close's event log tells deletions without data, merges, and nothing of what is purged") {
    Office office;
    office.edit("archive", "deals", 991);
    const auto deleted = office.events("object_type=opportunity&action=deleted");
    REQUIRE(ids_in(deleted) == Texts{"ev_14"});
    CHECK(deleted.json["data"][0]["data"].ObjectEmpty());
    CHECK(deleted.json["data"][0]["previous_data"]["id"] == "oppo_991");
    office.edit("forget", "deals", 992);
    CHECK(ids_in(office.events("_limit=1")) == Texts{"ev_14"});
    office.client.post("/_sim/edit", R"({"action":"create","object":"companies"})");
    office.client.post("/_sim/dialect/merge_leads", R"({"from":"7001","into":"7002"})");
    const auto merged = office.events("object_type=lead&action=merged");
    REQUIRE(ids_in(merged) == Texts{"ev_16"});
    CHECK(merged.json["data"][0]["meta"]["merge_source_lead_id"] == "lead_7001");
    CHECK(merged.json["data"][0]["meta"]["merge_destination_lead_id"] == "lead_7002");
}

TEST_CASE("Close's event log keeps thirty days, at most fifty events a page") {
    Office office;
    for (int n = 0; n < 60; ++n)
        office.client.post("/_sim/edit", R"({"action":"create","object":"tasks"})");
    CHECK(ids_in(office.events("_limit=100")).size() == 50);
    CHECK(ids_in(office.events("date_updated__lt=2026-11-20")).size() == 13);
    CHECK(ids_in(office.events("date_updated__gte=2026-11-02T09:05:00Z&date_updated__lte="
                               "2026-11-02T09:05:00Z"))
              .size() == 3);
    // With a cursor, the dates count no more.
    CHECK(ids_in(office.events("date_updated__gte=2026-11-20&_limit=50&_cursor=WzE0XQ")).size() ==
          13);
    office.client.set_time("2026-12-03T08:00:00Z");
    CHECK(ids_in(office.events("date_updated__lt=2026-11-20")).empty());
}

TEST_CASE("Close's event log takes these filters together, and no others") {
    Office office;
    const auto [filters, status] = GENERATE(table<std::string, int>(
        {{"", 200},
         {"object_type=lead&object_id=lead_7001", 200},
         {"object_type=lead&action=updated", 200},
         {"object_id=lead_7001&action=updated", 200},
         {"lead_id=lead_7001", 200},
         {"lead_id=lead_7001&object_type=lead", 200},
         {"user_id=user_7&lead_id=lead_7001&object_type=lead&action=updated", 200},
         {"user_id=user_7", 200},
         {"object_type=lead", 400},
         {"object_id=lead_7001", 400},
         {"action=updated", 400},
         {"lead_id=lead_7001&action=updated", 400},
         {"user_id=user_7&action=updated", 400}}));
    INFO(filters);
    CHECK(office.events(filters).status == status);
    CHECK(office.events(filters + "&date_updated__gte=2026-11-01").status == status);
}

}  // namespace
}  // namespace nudged::crmsim
