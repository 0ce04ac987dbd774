// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using model::Entity;

namespace {

/// Answers are tables; what the kinds of tasks are called stands in a list of its own.
constexpr auto manifest = R"([auth]
kind = "bearer"
[request.export]
post = "/export"
answer = "csv"
next_header = "X-Locator"
rows_header = "X-Rows"
form = { object = "{object}", locator = "{page.token}" }
[request.kinds]
get = "/kinds"
query = { page = "{page.number}" }
records = "/kinds"
total = "/total"
[lookup.kind]
request = "kinds"
key = "/code"
value = "/label"
every = "24h"
[stream.task]
request = "export"
with = { object = "todos" }
id = "/Id"
[stream.task.map]
subject = "/Title"
type = { from = "/Kind", lookup = "kind", values = { "Phone call" = "call" } }
due_on = { from = "/Due", format = "%d/%m/%Y" }
)";

constexpr auto page_1 = "Id,Title,Kind,Due\r\n"
                        "1,\"Call back,\r\nthen \"\"wait\"\"\",k1,24/12/2026\r\n"
                        "2,,k2,\r\n";
constexpr auto page_2 = "Id,Title,Kind,Due\n"
                        "3,\"Last\",k3,2026-12-24\n"
                        "4,one cell too many,k1,,\n";

class CsvServer {
public:
    Reply answer(const Request& request) {
        if (request.path == "/kinds") return kinds(request);
        const bool is_first = !holds(request.body, "locator=");
        auto reply = Reply::text(is_first ? page : page_2);
        if (!rows.empty()) reply = with_header(reply, "X-Rows", rows);
        return with_header(reply, "X-Locator", is_first ? "n&2" : "null");
    }
    std::atomic<bool> knows_third = false;
    std::atomic<bool> is_down = false;
    // Set between requests.
    std::string page = page_1;
    std::string rows;  // told in a header

private:
    Reply kinds(const Request& request) const {
        if (is_down) return Reply::text("", 500);
        if (parameter(request, "page") == "1")
            return Reply::json(
                R"({"total":3,"kinds":[{"code":"k1","label":"Phone call"},{"code":"k2","label":"Visit"}]})");
        return Reply::json(knows_third ? R"({"total":3,"kinds":[{"code":"k3","label":"Letter"}]})"
                                       : R"({"total":3,"kinds":[]})");
    }
};

struct Csv {
    CsvServer server;
    StyleCrm crm{manifest, [this](const Request& request) { return server.answer(request); }};
};

std::string type_of_third(const Store& store) {
    return store.at({Entity::task, "3"}).fields.at("type");
}

}  // namespace

TEST_CASE("tables are read page by page, line breaks and quotes inside of cells included") {
    Csv csv;
    Store store;
    const auto first = csv.crm.fetch(Entity::task);
    keep(first, store);
    CHECK(first.malformed_count == 0);
    const auto second = csv.crm.fetch(Entity::task, first.cursor);
    keep(second, store);
    CHECK_FALSE(second.more);
    CHECK(store.size() == 3);
    CHECK(fields(store, Entity::task, "1") == Fields{{"subject", "Call back,\r\nthen \"wait\""},
                                                     {"type", "call"},
                                                     {"due_on", "2026-12-24"}});
    CHECK(fields(store, Entity::task, "2") == Fields{{"type", "Visit"}});
    // The date is not of the format, and the fourth row not of the header's width.
    CHECK(fields(store, Entity::task, "3") == Fields{{"subject", "Last"}, {"type", "k3"}});
    CHECK(second.malformed_count == 2);

    const auto requests = csv.crm.requests("/export");
    REQUIRE(requests.size() == 2);
    CHECK(requests[0].body == "object=todos");
    CHECK(form_fields(requests[1].body) == Fields{{"object", "todos"}, {"locator", "n&2"}});
    CHECK(requests[0].header("accept") == "text/csv");
}

TEST_CASE("a table that holds fewer rows than it says was cut off, and is not believed") {
    Csv csv;
    csv.server.rows = "3";  // there are two: the third line was lost at its beginning
    CHECK_THROWS_WITH(csv.crm.fetch(Entity::task),
                      Catch::Contains("holds 2 rows and says that it has 3"));
    csv.server.rows = "2";
    CHECK(csv.crm.fetch(Entity::task).more);
    csv.server.page = "Id,Title,Kind,Due\n1,Call,k1,2026-12-24\n2,Wri";
    CHECK_THROWS(csv.crm.fetch(Entity::task));
    csv.server.page = page_1;
    csv.server.rows = "two";  // no number says nothing
    CHECK(csv.crm.fetch(Entity::task).more);
}

TEST_CASE("a lookup is fetched once, and again when records hold what it lacks or its time is up") {
    Csv csv;
    CHECK(type_of_third(csv.crm.pull(Entity::task)) == "k3");
    CHECK(csv.crm.requests("/kinds").size() == 2);  // its two pages
    csv.server.knows_third = true;
    CHECK(type_of_third(csv.crm.pull(Entity::task)) == "k3");
    CHECK(csv.crm.requests("/kinds").size() == 2);  // within the hour it is not asked for again
    csv.crm.bench.now = csv.crm.bench.now.load() + 1h;
    CHECK(type_of_third(csv.crm.pull(Entity::task)) == "Letter");
    CHECK(csv.crm.requests("/kinds").size() == 4);
    // What was told before is better than nothing.
    csv.server.is_down = true;
    csv.crm.bench.now = csv.crm.bench.now.load() + 24h;
    CHECK(type_of_third(csv.crm.pull(Entity::task)) == "Letter");
}
