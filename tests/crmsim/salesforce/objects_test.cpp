// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/ids.hpp"
#include "tests/crmsim/salesforce/org_fixture.hpp"

namespace nudged::crmsim::salesforce {
namespace {

using Texts = std::vector<std::string>;
using std::chrono::days;

Instant at(std::string_view text) {
    return *parse_instant(text);
}

/// One company with a contact, a deal, two calls and two tasks. The calls' ids are 9998801 and
/// 9998802, the tasks' 31001 and 31002.
Dataset one_account() {
    Dataset data;
    data.owners.push_back({41, "mara@x.example", "Mara", "Voss", 1, false, "A"});
    data.owners.push_back({42, "ana@x.example", "Ana", "Duarte", 2, false, "A"});
    data.owners.push_back({49, "", "Inbound", "Queue", 0, false, ""});
    const Instant noon = at("2026-11-02T12:00:00.250Z");
    const auto company = data.create(ObjectType::companies, {{"name", "Acme"}}, noon);
    const auto contact = data.create(ObjectType::contacts, {{"lastname", "Day"}}, noon);
    const auto deal = data.create(ObjectType::deals,
                                  {{"dealname", "Seats"},
                                   {"dealstage", "appointmentscheduled"},
                                   {"amount", "48000"},
                                   {"hubspot_owner_id", "42"},
                                   {"closedate", "2026-11-29T23:00:00Z"}},
                                  noon);
    const auto call = data.create(ObjectType::calls,
                                  {{"hs_timestamp", "2026-11-02T23:30:05.900Z"},
                                   {"hs_call_duration", "412300"},
                                   {"hs_call_direction", "OUTBOUND"},
                                   {"hs_call_disposition", "f240bbac-87c9-4f6e-bf70-924b57d47db7"},
                                   {"hubspot_owner_id", "42"}},
                                  at("2026-11-02T23:37:30Z"));
    data.create(ObjectType::calls,
                {{"hs_timestamp", "2026-11-03T09:00:00Z"}, {"hs_call_direction", "INBOUND"}},
                at("2026-11-03T09:00:10Z"));
    const auto task = data.create(ObjectType::tasks,
                                  {{"hs_task_subject", "Send it"},
                                   {"hs_task_status", "NOT_STARTED"},
                                   {"hs_task_priority", "HIGH"},
                                   {"hs_timestamp", "2026-11-09T15:00:00Z"},
                                   {"hubspot_owner_id", "42"}},
                                  noon);
    data.create(ObjectType::tasks, {{"hs_task_type", "CALL"}, {"hubspot_owner_id", "42"}}, noon);
    for (const auto& [type, id] : {std::pair{ObjectType::calls, call}, {ObjectType::tasks, task}}) {
        data.link(type, id, ObjectType::companies, company);
        data.link(type, id, ObjectType::contacts, contact);
        data.link(type, id, ObjectType::deals, deal);
    }
    data.link(ObjectType::deals, deal, ObjectType::companies, company);
    return data;
}

TEST_CASE("calls are tasks: a predicate over three columns tells them apart") {
    TestOrg org(one_account());
    const auto calls = org.query(
        "SELECT Id, TaskSubtype, Type, CallType, CallDurationInSeconds, CallDisposition, Status, "
        "ActivityDate, CompletedDateTime, OwnerId, AccountId, WhoId, WhatId, What.Type, Owner.Name "
        "FROM Task WHERE (TaskSubtype = 'Call' OR Type = 'Call' OR CallType != null) AND IsClosed "
        "= true ORDER BY Id");
    REQUIRE(calls.json["records"].Size() == 2);
    const auto& call = calls.json["records"][0];
    CHECK(call["Id"] == id_text("00T", 2 * 9'998'801 + 1));
    CHECK(call["attributes"]["type"] == "Task");
    CHECK(call["attributes"]["url"] ==
          "/services/data/v66.0/sobjects/Task/" + id_text("00T", 2 * 9'998'801 + 1));
    CHECK(call["CallType"] == "Outbound");
    CHECK(call["CallDurationInSeconds"].GetInt() == 412);
    CHECK(call["CallDisposition"] == "Connected");
    CHECK(call["Status"] == "Completed");
    // Half past midnight in Berlin; the call ended 412 s after it began.
    CHECK(call["ActivityDate"] == "2026-11-03");
    CHECK(call["CompletedDateTime"] == "2026-11-02T23:36:57.000+0000");
    CHECK(call["OwnerId"] == id_text("005", 42));
    CHECK(call["Owner"]["Name"] == "Ana Duarte");
    CHECK(call["AccountId"] == id_text("001", 7'001));
    CHECK(call["WhoId"] == id_text("003", 88'001));
    CHECK(call["WhatId"] == id_text("006", 991));
    CHECK(call["What"]["Type"] == "Opportunity");
    CHECK(call["What"]["attributes"]["type"] == "Name");
    const auto& of_queue = calls.json["records"][1];
    CHECK(of_queue["OwnerId"] == id_text("00G", 49));
    CHECK(of_queue["CallDurationInSeconds"].IsNull());
    CHECK(of_queue["What"].IsNull());
}

TEST_CASE("an open call is a plan, and a task like others") {
    TestOrg org(one_account());
    const auto open = org.query(
        "SELECT Subject, TaskSubtype, Priority, IsHighPriority, ActivityDate, CompletedDateTime "
        "FROM Task WHERE IsClosed = false ORDER BY Id");
    REQUIRE(open.json["records"].Size() == 2);
    const auto& task = open.json["records"][0];
    CHECK(task["Subject"] == "Send it");
    CHECK(task["TaskSubtype"] == "Task");
    CHECK(task["Priority"] == "High");
    CHECK(task["IsHighPriority"].GetBool());
    CHECK(task["ActivityDate"] == "2026-11-09");
    CHECK(task["CompletedDateTime"].IsNull());
    CHECK(open.json["records"][1]["TaskSubtype"] == "Call");
    CHECK(open.json["records"][1]["ActivityDate"].IsNull());
}

TEST_CASE("an opportunity has numbers for money, a day to close, and its stage's label") {
    TestOrg org(one_account());
    org.edit(R"({"action":"set","object":"deals","id":"991","modified":"2026-11-05T08:00:00.900Z",
        "properties":{"dealstage":"contractsent","amount":"50000.5"}})");
    const auto read =
        org.query("SELECT StageName, Amount, CloseDate, Probability, ForecastCategory, IsClosed, "
                  "LastStageChangeDate, SystemModstamp, Account.Name FROM Opportunity");
    const auto& deal = read.json["records"][0];
    CHECK(deal["StageName"] == "Contract Sent");
    CHECK(read.text.find("\"Amount\":50000.5,") != std::string::npos);
    // 23:00 UTC is the next day in Berlin.
    CHECK(deal["CloseDate"] == "2026-11-30");
    CHECK(read.text.find("\"Probability\":90.0,") != std::string::npos);
    CHECK(deal["ForecastCategory"] == "Forecast");
    CHECK_FALSE(deal["IsClosed"].GetBool());
    CHECK(deal["LastStageChangeDate"] == "2026-11-05T08:00:00.000+0000");
    CHECK(deal["SystemModstamp"] == "2026-11-05T08:00:00.000+0000");
    CHECK(deal["Account"]["Name"] == "Acme");

    const auto history = org.query(
        "SELECT StageName, Amount, CreatedDate FROM OpportunityHistory WHERE OpportunityId = '" +
        id_text("006", 991) + "' ORDER BY CreatedDate");
    CHECK(column(history, "StageName") == Texts{"Appointment Scheduled", "Contract Sent"});
    CHECK(column(history, "CreatedDate")[1] == "2026-11-05T08:00:00.000+0000");
    CHECK(history.json["records"][0]["Amount"].GetDouble() == 48'000);
    const auto fields =
        org.query("SELECT Field, OldValue, NewValue FROM OpportunityFieldHistory ORDER BY Field");
    REQUIRE(column(fields, "Field") == Texts{"Amount", "StageName"});
    CHECK(fields.json["records"][0]["OldValue"].GetDouble() == 48'000);
    CHECK(fields.json["records"][1]["NewValue"] == "Contract Sent");
    CHECK(error_code(org.query("SELECT SystemModstamp FROM OpportunityFieldHistory")) ==
          "INVALID_FIELD");
}

TEST_CASE("users have a type, a manager and a zone; queues are no users") {
    TestOrg org(one_account());
    const auto users =
        org.query("SELECT Id, Name, UserType, ManagerId, TimeZoneSidKey FROM User WHERE UserType = "
                  "'Standard' ORDER BY Id");
    REQUIRE(column(users, "Name") == Texts{"Mara Voss", "Ana Duarte"});
    CHECK(users.json["records"][0]["ManagerId"].IsNull());
    CHECK(users.json["records"][1]["ManagerId"] == id_text("005", 41));
    CHECK(users.json["records"][1]["TimeZoneSidKey"] == "Europe/Berlin");
    CHECK(column(org.query("SELECT Id FROM User")).size() == 3);
}

TEST_CASE("deleted rows are told by queryAll for 15 days, with a moved modstamp") {
    TestOrg org(one_account());
    org.edit(R"({"action":"archive","object":"deals","id":"991"})");
    const std::string soql = "SELECT Id, IsDeleted, SystemModstamp FROM Opportunity";
    CHECK(column(org.query(soql)).empty());
    const auto all = org.query_all(soql);
    REQUIRE(column(all).size() == 1);
    CHECK(all.json["records"][0]["IsDeleted"].GetBool());
    CHECK(all.json["records"][0]["SystemModstamp"] == "2026-11-20T12:00:00.000+0000");

    org.advance(std::chrono::minutes{5});
    const auto log =
        org.get(org.data + "/sobjects/Opportunity/deleted/?start=2026-11-20T11:00:00Z&end="
                           "2026-11-20T13:00:00%2B00:00");
    REQUIRE(log.status == 200);
    CHECK(log.json["deletedRecords"][0]["id"] == id_text("006", 991));
    CHECK(log.json["deletedRecords"][0]["deletedDate"] == "2026-11-20T12:00:00.000+0000");
    CHECK(log.json["latestDateCovered"] == "2026-11-20T12:05:00.000+0000");

    SECTION("restoring is an ordinary change") {
        org.edit(R"({"action":"restore","object":"deals","id":"991"})");
        CHECK(column(org.query(soql)).size() == 1);
    }
    SECTION("the bin empties by itself") {
        org.advance(days{15});
        org.sign_in();
        CHECK(column(org.query_all(soql)).empty());
    }
    SECTION("the bin is emptied by hand") {
        org.order("empty_recycle_bin");
        CHECK(column(org.query_all(soql)).empty());
    }
}

TEST_CASE("the log of deletions wants a range of more than a minute within 15 days") {
    TestOrg org(one_account());
    const auto ask = [&](const std::string& start, const std::string& end) {
        return error_code(
            org.get(org.data + "/sobjects/Task/deleted/?start=" + start + "&end=" + end));
    };
    CHECK(ask("2026-11-20T11:00:00Z", "2026-11-20T11:00:59Z") == "INVALID_REPLICATION_DATE");
    CHECK(ask("2026-11-01T11:00:00Z", "2026-11-20T11:00:00Z") == "INVALID_REPLICATION_DATE");
    CHECK(ask("yesterday", "2026-11-20T11:00:00Z") == "INVALID_DATE_FORMAT");
}

TEST_CASE("a merged account is a deleted one that names the winner") {
    Dataset data = one_account();
    const auto loser = data.create(ObjectType::companies, {}, at("2026-11-03T12:00:00Z"));
    data.set(ObjectType::companies, 7'001, {{"hs_merged_object_ids", std::to_string(loser)}},
             at("2026-11-19T12:00:00Z"));
    data.archive(ObjectType::companies, loser, at("2026-11-19T12:00:00Z"));
    TestOrg org(std::move(data));
    const auto gone = org.query_all("SELECT MasterRecordId FROM Account WHERE IsDeleted = true");
    CHECK(column(gone, "MasterRecordId") == Texts{id_text("001", 7'001)});
}

TEST_CASE("closed activities of more than a year ago are archived: only queryAll tells them") {
    TestOrg org(one_account());
    org.advance(days{365});
    org.sign_in();
    CHECK(column(org.query("SELECT Id FROM Task")).size() == 2);  // the open ones
    const auto all = org.query_all("SELECT Id FROM Task WHERE IsArchived = true");
    CHECK(column(all).size() == 2);
}

TEST_CASE("a row that is committed late shows up with a time that has passed") {
    TestOrg org(twelve_deals());
    org.edit(R"({"action":"set","object":"deals","id":"991","modified":"2026-11-02T09:03:00Z",
        "properties":{"dealname":"late"}})");
    const auto found = org.query(
        "SELECT Name FROM Opportunity WHERE SystemModstamp = 2026-11-02T09:03:00Z ORDER BY Id");
    CHECK(column(found, "Name") == Texts{"late", "Deal 3"});
}

TEST_CASE("invitees have copies of a meeting") {
    Dataset data = one_account();
    for (int n = 0; n < 5; ++n)  // 9401 to 9405, of which the last has a copy
        data.create(ObjectType::meetings,
                    {{"hs_meeting_title", "Demo"},
                     {"hs_meeting_start_time", "2026-11-04T16:00:00Z"},
                     {"hs_meeting_end_time", "2026-11-04T16:45:00Z"},
                     {"hubspot_owner_id", "42"}},
                    at("2026-11-02T12:00:00Z"));
    TestOrg org(std::move(data));
    const auto events = org.query("SELECT Subject, IsChild, DurationInMinutes, StartDateTime, "
                                  "OwnerId FROM Event ORDER BY Id");
    REQUIRE(events.json["records"].Size() == 6);
    CHECK(events.json["records"][0]["DurationInMinutes"].GetInt() == 45);
    CHECK_FALSE(events.json["records"][4]["IsChild"].GetBool());
    CHECK(events.json["records"][5]["IsChild"].GetBool());
    CHECK(events.json["records"][5]["OwnerId"] == id_text("005", 41));
    CHECK(column(org.query("SELECT Id FROM Event WHERE IsChild = false")).size() == 5);
}

}  // namespace
}  // namespace nudged::crmsim::salesforce
