// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/ids.hpp"
#include "tests/crmsim/salesforce/org_fixture.hpp"

namespace nudged::crmsim::salesforce {
namespace {

std::string job(const std::string& soql, const std::string& operation = "queryAll",
                const std::string& more = {}) {
    return R"({"operation":")" + operation + R"(","query":")" + soql + "\"" + more + "}";
}

Dataset three_tasks() {
    Dataset data;
    const Instant at = *parse_instant("2026-11-02T09:00:00Z");
    // 31001 to 31003
    data.create(
        ObjectType::tasks,
        {{"hs_task_subject", "one"}, {"hs_task_body", "Line one\nline \"two\", with comma"}}, at);
    data.create(ObjectType::tasks, {{"hs_task_subject", "N/A"}}, at);
    const auto gone = data.create(ObjectType::tasks, {{"hs_task_subject", "three"}}, at);
    data.archive(ObjectType::tasks, gone, *parse_instant("2026-11-19T09:00:00Z"));
    return data;
}

TEST_CASE("a job passes from state to state, and its rows are read by pages") {
    TestOrg org(three_tasks());
    const auto created = org.send(
        "POST", org.data + "/jobs/query",
        job("SELECT Id, Subject, Description, IsDeleted, SystemModstamp FROM Task ORDER BY Id"));
    REQUIRE(created.status == 200);
    CHECK(created.json["state"] == "UploadComplete");
    CHECK(created.json["object"] == "Task");
    const std::string path = org.data + "/jobs/query/" + created.json["id"].GetString();
    CHECK(error_code(org.get(path + "/results")) == "INVALIDJOBSTATE");
    CHECK(org.get(path).json["state"] == "InProgress");
    const auto complete = org.get(path);
    CHECK(complete.json["state"] == "JobComplete");
    CHECK(complete.json["numberRecordsProcessed"].GetInt() == 3);

    const std::string head =
        "\"Id\",\"Subject\",\"Description\",\"IsDeleted\",\"SystemModstamp\"\n";
    const auto first = org.get(path + "/results?maxRecords=2");
    CHECK(first.header("sforce-numberofrecords") == "2");
    CHECK(first.header("content-type").starts_with("text/csv"));
    CHECK(first.text == head + "\"" + id_text("00T", 62'002) +
                            "\",\"one\",\"Line one\nline \"\"two\"\", with comma\",\"false\","
                            "\"2026-11-02T09:00:00.000Z\"\n\"" +
                            id_text("00T", 62'004) +
                            "\",\"N/A\",\"\",\"false\",\"2026-11-02T09:00:00.000Z\"\n");
    const std::string locator = first.header("sforce-locator");
    const auto last = org.get(path + "/results?maxRecords=2&locator=" + locator);
    CHECK(last.text == head + "\"" + id_text("00T", 62'006) +
                           "\",\"three\",\"\",\"true\",\"2026-11-19T09:00:00.000Z\"\n");
    CHECK(last.header("sforce-locator") == "null");
    CHECK(last.header("sforce-numberofrecords") == "1");
    CHECK(org.get(path + "/results?locator=X").status == 400);

    CHECK(org.send("DELETE", path).status == 204);
    CHECK(org.get(path).status == 404);
}

TEST_CASE("query leaves out what queryAll tells; delimiter and line ending are as asked") {
    TestOrg org(three_tasks());
    org.order("settings", R"({"bulk_polls":1})");
    const auto created = org.send("POST", org.data + "/jobs/query",
                                  job("SELECT Subject, IsClosed FROM Task ORDER BY Id", "query",
                                      R"(,"columnDelimiter":"SEMICOLON","lineEnding":"CRLF")"));
    const std::string path = org.data + "/jobs/query/" + created.json["id"].GetString();
    CHECK(org.get(path).json["state"] == "JobComplete");
    CHECK(org.get(path + "/results").text ==
          "\"Subject\";\"IsClosed\"\r\n\"one\";\"false\"\r\n\"N/A\";\"false\"\r\n");
}

TEST_CASE("a job fails as ordered") {
    TestOrg org(three_tasks());
    org.order("settings", R"({"bulk_polls":1,"bulk_failure":"InvalidBatch : no"})");
    const auto created = org.send("POST", org.data + "/jobs/query", job("SELECT Id FROM Task"));
    const auto failed = org.get(org.data + "/jobs/query/" + created.json["id"].GetString());
    CHECK(failed.json["state"] == "Failed");
    CHECK(failed.json["errorMessage"] == "InvalidBatch : no");
}

TEST_CASE("jobs that cannot be") {
    TestOrg org(three_tasks());
    const auto code = [&](const std::string& body) {
        const auto refused = org.send("POST", org.data + "/jobs/query", body);
        CHECK(refused.status == 400);
        return error_code(refused);
    };
    CHECK(code("{") == "INVALIDJOB");
    CHECK(code(job("SELECT Id FROM Task", "insert")) == "INVALIDJOB");
    CHECK(code(job("SELECT COUNT() FROM Task")) == "INVALIDJOB");
    CHECK(code(job("SELECT Id FROM OpportunityStage")) == "INVALIDENTITY");
    CHECK(code(job("SELECT Nonsense FROM Task")) == "INVALID_FIELD");
}

}  // namespace
}  // namespace nudged::crmsim::salesforce
