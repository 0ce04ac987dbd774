// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/zoho/test_organisation.hpp"

#include <algorithm>

namespace nudged::crmsim {
namespace {

using Ids = std::vector<std::string>;
using zoho_test::deal;
using zoho_test::ids;
using zoho_test::Organisation;

TEST_CASE("COQL finds what its criteria say") {
    struct Case {
        const char* where;
        Ids found;
    };
    // Number n (991 + n) is worth n hundreds; 3 and 4 have no amount; 5, 6 and 7 share 09:05.
    const auto c = GENERATE(values<Case>({
        {"Amount = 500", {deal(996)}},
        {"Amount > 1000", {deal(1002)}},
        {"(Amount >= 900 and Amount < 1100)", {deal(1000), deal(1001)}},
        {"Amount is null", {deal(994), deal(995)}},
        {"(Amount is not null and Amount <= 100)", {deal(991), deal(992)}},
        {"((Amount = 0 or Amount = 100) and Deal_Name != 'Deal 0')", {deal(992)}},
        {"Amount between 900 and 1000", {deal(1000), deal(1001)}},
        {"Deal_Name in ('Deal 1', 'deal 2')", {deal(992), deal(993)}},
        {"(Amount not in (0, 100) and Amount < 600)", {deal(993), deal(996)}},
        {"Modified_Time = '2026-11-02T10:05:00+01:00'", {deal(996), deal(997), deal(998)}},
        {"Modified_Time > '2026-11-02T09:10:00+00:00'", {deal(1002)}},
        {"id > '4970762004000001000'", {deal(1001), deal(1002)}},
    }));
    DYNAMIC_SECTION(c.where) {
        Organisation zoho(twelve_deals());
        const auto answer =
            zoho.coql("select id from Deals where " + std::string(c.where) + " order by id asc");
        CHECK(ids(answer) == c.found);
        CHECK(answer.json["info"]["count"].GetUint() == c.found.size());
    }
}

TEST_CASE("COQL's mistakes have Zoho's codes") {
    struct Case {
        const char* query;
        const char* code;
    };
    const auto c = GENERATE(values<Case>({
        {"select id from Deals", "SYNTAX_ERROR"},
        {"select id from Deals where Amount > 1 and Amount < 3 and id is not null", "SYNTAX_ERROR"},
        {"select id from Deals where (Amount > 1", "SYNTAX_ERROR"},
        {"select id from Deals where Amount ~ 1", "SYNTAX_ERROR"},
        {"select Nothing from Deals where id is not null", "INVALID_QUERY"},
        {"select id from Nothing where id is not null", "INVALID_QUERY"},
        {"select id from Deals where Modified_Time > 'yesterday'", "INVALID_QUERY"},
        {"select id from Deals where id is not null limit 2001", "LIMIT_EXCEEDED"},
        {"select id from Deals where id is not null limit 99000, 2000", "LIMIT_EXCEEDED"},
    }));
    DYNAMIC_SECTION(c.query) {
        Organisation zoho(twelve_deals());
        const auto answer = zoho.coql(c.query);
        CHECK(answer.status == 400);
        CHECK(answer.json["code"] == c.code);
        CHECK(answer.json["status"] == "error");
    }
}

TEST_CASE("COQL pages by offset agree where the order leaves nothing open, and else do not") {
    Organisation zoho(zoho_test::many_calls(5));
    const auto walk = [&](const std::string& order) {
        Ids seen;
        for (int offset = 0; offset < 5; offset += 2)
            for (const auto& id :
                 ids(zoho.coql("select id from Calls where id is not null order by " + order +
                               " limit " + std::to_string(offset) + ", 2")))
                seen.push_back(id);
        std::ranges::sort(seen);
        seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
        return seen.size();
    };
    CHECK(walk("Modified_Time asc, id asc") == 5);
    // Calls 0 and 1 of the ascending ties, 2 and 1 of the descending ones, 4 of the ascending.
    CHECK(walk("Modified_Time asc") == 4);
    const auto last = zoho.coql("select id from Calls where id is not null limit 4, 2");
    CHECK(last.json["info"]["more_records"].IsFalse());
    CHECK(zoho.coql("select id from Calls where id is not null limit 5, 2").status == 204);
}

TEST_CASE("COQL shows links as ids, and with a dot what lies behind them") {
    Organisation zoho(zoho_test::one_of_each());
    const auto answer =
        zoho.coql("select Owner.id, What_Id, What_Id.Deal_Name, Who_Id from Calls where "
                  "Owner.id = '4970762000000000007'");
    REQUIRE(answer.status == 200);
    const auto& row = answer.json["data"][0];
    CHECK(row["Owner.id"] == "4970762000000000007");
    CHECK(row["What_Id"]["id"] == deal(991).c_str());
    CHECK(row["What_Id"]["module"]["api_name"] == "Deals");
    CHECK(row["What_Id.Deal_Name"] == "Globex - 40 seats");
    CHECK(row["Who_Id"].MemberCount() == 1);
    CHECK(row["id"] == "4970762001009998801");
}

TEST_CASE("a large COQL call takes three credits, a small one takes one") {
    SimulatorOptions options = unlimited();
    options.quotas.per_day = 8;
    Organisation zoho(twelve_deals(), options);
    const std::string query = "select id from Deals where id is not null limit ";
    zoho.coql(query + "200");
    zoho.coql(query + "1000");
    const auto third = zoho.coql(query + "2000");
    CHECK(third.header("x-api-credits-remaining") == "2");
    CHECK(zoho.coql(query + "1001").status == 429);
    CHECK(zoho.coql(query + "201").status == 200);
}

}  // namespace
}  // namespace nudged::crmsim
