// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/dynamics365/test_environment.hpp"

#include <algorithm>

namespace nudged::crmsim {
namespace {

using Names = std::vector<std::string>;
using dynamics365_test::Environment;
using dynamics365_test::escape;
using dynamics365_test::values;

TEST_CASE("$filter finds what it says") {
    struct Case {
        const char* filter;
        Names found;
    };
    // Number n is worth n hundreds and was changed n minutes after nine; 5, 6 and 7 at 09:05; 3 and
    // 4 have no value.
    const auto c = GENERATE(Catch::Generators::values<Case>({
        {"estimatedvalue eq 500", {"Deal 5"}},
        {"estimatedvalue gt 1000", {"Deal 11"}},
        {"estimatedvalue eq null", {"Deal 3", "Deal 4"}},
        {"estimatedvalue ne null and estimatedvalue le 100", {"Deal 0", "Deal 1"}},
        {"name eq 'Deal 1' or name eq 'Deal 2' and estimatedvalue eq 0", {"Deal 1"}},
        {"(name eq 'Deal 1' or name eq 'Deal 2') and estimatedvalue eq 100", {"Deal 1"}},
        {"not (estimatedvalue lt 1100) and estimatedvalue ne null", {"Deal 11"}},
        {"name eq 'it''s'", {}},
        {"modifiedon ge 2026-11-02T09:10:00Z", {"Deal 10", "Deal 11"}},
        {"modifiedon gt 2026-11-02T09:04:00Z and modifiedon lt 2026-11-02T09:06:00Z",
         {"Deal 5", "Deal 6", "Deal 7"}},
        {"statecode eq 0 and _ownerid_value ne null", {}},
    }));
    DYNAMIC_SECTION(c.filter) {
        Environment crm(twelve_deals());
        const auto page = crm.list("opportunities?$select=name&$orderby=modifiedon,name&$filter=" +
                                   escape(c.filter));
        CHECK(page.status == 200);
        CHECK(values(page, "name") == c.found);
    }
}

TEST_CASE("queries that the Web API does not understand are 400 with its code") {
    const std::string query =
        GENERATE(as<std::string>(), "$select=nosuchfield", "$filter=nosuch eq 1",
                 "$filter=name eq 5", "$filter=(name eq 'x'",
                 "$filter=modifiedon ge '2026-11-02T09:10:00Z'", "$orderby=nosuch", "$skip=5");
    DYNAMIC_SECTION(query) {
        Environment crm(twelve_deals());
        const std::size_t equals = query.find('=');
        const auto page = crm.list("opportunities?" + query.substr(0, equals + 1) +
                                   escape(query.substr(equals + 1)));
        CHECK(page.status == 400);
        CHECK(page.json["error"]["code"] == "0x80060888");
    }
}

TEST_CASE("the definition of a table names its columns, and a reference by another name") {
    Environment crm(twelve_deals());
    const auto page =
        crm.list("EntityDefinitions(LogicalName='opportunity')/Attributes?$select=LogicalName");
    REQUIRE(page.status == 200);
    const auto names = values(page, "LogicalName");
    const auto count = [&](const char* name) { return std::ranges::count(names, name); };
    CHECK(count("estimatedvalue") == 1);
    CHECK(count("ownerid") == 1);
    CHECK(count("_ownerid_value") == 0);
    CHECK(crm.list("EntityDefinitions(LogicalName='nosuch')/Attributes").status == 404);
}

TEST_CASE("next links lead through equal times, if the order ends with the key") {
    Environment crm(dynamics365_test::many_calls(25));
    crm.prefer("odata.maxpagesize=4");
    auto page = crm.list("phonecalls?$select=activityid&$orderby=modifiedon,activityid");
    Names seen = values(page, "activityid");
    while (page.json.HasMember("@odata.nextLink")) {
        CHECK(seen.size() % 4 == 0);
        page = crm.follow(page.json["@odata.nextLink"].GetString());
        REQUIRE(page.status == 200);
        for (const auto& id : values(page, "activityid")) seen.push_back(id);
    }
    CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == 25);
    CHECK(seen.size() == 25);
    // By the last group first, as the database sorts them, which is not the order of their texts.
    CHECK_FALSE(std::ranges::is_sorted(seen));
    CHECK(std::ranges::is_sorted(seen, {}, [](const std::string& id) { return id.substr(24); }));
}

TEST_CASE("without the key in the order, rows come twice or never") {
    Environment crm(dynamics365_test::many_calls(25));
    crm.prefer("odata.maxpagesize=4");
    auto page = crm.list("phonecalls?$select=activityid&$orderby=modifiedon");
    Names seen = values(page, "activityid");
    while (page.json.HasMember("@odata.nextLink")) {
        page = crm.follow(page.json["@odata.nextLink"].GetString());
        for (const auto& id : values(page, "activityid")) seen.push_back(id);
    }
    CHECK(std::set<std::string>(seen.begin(), seen.end()).size() < 25);
}

TEST_CASE("a next link forgets the page's size and the annotations unless asked again") {
    Environment crm(twelve_deals());
    crm.prefer("odata.maxpagesize=5,odata.include-annotations=\"*\"");
    const auto first = crm.list("opportunities?$select=name,statecode");
    CHECK(values(first, "name").size() == 5);
    const char* label = "statecode@OData.Community.Display.V1.FormattedValue";
    CHECK(first.json["value"][0][label] == "Open");
    const std::string link = first.json["@odata.nextLink"].GetString();
    CHECK(crm.follow(link).json["value"].Size() == 5);
    crm.prefer("");
    const auto bare = crm.follow(link);
    CHECK(bare.json["value"].Size() == 7);
    CHECK_FALSE(bare.json["value"][0].HasMember(label));
    CHECK(crm.follow(link + "&$top=3").status == 400);
    CHECK(crm.list("opportunities?$top=3").json["value"].Size() == 3);
    CHECK(crm.list("opportunities?$count=true&$top=1").json["@odata.count"].GetInt() == 12);
}

TEST_CASE("a keyset filter on time and key goes on where a page ended") {
    Environment crm(dynamics365_test::many_calls(9));
    const auto all = values(
        crm.list("phonecalls?$select=activityid&$orderby=modifiedon,activityid"), "activityid");
    const std::string filter = "modifiedon gt 2026-11-02T09:00:00Z or (modifiedon eq "
                               "2026-11-02T09:00:00Z and activityid gt " +
                               all[3] + ")";
    const auto rest = values(crm.list("phonecalls?$select=activityid&$orderby=modifiedon,activityid"
                                      "&$filter=" +
                                      escape(filter)),
                             "activityid");
    CHECK(rest == Names(all.begin() + 4, all.end()));
}

TEST_CASE("a row is had by its id, and is a 404 when it is gone") {
    Environment crm(dynamics365_test::many_calls(1));
    const std::string id = values(crm.list("phonecalls?$select=activityid"), "activityid").front();
    const auto one = crm.list("phonecalls(" + id + ")?$select=directioncode");
    CHECK(one.status == 200);
    CHECK(one.json["activityid"] == id.c_str());
    crm.edit("archive", "calls", "9998801");
    const auto gone = crm.list("phonecalls(" + id + ")");
    CHECK(gone.status == 404);
    CHECK(gone.json["error"]["code"] == "0x80040217");
    const auto segment = crm.list("phonecal");
    CHECK(segment.status == 404);
    CHECK(segment.json["error"]["code"] == "0x80060888");
}

TEST_CASE("tokens: client credentials, rotating refresh tokens, and the login host's errors") {
    SimulatorOptions options = unlimited();
    options.rotate_refresh_token = true;
    Environment crm(twelve_deals(), options);
    const auto refresh = [&](const std::string& token) {
        return crm.token("grant_type=refresh_token&client_id=a&refresh_token=" + token);
    };
    const auto first = refresh("pat-eu1-demo");
    REQUIRE(first.status == 200);
    const std::string next = first.json["refresh_token"].GetString();
    const auto replaced = refresh("pat-eu1-demo");
    CHECK(replaced.status == 400);
    CHECK(replaced.json["error"] == "invalid_grant");
    CHECK(replaced.json["error_codes"][0].GetInt() == 700082);
    CHECK(refresh(next).status == 200);

    const auto wrong =
        crm.token("grant_type=client_credentials&client_id=a&client_secret=no&scope=x%2F.default");
    CHECK(wrong.status == 401);
    CHECK(wrong.json["error_codes"][0].GetInt() == 7000215);
    crm.post("/_sim/dialect/expire-client-secret", "");
    CHECK(crm.sign_in().json["error_codes"][0].GetInt() == 7000222);

    crm.advance(std::chrono::seconds{1800});
    const auto late = crm.list("opportunities");
    CHECK(late.status == 401);
    CHECK(late.text.empty());
    CHECK(late.header("www-authenticate").find("invalid_token") != std::string::npos);
}

TEST_CASE("who asks too often waits, and longer the more it asks") {
    SimulatorOptions options = unlimited();
    options.quotas.per_ten_seconds = 1;  // 30 in five minutes
    Environment crm(twelve_deals(), options);
    for (int n = 0; n < 30; ++n) REQUIRE(crm.list("WhoAmI").status == 200);
    const auto refused = crm.list("WhoAmI");
    CHECK(refused.status == 429);
    CHECK(refused.json["error"]["code"] == "0x80072322");
    CHECK(refused.header("retry-after") == "300");
    CHECK(crm.list("WhoAmI").header("retry-after") == "305");
    crm.advance(std::chrono::seconds{305});
    CHECK(crm.list("WhoAmI").status == 200);
}

}  // namespace
}  // namespace nudged::crmsim
