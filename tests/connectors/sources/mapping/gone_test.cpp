// SPDX-License-Identifier: Apache-2.0
// How rows tell that a record is gone, and what became of it.
#include "tests/connectors/sources/mapping/mapping.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

TEST_CASE("a deleted row may tell into which record it was merged, and is asked for it") {
    Mapping account{R"(
deleted     = [{ at = "/gone", in = ["true"] }]
merged_into = "/winner"
[map]
name = "/name"
)",
                    Entity::account};
    REQUIRE(account.problems.str().empty());
    const std::string rows = R"([{"id":"1","gone":true,"winner":"7"},{"id":"2","gone":true},)"
                             R"({"id":"3","gone":false,"winner":"7"}])";
    account.read(rows);
    const auto& told = account.page.records;
    REQUIRE(told.size() == 3);
    CHECK(told[0].deleted);
    CHECK(told[0].why == model::Gone::merged);
    CHECK(told[0].into == "7");
    CHECK(told[1].deleted);
    CHECK(told[1].why == model::Gone::deleted);
    CHECK(told[1].into.empty());
    CHECK_FALSE(told[2].deleted);
    const auto places = sources::places_read(account.plan);
    CHECK(std::ranges::find(places, *sources::json::Path::parse("/winner")) != places.end());
}

TEST_CASE("every row of a list of deletions tells one") {
    Mapping account{"merged_into = \"/winner\"\n[map]\nname = \"/name\"\n", Entity::account};
    REQUIRE(account.problems.str().empty());
    account.plan.all_deleted = true;
    account.read(R"([{"id":"1","winner":"7"},{"id":"2"}])");
    const auto& told = account.page.records;
    REQUIRE(told.size() == 2);
    CHECK(told[0].deleted);
    CHECK(told[0].into == "7");
    CHECK(told[1].deleted);
    CHECK(told[1].why == model::Gone::deleted);
}

TEST_CASE("a record tells which others were merged into it, each of which is a tombstone then") {
    struct Case {
        const char* name;
        const char* parts;
        std::vector<std::string> buried;
    };
    const auto c = GENERATE(values<Case>({
        {"one", R"("709")", {"709"}},
        {"several in a text", R"("709;710; 711")", {"709", "710", "711"}},
        {"several with commas", R"("709,710")", {"709", "710"}},
        {"a list", R"(["709", 710, null])", {"709", "710"}},
        {"a number", "709", {"709"}},
        {"itself is none of them", R"("709;701")", {"709"}},
        {"nothing", R"("")", {}},
        {"null", "null", {}},
    }));
    DYNAMIC_SECTION(c.name) {
        Mapping account{"merged_from = \"/parts\"\nmodified = \"/at\"\n[map]\nname = \"/name\"\n",
                        Entity::account};
        REQUIRE(account.problems.str().empty());
        const auto tally = account.read(fmt::format(
            R"({{"id":701,"name":"Globex","at":"2026-03-02T15:11:12Z","parts":{}}})", c.parts));
        CHECK(tally.rows == 1);
        CHECK(tally.keys.size() == 1);
        REQUIRE(account.page.records.size() == 1 + c.buried.size());
        CHECK(account.shown("name") == "Globex");
        for (std::size_t i = 0; i < c.buried.size(); ++i) {
            const auto& part = account.page.records[1 + i];
            CHECK(part.id == c.buried[i]);
            CHECK(part.deleted);
            CHECK(part.why == model::Gone::merged);
            CHECK(part.into == "701");
            CHECK_FALSE(part.modified);
        }
    }
}

TEST_CASE("a record that is deleted itself buries no others") {
    Mapping account{"merged_from = \"/parts\"\ndeleted = [{ at = \"/gone\", in = [\"true\"] }]\n"
                    "[map]\nname = \"/name\"\n",
                    Entity::account};
    account.read(R"({"id":701,"gone":true,"parts":"709"})");
    REQUIRE(account.page.records.size() == 1);
    CHECK(account.page.records[0].id == "701");
}
