// SPDX-License-Identifier: Apache-2.0
// The answers have the members of the sample answers, where those lie beside the project.
#include "tests/crmsim/salesforce/org_fixture.hpp"
#include "tests/crmsim/story.hpp"
#include "tests/paths.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace nudged::crmsim::salesforce {
namespace {

using Json = rapidjson::Value;

std::filesystem::path samples() {
    return std::filesystem::path(NUDGED_SOURCE_DIR) / ".." / "shared" / "specs" / "salesforce" /
           "samples";
}

rapidjson::Document sample(const std::string& name) {
    std::ifstream file(samples() / name);
    std::ostringstream text;
    text << file.rdbuf();
    rapidjson::Document json;
    json.Parse(text.str().c_str());
    return json;
}

bool present() {
    if (std::filesystem::exists(samples())) return true;
    WARN("no samples at " << samples().string() << ": skipped");
    return false;
}

std::string kind(const Json& value) {
    if (value.IsNull()) return "null";
    if (value.IsBool()) return "flag";
    if (value.IsNumber()) return value.IsDouble() ? "decimal" : "whole";
    return value.IsString() ? "text" : value.IsArray() ? "array" : "object";
}

/// Every member of the sample, in the sample's kind unless either is null. A text's punctuation is
/// compared too where it is a time: digits count as one another.
void check_like(const Json& sample, const Json& answer, const std::string& path) {
    INFO(path);
    REQUIRE(answer.IsObject());
    for (const auto& member : sample.GetObject()) {
        const std::string name = member.name.GetString();
        INFO(name);
        REQUIRE(answer.HasMember(name.c_str()));
        const Json& value = answer[name.c_str()];
        if (value.IsNull() || member.value.IsNull()) continue;
        CHECK(kind(value) == kind(member.value));
        if (!value.IsString() ||
            !(name.ends_with("Date") || name.ends_with("DateTime") || name == "SystemModstamp"))
            continue;
        std::string text = value.GetString();
        std::string like = member.value.GetString();
        for (std::string* each : {&text, &like})
            for (char& c : *each) c = c >= '0' && c <= '9' ? '0' : c;
        CHECK(text == like);
    }
}

Dataset story() {
    StoryOptions options;
    options.today = std::chrono::local_days{std::chrono::year{2026} / 11 / 20};
    return tell_story(options).dataset;
}

TEST_CASE("records have the members of the sample records") {
    if (!present()) return;
    TestOrg org(story());
    org.order("settings", R"({"multi_currency":true,"page_size":150})");
    const std::string name =
        GENERATE("queryall-task-page1", "queryall-event", "queryall-opportunity",
                 "queryall-account", "query-contact", "query-user", "query-opportunitystage");
    DYNAMIC_SECTION(name) {
        const auto wanted = sample(name + ".json");
        const Json& record = wanted["records"][0];
        const std::string object = record["attributes"]["type"].GetString();
        std::string fields;
        for (const auto& member : record.GetObject())
            if (member.name != "attributes")
                fields += (fields.empty() ? "" : ",") + std::string(member.name.GetString());
        const auto answer = org.query_all("SELECT " + fields + " FROM " + object + " LIMIT 300");
        REQUIRE(answer.status == 200);
        REQUIRE(answer.json["records"].Size() > 0);
        check_like(wanted, answer.json, "answer");
        for (const auto& row : answer.json["records"].GetArray()) {
            check_like(record, row, object);
            check_like(record["attributes"], row["attributes"], "attributes");
            REQUIRE(row["Id"].GetStringLength() == 18);
            CHECK(std::string(row["Id"].GetString()).substr(0, 3) ==
                  std::string(record["Id"].GetString()).substr(0, 3));
        }
    }
}

TEST_CASE("descriptions, grants, limits and logs have the members of the samples") {
    if (!present()) return;
    TestOrg org(story());
    const auto wanted = sample("describe-task-excerpt.json");
    const auto described = org.get(org.data + "/sobjects/Task/describe");
    check_like(wanted, described.json, "describe");
    for (const auto& field : wanted["fields"].GetArray()) {
        const Json* found = nullptr;
        for (const auto& ours : described.json["fields"].GetArray())
            if (ours["name"] == field["name"]) found = &ours;
        REQUIRE(found != nullptr);
        check_like(field, *found, field["name"].GetString());
        CHECK((*found)["type"] == field["type"]);
        CHECK((*found)["filterable"] == field["filterable"]);
    }
    check_like(sample("oauth-token-refresh.json"),
               org.grant("grant_type=refresh_token&client_id=t&refresh_token=pat-eu1-demo").json,
               "refresh");
    check_like(
        sample("oauth-token-client-credentials.json"),
        org.grant("grant_type=client_credentials&client_id=t&client_secret=pat-eu1-demo").json,
        "client credentials");
    check_like(sample("limits.json"), org.get(org.data + "/limits").json, "limits");
    const std::string range = "?start=2026-11-10T00:00:00Z&end=2026-11-20T12:00:00Z";
    check_like(sample("deleted-task.json"),
               org.get(org.data + "/sobjects/Task/deleted" + range).json, "deleted");
    check_like(sample("updated-task.json"),
               org.get(org.data + "/sobjects/Task/updated" + range).json, "updated");
}

TEST_CASE("jobs have the members of the sample jobs") {
    if (!present()) return;
    TestOrg org(story());
    const auto created = org.send("POST", org.data + "/jobs/query",
                                  R"({"operation":"queryAll","query":"SELECT Id FROM Task"})");
    check_like(sample("bulk2-query-job-created.json"), created.json, "created");
    const std::string path = org.data + "/jobs/query/" + created.json["id"].GetString();
    check_like(sample("bulk2-query-job-inprogress.json"), org.get(path).json, "in progress");
    check_like(sample("bulk2-query-job-complete.json"), org.get(path).json, "complete");
    org.order("settings", R"({"bulk_failure":"InvalidBatch : no","bulk_polls":1})");
    const auto failing = org.send("POST", org.data + "/jobs/query",
                                  R"({"operation":"queryAll","query":"SELECT Id FROM Task"})");
    const auto failed = org.get(org.data + "/jobs/query/" + failing.json["id"].GetString());
    check_like(sample("bulk2-query-job-failed.json"), failed.json, "failed");
}

TEST_CASE("errors are the sample errors") {
    if (!present()) return;
    TestOrg org(story());
    const auto check = [&](const std::string& name, const Portal::Answer& answer) {
        INFO(name);
        const auto wanted = sample("errors/" + name + ".http.json");
        CHECK(answer.status == wanted["status"].GetInt());
        CHECK((answer.json == wanted["body"]));
    };
    check("400-invalid-field", org.query("SELECT Id,CallObject,Amount FROM Task"));
    check("400-invalid-query-locator", org.get(org.data + "/query/0r8xx0000000001AAA-3"));
    check("404-not-found", org.get(org.data + "/nonsense"));
    check("410-version-retired", org.get("/services/data/v25.0/limits"));
    check("token-400-invalid-grant",
          org.grant("grant_type=refresh_token&client_id=t&refresh_token=dead"));
    org.order("use_calls", R"({"calls":200000})");
    org.order("end_sessions");
    check("401-invalid-session", org.get(org.data + "/limits"));
}

}  // namespace
}  // namespace nudged::crmsim::salesforce
