// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

/// Dates and decimals are objects that name their type, in answers and in filters.
constexpr auto manifest = R"(
[auth]
kind = "bearer"
[request.find]
post = "/find/{set}"
records = "/batch"
stable = true
[request.find.body]
sort = { _id = 1 }
[request.find.body.filter]
changed = { "$gte" = { "$date" = "{window.lo as iso_ms}" }, "$lt" = { "$date" = { "$numberLong" = "{window.hi as epoch_ms string}" } } }
_id = { "$gt" = { "$oid" = "{keyset.last_id}" } }
[stream.opportunity]
request = "find"
with = { set = "deals" }
walk = "window"
id = "/_id/$oid"
modified = ["/changed/$date"]
[stream.opportunity.map]
name = "/name"
amount = ["/value/$numberDecimal", "/value/$numberLong", "/value"]
close_date = "/closes/$date"
created_at = [{ from = "/made/$date/$numberLong", as = "epoch_ms" }, { from = "/made/$date" }]
probability = { from = "/odds/$numberInt", as = "percent" }
)";

constexpr auto batch = R"({"batch":[
{"_id":{"$oid":"5f0a"},"name":"Acme","value":{"$numberDecimal":"1250.50"},"closes":{"$date":"2026-12-24"},
 "made":{"$date":{"$numberLong":"1795176000000"}},"odds":{"$numberInt":"75"},"changed":{"$date":"2026-11-20T10:00:00.250Z"}},
{"_id":{"$oid":"5f0b"},"name":"Bolt","value":{"$numberLong":"9007199254740993"},"closes":{"$date":null},
 "made":{"$date":"2026-11-20T12:00:00Z"},"odds":{},"changed":{"$date":"2026-11-20T10:00:00Z"}},
{"_id":{"$oid":"5f0c"},"name":"Cog","value":12,"changed":{"$date":"2026-11-20T10:00:00Z"},"made":{"$date":{"odd":1}}}
]})";

}  // namespace

TEST_CASE("dates and decimals that name their type are read, and asked for, as such") {
    StyleCrm crm(manifest, [](const Request& request) {
        return Reply::json(holds(request.body, R"("$oid":"0")") ? batch : R"({"batch":[]})");
    });
    Store store;
    const auto page = crm.fetch(Entity::opportunity);
    keep(page, store);
    // 1795176000 s after 1970 is 2026-11-20T12:00:00Z.
    CHECK(fields(store, Entity::opportunity, "5f0a") == Fields{{"name", "Acme"},
                                                               {"amount", "1250.5"},
                                                               {"close_date", "2026-12-24"},
                                                               {"created_at", "1795176000000"},
                                                               {"probability", "0.75"}});
    CHECK(fields(store, Entity::opportunity, "5f0b") == Fields{{"name", "Bolt"},
                                                               {"amount", "9007199254740993"},
                                                               {"created_at", "1795176000000"}});
    CHECK(fields(store, Entity::opportunity, "5f0c") == Fields{{"name", "Cog"}, {"amount", "12"}});
    CHECK(store.at({Entity::opportunity, "5f0a"}).modified ==
          parse_instant("2026-11-20T10:00:00.250Z"));
    // A date of no known type is told, and nothing else.
    REQUIRE(page.malformed_count == 1);
    CHECK(page.malformed.at(0).where == "opportunity 5f0c: created_at");

    const auto second = crm.fetch(Entity::opportunity, page.cursor);
    CHECK_FALSE(second.more);
    const auto requests = crm.requests("/find/deals");
    REQUIRE(requests.size() == 2);
    CHECK(requests[1].body ==
          R"({"filter":{"_id":{"$gt":{"$oid":"5f0c"}},"changed":{"$gte":{"$date":)"
          R"("1970-01-01T00:00:00.000Z"},"$lt":{"$date":{"$numberLong":"1795176000000"}}}},)"
          R"("sort":{"_id":1}})");
}
