// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/portal.hpp"

#include <fmt/format.h>

#include <set>

namespace nudged::crmsim {
namespace {

using Ids = std::vector<std::string>;

std::string filter(const std::string& property, const std::string& op,
                   const std::string& rest = {}) {
    return fmt::format(R"({{"propertyName":"{}","operator":"{}"{}}})", property, op, rest);
}

std::string value(const std::string& text) {
    return R"(,"value":")" + text + '"';
}

std::string group(const std::string& filters) {
    return R"({"filters":[)" + filters + "]}";
}

std::string request(const std::string& groups, const std::string& rest = R"("limit":200)") {
    return fmt::format(R"({{"filterGroups":[{}],{}}})", groups, rest);
}

TEST_CASE("filters compare each kind of property as HubSpot does") {
    struct Case {
        const char* name;
        std::string groups;
        Ids found;
    };
    // 2026-11-02T09:05:00Z is 1793610300 s after 1970: 20,759 days × 86,400 + 9 h + 5 min.
    const std::string five_past = "1793610300000";
    const auto c = GENERATE_COPY(values<Case>({
        {"ids as numbers",
         group(filter("hs_object_id", "GT", value("999"))),
         {"1000", "1001", "1002"}},
        {"both ends of BETWEEN belong to it",
         group(filter("hs_object_id", "BETWEEN", value("998") + R"(,"highValue":"1000")")),
         {"998", "999", "1000"}},
        {"amounts as numbers", group(filter("amount", "GTE", value("1000"))), {"1001", "1002"}},
        {"null and empty are below nothing",
         group(filter("amount", "LT", value("300"))),
         {"991", "992", "993"}},
        {"neither null nor empty has a property",
         group(filter("amount", "NOT_HAS_PROPERTY")),
         {"994", "995"}},
        {"a text equals", group(filter("dealname", "EQ", value("Deal 5"))), {"996"}},
        {"a text of several",
         group(filter("dealname", "IN", R"(,"values":["Deal 1","Deal 11","Deal 99"])")),
         {"992", "1002"}},
        {"epoch milliseconds, and one instant of three records",
         group(filter("hs_lastmodifieddate", "EQ", value(five_past))),
         {"996", "997", "998"}},
        {"LTE takes the instant in, LT does not",
         group(filter("hs_lastmodifieddate", "LTE", value(five_past)) + "," +
               filter("hs_lastmodifieddate", "GT", value("1793610240000"))),
         {"996", "997", "998"}},
        {"filters of a group all hold",
         group(filter("hs_object_id", "GT", value("996")) + "," +
               filter("amount", "LT", value("700"))),
         {"997"}},
        {"one group is enough",
         group(filter("dealname", "EQ", value("Deal 0"))) + "," +
             group(filter("dealname", "EQ", value("Deal 2"))),
         {"991", "993"}},
    }));
    DYNAMIC_SECTION(c.name) {
        Portal portal(twelve_deals(), unlimited());
        const auto answer = portal.search("deals", request(c.groups));
        REQUIRE(answer.status == 200);
        CHECK(ids_of(answer) == c.found);
        CHECK(answer.json["total"].GetUint() == c.found.size());
    }
}

TEST_CASE("not equal is everything that has another value") {
    Portal portal(twelve_deals(), unlimited());
    const auto answer =
        portal.search("deals", request(group(filter("amount", "NEQ", value("500")))));
    CHECK(answer.json["total"].GetInt() == 9);  // 12 less the one, the null and the empty one
}

TEST_CASE("a search that HubSpot refuses is refused with a validation error") {
    struct Case {
        const char* name;
        std::string body;
    };
    const std::string id_filter = filter("hs_object_id", "GT", value("0"));
    std::string seven = id_filter;
    for (int n = 1; n < 7; ++n) seven += "," + id_filter;
    std::string six_groups = group(id_filter);
    for (int n = 1; n < 6; ++n) six_groups += "," + group(id_filter);
    const auto c = GENERATE_COPY(values<Case>({
        {"more than 200 a page", R"({"limit":201})"},
        {"a page beyond 10,000", R"({"limit":100,"after":"10000"})"},
        {"a position that is no number", R"({"after":"x"})"},
        {"an unknown property in a filter", request(group(filter("nope", "EQ", value("1"))))},
        {"contacts know no hs_lastmodifieddate, nor deals lastmodifieddate",
         request(group(filter("lastmodifieddate", "GT", value("1"))))},
        {"an unknown operator", request(group(filter("amount", "LIKE", value("1"))))},
        {"a time that is no number", request(group(filter("closedate", "GT", value("soon"))))},
        {"two sorts", R"({"sorts":[{"propertyName":"amount"},{"propertyName":"dealname"}]})"},
        {"seven filters in a group", request(group(seven))},
        {"six groups", request(six_groups)},
        {"a body of more than 3,000 characters",
         R"({"properties":[")" + std::string(3'000, 'x') + R"("]})"},
        {"no JSON", "{"},
    }));
    DYNAMIC_SECTION(c.name) {
        Portal portal(twelve_deals(), unlimited());
        const auto answer = portal.search("deals", c.body);
        CHECK(answer.status == 400);
        CHECK(answer.json["category"] == "VALIDATION_ERROR");
    }
}

TEST_CASE("the last position that is allowed is 9,999") {
    Portal portal(twelve_deals(), unlimited());
    const auto answer = portal.search("deals", R"({"limit":1,"after":"9999"})");
    CHECK(answer.status == 200);
    CHECK(ids_of(answer).empty());
    CHECK(next_of(answer).empty());
}

TEST_CASE("pages follow one another to the last, which names no next one") {
    Portal portal(twelve_deals(), unlimited());
    const auto first = portal.search("deals", R"({"limit":5})");
    CHECK(ids_of(first) == Ids{"991", "992", "993", "994", "995"});
    CHECK(next_of(first) == "5");
    const auto second = portal.search("deals", R"({"limit":5,"after":"5"})");
    CHECK(next_of(second) == "10");
    const auto last = portal.search("deals", R"({"limit":5,"after":"10"})");
    CHECK(ids_of(last) == Ids{"1001", "1002"});
    CHECK(next_of(last).empty());
    CHECK(last.json["total"].GetInt() == 12);
}

TEST_CASE("records of one instant come in no order of ids, though in the same one on every page") {
    Portal portal(twelve_deals(), unlimited());
    const std::string sorted = R"({"sorts":[{"propertyName":"hs_lastmodifieddate",
        "direction":"ASCENDING"}],"limit":1,"after":")";
    Ids ties;
    for (const char* position : {"5", "6", "7"})
        ties.push_back(ids_of(portal.search("deals", sorted + position + "\"}")).at(0));
    CHECK(ties == Ids{"998", "997", "996"});
}

TEST_CASE("sorting is by number where the property is one, and downwards when asked") {
    Portal portal(twelve_deals(), unlimited());
    const auto answer = portal.search(
        "deals", R"({"sorts":[{"propertyName":"amount","direction":"DESCENDING"}],"limit":200})");
    const Ids ids = ids_of(answer);
    const auto at = [&](const char* id) { return std::ranges::find(ids, id) - ids.begin(); };
    CHECK(at("1002") < at("1001"));
    CHECK(at("1001") < at("1000"));  // 1000 before 900
}

TEST_CASE("values are texts or null; unknown properties are left out without a word") {
    Portal portal(twelve_deals(), unlimited());
    const auto answer =
        portal.search("deals", request(group(filter("hs_object_id", "EQ", value("994"))),
                                       R"("properties":["amount","dealname","nope"],"limit":1)"));
    const auto& properties = answer.json["results"][0]["properties"];
    CHECK(properties["amount"].IsNull());
    CHECK(properties["dealname"] == "Deal 3");
    CHECK(properties["hs_object_id"] == "994");
    CHECK(properties["hs_lastmodifieddate"] == "2026-11-02T09:03:00Z");
    CHECK_FALSE(properties.HasMember("nope"));
    CHECK_FALSE(properties.HasMember("pipeline"));
    CHECK(answer.json["results"][0]["archived"].IsFalse());
}

TEST_CASE("the path may name a version, or a date") {
    Portal portal(twelve_deals(), unlimited());
    CHECK(portal.post("/crm/v3/objects/deals/search", "{}").json["total"].GetInt() == 12);
    CHECK(portal.post("/crm/objects/2026-09/deals/search", "{}").json["total"].GetInt() == 12);
    CHECK(portal.post("/crm/v3/objects/quotes/search", "{}").status == 404);
}

TEST_CASE("what was archived is not found any more") {
    Dataset data = twelve_deals();
    data.archive(ObjectType::deals, 995, *parse_instant("2026-11-03T09:00:00Z"));
    Portal portal(std::move(data), unlimited());
    CHECK(portal.search("deals", "{}").json["total"].GetInt() == 11);
}

TEST_CASE("the index is behind the store by its lag") {
    SimulatorOptions options = unlimited();
    options.search_lag = std::chrono::seconds{30};
    Portal portal(twelve_deals(), options);
    const std::string recent = request(group(
        filter("hs_lastmodifieddate", "GTE", value(std::to_string(to_millis(portal.now()))))));
    portal.post("/_sim/edit",
                R"({"action":"set","object":"deals","id":"991","properties":{"amount":"1"}})");
    portal.post("/_sim/edit", R"({"action":"create","object":"deals","properties":{}})");

    CHECK(ids_of(portal.search("deals", recent)).empty());
    // Found by its old time, shown with its new one.
    const auto old = portal.search(
        "deals", request(group(filter("hs_lastmodifieddate", "EQ", value("1793610000000")))));
    REQUIRE(ids_of(old) == Ids{"991"});
    CHECK(old.json["results"][0]["updatedAt"] == "2026-11-20T12:00:00Z");

    portal.advance(std::chrono::seconds{30});
    CHECK(ids_of(portal.search("deals", recent)) == Ids{"991", "1003"});
}

}  // namespace
}  // namespace nudged::crmsim
