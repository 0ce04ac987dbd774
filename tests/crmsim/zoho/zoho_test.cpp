// SPDX-License-Identifier: Apache-2.0
// Lists, page tokens, deletions, settings and tokens of the simulated Zoho CRM.
#include "tests/crmsim/zoho/test_organisation.hpp"
#include "tests/paths.hpp"

#include <set>

namespace nudged::crmsim {
namespace {

using Ids = std::vector<std::string>;
using zoho_test::deal;
using zoho_test::ids;
using zoho_test::Organisation;

TEST_CASE("a Zoho access token is had for the refresh token, and the host for the API with it") {
    Organisation zoho(twelve_deals());
    const auto granted = zoho.grant();
    CHECK(granted.status == 200);
    CHECK(granted.json["expires_in"].GetInt() == 1800);
    CHECK(granted.json["api_domain"] == "http://127.0.0.1");
    CHECK_FALSE(granted.json.HasMember("refresh_token"));
    zoho.advance(std::chrono::seconds{1800});
    const auto late = zoho.get("/crm/v8/org");
    CHECK(late.status == 401);
    CHECK(late.json["code"] == "INVALID_TOKEN");
}

TEST_CASE("Zoho takes a token request in parts too, as its own SDK sends it") {
    Organisation zoho(twelve_deals());
    std::string body;
    for (const auto& [name, value] :
         {std::pair{"client_id", "a"}, std::pair{"client_secret", "b"},
          std::pair{"grant_type", "refresh_token"}, std::pair{"refresh_token", "pat-eu1-demo"}})
        body += "--x\r\nContent-Disposition: form-data; name=\"" + std::string(name) +
                "\"\r\n\r\n" + value + "\r\n";
    zoho.headers.emplace_back("Content-Type", "multipart/form-data; boundary=x");
    CHECK(zoho.post("/oauth/v2/token", body + "--x--\r\n").json.HasMember("access_token"));
}

TEST_CASE("Zoho's token errors are answers with status 200, but for the eleventh in ten minutes") {
    Organisation zoho(twelve_deals());
    const auto dead = zoho.post("/oauth/v2/token?grant_type=refresh_token&client_id=a"
                                "&client_secret=b&refresh_token=other",
                                "");
    CHECK(dead.status == 200);
    CHECK(dead.json["error"] == "invalid_code");
    for (int n = 1; n < 10; ++n)
        CHECK(zoho.grant().status == 200);  // one more was in the beginning
    const auto eleventh = zoho.grant();
    CHECK(eleventh.status == 400);
    CHECK(eleventh.json["error"] == "Access Denied");
    zoho.advance(std::chrono::minutes{10});
    CHECK(zoho.grant().status == 200);
}

TEST_CASE("a Zoho list wants fields, begins with the newest id and leaves unknown fields out") {
    Organisation zoho(twelve_deals());
    CHECK(zoho.get("/crm/v8/Deals").json["code"] == "REQUIRED_PARAM_MISSING");
    const auto page = zoho.get("/crm/v8/Deals?fields=Deal_Name,Nothing&per_page=3");
    CHECK(ids(page) == Ids{deal(1002), deal(1001), deal(1000)});
    CHECK(page.json["data"][0]["Deal_Name"] == "Deal 11");
    CHECK(page.json["data"][0].MemberCount() == 2);
    CHECK(page.json["info"]["more_records"].IsTrue());
    CHECK(page.json["info"]["sort_by"] == "id");
    std::string many = "f0";
    for (int n = 1; n <= 50; ++n) many += ",f" + std::to_string(n);
    CHECK(zoho.get("/crm/v8/Deals?fields=" + many).json["code"] == "LIMIT_EXCEEDED");
    CHECK(zoho.get("/crm/v8/Nothing?fields=id").json["code"] == "INVALID_MODULE");
    CHECK(zoho.get("/crm/v8/Deals?fields=id&per_page=201").status == 400);
}

TEST_CASE("Zoho's pages by token go through equal times without loss or repetition") {
    Organisation zoho(twelve_deals());
    // 5, 6 and 7 share a minute, and pages of two and of three cut through them.
    const std::string size = GENERATE("2", "3", "6", "7");
    DYNAMIC_SECTION("pages of " << size) {
        const std::string list =
            "/crm/v8/Deals?fields=id&sort_by=Modified_Time&sort_order=asc&per_page=" + size;
        Ids seen;
        std::string token;
        do {
            const auto page = zoho.get(list + (token.empty() ? "" : "&page_token=" + token));
            REQUIRE(page.status == 200);
            for (const auto& id : ids(page)) seen.push_back(id);
            const auto& next = page.json["info"]["next_page_token"];
            token = next.IsString() ? next.GetString() : "";
            CHECK(token.size() <= 100);
        } while (!token.empty());
        Ids all;
        for (int n = 991; n <= 1002; ++n) all.push_back(deal(n));
        CHECK(seen == all);
    }
}

TEST_CASE("a Zoho page token belongs to its request, and dies after a day") {
    Organisation zoho(twelve_deals());
    const std::string list = "/crm/v8/Deals?fields=id&per_page=2";
    const std::string token = zoho.get(list).json["info"]["next_page_token"].GetString();
    CHECK(zoho.get("/crm/v8/Deals?fields=Stage&per_page=2&page_token=" + token).json["code"] ==
          "TOKEN_BOUND_DATA_MISMATCH");
    CHECK(zoho.get(list + "&page=2&page_token=" + token).json["code"] ==
          "AMBIGUITY_DURING_PROCESSING");
    zoho.advance(std::chrono::hours{24});
    zoho.sign_in();
    const auto dead = zoho.get(list + "&page_token=" + token);
    CHECK(dead.status == 400);
    CHECK(dead.json["code"] == "EXPIRED_VALUE");
}

TEST_CASE("Zoho's page numbers reach two thousand rows, and its tokens a hundred thousand") {
    Organisation zoho(zoho_test::many_calls(2'100));
    CHECK(ids(zoho.get("/crm/v8/Calls?fields=id&page=10")).size() == 200);
    CHECK(zoho.get("/crm/v8/Calls?fields=id&page=11").json["code"] ==
          "DISCRETE_PAGINATION_LIMIT_EXCEEDED");
    std::set<std::string> seen;
    std::string token;
    do {
        const auto page =
            zoho.get("/crm/v8/Calls?fields=id" + (token.empty() ? "" : "&page_token=" + token));
        for (const auto& id : ids(page)) seen.insert(id);
        const auto& next = page.json["info"]["next_page_token"];
        token = next.IsString() ? next.GetString() : "";
    } while (!token.empty());
    CHECK(seen.size() == 2'100);
}

TEST_CASE("If-Modified-Since takes the second itself; nothing modified is 304, no rows are 204") {
    Organisation zoho(twelve_deals());
    const auto since = [&](const std::string& time) {
        zoho.headers.emplace_back("If-Modified-Since", time);
        auto page = zoho.get("/crm/v8/Deals?fields=id&sort_by=Modified_Time&sort_order=asc");
        zoho.headers.pop_back();
        return page;
    };
    // Nine o'clock and ten minutes in Greenwich is 10:10 in Berlin.
    CHECK(ids(since("2026-11-02T10:10:00+01:00")) == Ids{deal(1001), deal(1002)});
    const auto nothing = since("2026-11-02T09:11:01+00:00");
    CHECK(nothing.status == 304);
    CHECK(nothing.text.empty());
    const auto none = zoho.get("/crm/v8/Calls?fields=id");
    CHECK(none.status == 204);
    CHECK(none.text.empty());
}

TEST_CASE("deleted Zoho records lie in the bin, those that are purged are told as permanent") {
    Organisation zoho(twelve_deals());
    CHECK(zoho.get("/crm/v8/Deals/deleted").status == 204);
    zoho.edit("archive", "deals", "991");
    zoho.advance(std::chrono::seconds{60});
    zoho.edit("forget", "deals", "992");
    CHECK(ids(zoho.get("/crm/v8/Deals/deleted?type=recycle")) == Ids{deal(991)});
    CHECK(ids(zoho.get("/crm/v8/Deals/deleted?type=permanent")) == Ids{deal(992)});
    const auto all = zoho.get("/crm/v8/Deals/deleted?type=all&per_page=1");
    CHECK(ids(all) == Ids{deal(992)});
    CHECK(all.json["info"]["more_records"].IsTrue());
    CHECK(all.json["data"][0]["deleted_time"] == "2026-11-20T13:01:00+01:00");
    zoho.headers.emplace_back("If-Modified-Since", "2026-11-20T12:01:00+00:00");
    CHECK(ids(zoho.get("/crm/v8/Deals/deleted?type=all")) == Ids{deal(992)});
    zoho.headers.pop_back();
    CHECK(ids(zoho.get("/crm/v8/Deals?fields=id")).size() == 10);
    zoho.edit("restore", "deals", "991");
    CHECK(ids(zoho.get("/crm/v8/Deals?fields=id")).size() == 11);
}

TEST_CASE("a Zoho stage has a row in the history when it is entered, and then where it led") {
    Dataset data;
    const Instant start = *parse_instant("2026-11-02T09:00:00Z");
    data.create(ObjectType::deals, {{"dealname", "Globex"}, {"dealstage", "qualifiedtobuy"}},
                start);
    data.set(ObjectType::deals, 991, {{"dealstage", "closedwon"}}, start + std::chrono::hours{24});
    Organisation zoho(std::move(data));
    const auto history = zoho.get("/crm/v8/DealHistory?sort_order=asc&fields="
                                  "Potential_Name,Stage,Moved_To__s,Modified_Time");
    const auto& rows = history.json["data"];
    REQUIRE(rows.Size() == 2);
    CHECK(rows[0]["Stage"] == "Qualified To Buy");
    CHECK(rows[0]["Moved_To__s"] == "Closed Won");
    CHECK(rows[0]["Modified_Time"] == "2026-11-02T10:00:00+01:00");
    CHECK(rows[1]["Stage"] == "Closed Won");
    CHECK(rows[1]["Moved_To__s"].IsNull());
    CHECK(rows[1]["Potential_Name"]["id"] == deal(991).c_str());
}

TEST_CASE("a forbidden module, a hidden field and a spent day's credits are told as Zoho tells") {
    SimulatorOptions options = unlimited();
    options.quotas.per_day = 4;
    Organisation zoho(twelve_deals(), options);
    zoho.post("/_sim/dialect/hide", R"({"field":"Deals.Stage"})");
    const auto page = zoho.get("/crm/v8/Deals?fields=Stage");
    CHECK_FALSE(page.json["data"][0].HasMember("Stage"));
    CHECK(page.header("x-api-credits-remaining").empty());
    zoho.post("/_sim/dialect/forbid", R"({"module":"Deals"})");
    const auto forbidden = zoho.get("/crm/v8/Deals?fields=id");
    CHECK(forbidden.status == 403);
    CHECK(forbidden.json["code"] == "NO_PERMISSION");
    CHECK(forbidden.header("x-api-credits-remaining") == "2");
    zoho.get("/crm/v8/org");
    zoho.get("/crm/v8/org");
    const auto spent = zoho.get("/crm/v8/org");
    CHECK(spent.status == 429);
    CHECK(spent.json["code"] == "TOO_MANY_REQUESTS");
    CHECK(spent.header("retry-after").empty());
}

TEST_CASE("members of Zoho's rows are those of the samples") {
    const std::string samples = NUDGED_SOURCE_DIR "/../shared/specs/zoho/samples/";
    if (!zoho_test::exists(samples)) {
        WARN("no samples here: skipped");
        return;
    }
    struct Case {
        const char* file;
        const char* module;
    };
    const auto c = GENERATE(values<Case>({{"calls-page1.json", "Calls"},
                                          {"tasks.json", "Tasks"},
                                          {"events.json", "Events"},
                                          {"deals.json", "Deals"},
                                          {"accounts.json", "Accounts"},
                                          {"contacts.json", "Contacts"}}));
    DYNAMIC_SECTION(c.module) {
        Organisation zoho(zoho_test::one_of_each());
        const auto sample = zoho_test::read_json(samples + c.file);
        std::string fields;
        for (const auto& member : sample["data"][0].GetObject())
            fields += (fields.empty() ? "" : ",") + std::string(member.name.GetString());
        const auto page = zoho.get("/crm/v8/" + std::string(c.module) + "?fields=" + fields);
        REQUIRE(page.status == 200);
        for (const auto& member : sample["data"][0].GetObject()) {
            INFO(member.name.GetString());
            const auto& row = page.json["data"][0];
            REQUIRE(row.HasMember(member.name));
            const auto& ours = row[member.name];
            if (!ours.IsNull() && !member.value.IsNull())
                CHECK(ours.GetType() == member.value.GetType());
            if (ours.IsObject() && member.value.IsObject())
                CHECK(ours.MemberCount() == member.value.MemberCount());
        }
        CHECK(page.json["info"].MemberCount() == sample["info"].MemberCount());
    }
}

}  // namespace
}  // namespace nudged::crmsim
