// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/ids.hpp"
#include "tests/crmsim/salesforce/org_fixture.hpp"

namespace nudged::crmsim::salesforce {
namespace {

using Texts = std::vector<std::string>;

// 991 is 15 * 62 + 61: "Fz". Of the blocks "0065g", "00000" and "000Fz" only the last has an upper
// case letter, its fourth: 8, which is "I".
const std::string first_deal = "0065g00000000FzAAI";

TEST_CASE("an id has 18 characters, and says which of its letters are upper case") {
    CHECK(id_text("006", 991) == first_deal);
    // Upper case at the first and the last place of the third block: 1 + 16 = 17, "R".
    CHECK(full_id("0015000000Gv7qJ") == "0015000000Gv7qJAAR");
    CHECK(parse_id_text(first_deal)->number == 991);
    CHECK(id_text("00T", 991) < id_text("00T", 992));
    CHECK_FALSE(full_id("0065g00000000F"));
}

TEST_CASE("rows of one second are neither lost nor repeated when a walk resumes in their midst") {
    TestOrg org(twelve_deals());
    // Numbers 5, 6 and 7 share 09:05; the page ends between the first two of them.
    const auto page = org.query(
        "SELECT Id, Name, SystemModstamp FROM Opportunity ORDER BY SystemModstamp, Id LIMIT 6");
    REQUIRE(column(page, "Name") ==
            Texts{"Deal 0", "Deal 1", "Deal 2", "Deal 3", "Deal 4", "Deal 5"});
    CHECK(page.json["totalSize"].GetInt() == 6);
    CHECK(column(page)[0] == first_deal);
    CHECK(column(page, "SystemModstamp")[5] == "2026-11-02T09:05:00.000+0000");
    const auto rest = org.query(fmt::format(
        "SELECT Name FROM Opportunity WHERE (SystemModstamp = 2026-11-02T09:05:00Z AND Id > '{}') "
        "OR SystemModstamp > 2026-11-02T09:05:00Z ORDER BY SystemModstamp, Id",
        column(page)[5]));
    CHECK(column(rest, "Name") ==
          Texts{"Deal 6", "Deal 7", "Deal 8", "Deal 9", "Deal 10", "Deal 11"});
}

TEST_CASE("conditions select") {
    TestOrg org(twelve_deals());
    struct Case {
        const char* where;
        std::size_t rows;
    };
    // Amounts are 0, 100, 200, none, none, 500 … 1100.
    const auto c = GENERATE(values<Case>({
        {"Amount = 500", 1},
        {"Amount = 500.0", 1},
        {"Amount != 500", 11},
        {"Amount <> null", 10},
        {"Amount = null", 2},
        {"Amount < 500", 3},
        {"Amount <= 500", 4},
        {"amount > 500 AND amount < 900", 3},
        {"Amount IN (100, 200, 300)", 2},
        {"Amount NOT IN (100, 200)", 10},
        {"NOT Amount > 500", 6},
        {"(Amount > 900 OR Amount = 100) AND IsDeleted = false", 3},
        {"Name = 'deal 3'", 1},
        {"Name LIKE 'Deal 1_'", 2},
        {"Name LIKE '%1%'", 3},
        {"IsDeleted = TRUE", 0},
        {"CreatedDate >= 2026-11-02T09:11:00.000+00:00", 1},
        {"CreatedDate >= 2026-11-02T10:11:00+01:00", 1},
        {"CloseDate = null", 12},
        {"CloseDate > 2020-01-01", 0},
        {"Id = '0065g00000000Fz'", 1},
        {"Id = '0065g00000000FzAAI'", 1},
        {"Id = '0065g00000000fz'", 0},
        {"Id IN ('0065g00000000FzAAI', '0065g00000000G0AAI')", 2},
    }));
    DYNAMIC_SECTION(c.where) {
        const auto found = org.query(std::string("SELECT Id FROM Opportunity WHERE ") + c.where);
        CHECK(found.status == 200);
        CHECK(column(found).size() == c.rows);
    }
}

TEST_CASE("what is no query is refused, and the message shows the place") {
    TestOrg org(twelve_deals());
    struct Case {
        const char* soql;
        const char* code;
        const char* part;
    };
    const auto c = GENERATE(values<Case>({
        {"SELECT Id,CallObject,Amount FROM Task", "INVALID_FIELD",
         "\nSELECT Id,CallObject,Amount FROM Task\n                     ^\nERROR at "
         "Row:1:Column:22\nNo such column 'Amount' on entity 'Task'."},
        {"SELECT Id FROM Ticket", "INVALID_TYPE", "sObject type 'Ticket' is not supported."},
        {"SELECT Id FROM", "MALFORMED_QUERY", "unexpected token: '<EOF>'"},
        {"SELECT Id FROM Task WHERE IsClosed = true AND Subject = 'a' OR Subject = 'b'",
         "MALFORMED_QUERY", "unexpected token: 'OR'"},
        {"SELECT Id FROM Task WHERE Subject = 'it's'", "MALFORMED_QUERY", "unexpected token"},
        {"SELECT Id, id FROM Task", "MALFORMED_QUERY", "duplicate field selected: id"},
        {"SELECT Id FROM Task WHERE CreatedDate > '2026-11-02T09:00:00Z'", "INVALID_FIELD",
         "value of filter criterion for field 'CreatedDate' must be of type dateTime and should "
         "not be enclosed in quotes"},
        {"SELECT Id FROM Task WHERE ActivityDate > 2026-11-02T09:00:00Z", "INVALID_FIELD",
         "must be of type date"},
        {"SELECT Id FROM Task WHERE Subject = 5", "INVALID_FIELD", "should be enclosed in quotes"},
        {"SELECT Id FROM Task WHERE OwnerId = '42'", "INVALID_QUERY_FILTER_OPERATOR",
         "invalid ID field: 42"},
        {"SELECT Id FROM Task WHERE Description = 'x'", "INVALID_FIELD", "can not be filtered"},
        {"SELECT Id FROM Task WHERE CreatedDate > 2026-13-02T09:00:00Z", "MALFORMED_QUERY", "2026"},
        {"SELECT Nothing.Name FROM Task", "INVALID_FIELD", "Didn't understand relationship"},
        {"SELECT CurrencyIsoCode FROM Opportunity", "INVALID_FIELD", "CurrencyIsoCode"},
    }));
    DYNAMIC_SECTION(c.soql) {
        const auto refused = org.query(c.soql);
        CHECK(refused.status == 400);
        CHECK(error_code(refused) == c.code);
        CHECK(loopback::text_member(refused.json[0], "message").find(c.part) != std::string::npos);
    }
}

TEST_CASE("texts are told with their quotes and escapes") {
    Dataset data = twelve_deals();
    const std::string name = "O'Hara \\ \"Söhne\"\n<b>";
    data.create(ObjectType::companies, {{"name", name}}, *parse_instant("2026-11-02T09:00:00Z"));
    TestOrg org(std::move(data));
    const auto found =
        org.query(R"(SELECT Name FROM Account WHERE Name = 'O\'Hara \\ \"Söhne\"\n<b>')");
    CHECK(column(found, "Name") == Texts{name});
}

TEST_CASE("a page says where the next one is, and nothing once the cursor is gone") {
    TestOrg org(twelve_deals());
    org.order("settings", R"({"page_size": 5})");
    auto page = org.query_all("SELECT Id FROM Opportunity ORDER BY Id");
    CHECK(page.json["totalSize"].GetInt() == 12);
    CHECK_FALSE(page.json["done"].GetBool());
    Texts ids = column(page);
    CHECK(ids.size() == 5);
    const std::string next = page.json["nextRecordsUrl"].GetString();
    CHECK(next.starts_with("/services/data/v66.0/query/0r8"));
    while (!page.json["done"].GetBool()) {
        page = org.get(page.json["nextRecordsUrl"].GetString());
        const Texts more = column(page);
        ids.insert(ids.end(), more.begin(), more.end());
    }
    CHECK(ids.size() == 12);
    CHECK(std::ranges::is_sorted(ids));
    CHECK_FALSE(page.json.HasMember("nextRecordsUrl"));
    org.order("expire_cursors");
    const auto gone = org.get(next);
    CHECK(gone.status == 400);
    CHECK(error_code(gone) == "INVALID_QUERY_LOCATOR");
}

TEST_CASE("a cursor lives for two days, and a row deleted in mid-walk makes its page short") {
    TestOrg org(twelve_deals());
    org.order("settings", R"({"page_size": 10})");
    const auto first = org.query("SELECT Id FROM Opportunity ORDER BY Id");
    org.edit(R"({"action":"archive","object":"deals","id":"1002"})");
    const std::string next = first.json["nextRecordsUrl"].GetString();
    CHECK(column(org.get(next)).size() == 1);
    org.advance(std::chrono::hours{48});
    org.sign_in();
    CHECK(error_code(org.get(next)) == "INVALID_QUERY_LOCATOR");
}

TEST_CASE("a batch is never smaller than 200, nor larger than 2,000") {
    Dataset data;
    for (int n = 0; n < 2'100; ++n)
        data.create(ObjectType::contacts, {}, *parse_instant("2026-11-02T09:00:00Z"));
    TestOrg org(std::move(data));
    const auto rows = [&](const std::string& size) {
        return column(org.query("SELECT Id FROM Contact",
                                {{"Sforce-Query-Options", "batchSize=" + size}}))
            .size();
    };
    CHECK(rows("10") == 200);
    CHECK(rows("500") == 500);
    CHECK(rows("9999") == 2'000);
    CHECK(column(org.query("SELECT Id FROM Contact")).size() == 2'000);
    const auto count = org.query("SELECT COUNT() FROM Contact");
    CHECK(count.json["totalSize"].GetInt() == 2'100);
    CHECK(count.json["records"].Size() == 0);
}

TEST_CASE("a hidden column is unknown, a hidden object not supported, other people's rows absent") {
    Dataset data = twelve_deals();
    data.set(ObjectType::deals, 991, {{"hubspot_owner_id", "7"}},
             *parse_instant("2026-11-02T10:00:00Z"));
    TestOrg org(std::move(data));
    org.order("settings", R"({"hidden": ["Task.CallObject", "Event"], "other_peoples": ["7"]})");
    CHECK(error_code(org.query("SELECT CallObject FROM Task")) == "INVALID_FIELD");
    CHECK(error_code(org.query("SELECT Id FROM Event")) == "INVALID_TYPE");
    CHECK(org.get(org.data + "/sobjects/Event/describe").status == 404);
    const auto described = org.get(org.data + "/sobjects/Task/describe");
    CHECK(described.text.find("CallDisposition") != std::string::npos);
    CHECK(described.text.find("CallObject") == std::string::npos);
    CHECK(column(org.query_all("SELECT Id FROM Opportunity")).size() == 11);
}

}  // namespace
}  // namespace nudged::crmsim::salesforce
