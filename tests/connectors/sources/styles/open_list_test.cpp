// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

/// A CRM that lists what is open, and says nothing of what is done but that it is no longer there.
std::string manifest(const std::string& stream) {
    return R"([auth]
kind = "bearer"
[request.open]
get = "/open"
query = { page = "{page.number}" }
records = "/data"
[request.one]
get = "/tasks/{each.id}"
records = "/data"
[stream.task]
request = "open"
complete = true
)" + stream +
           R"(
[stream.task.map]
subject = "/title"
is_done = { from = "/state", values = { closed = "true" }, otherwise = "false" }
)";
}

constexpr auto by_list = R"(absent = { is_done = true, completed_at = "{now}" })";
constexpr auto by_id = R"(absent = { is_done = true }
by_id = { request = "one", batch = 1 })";

Reply two_pages(const Request& request) {
    const auto page = parameter(request, "page");
    if (page == "1") return Reply::json(R"({"data":[{"id":1,"title":"a","state":"open"}]})");
    if (page == "2") return Reply::json(R"({"data":[{"id":2,"title":"b","state":"open"}]})");
    return Reply::json(R"({"data":[]})");
}

std::string problem_of(const std::string& stream) {
    try {
        const StyleCrm crm(manifest(stream), two_pages);
    } catch (const Failure& failure) {
        return failure.what();
    }
    return "";
}

}  // namespace

TEST_CASE("the end of a list of open records says what those are that it did not tell") {
    StyleCrm crm(manifest(by_list), two_pages);
    auto page = crm.fetch(Entity::task, {});
    REQUIRE(page.snapshot);
    CHECK(page.snapshot->begins);
    CHECK(page.snapshot->closes.empty());
    while (page.more) page = crm.fetch(Entity::task, page.cursor);
    CHECK(page.snapshot->ends);
    CHECK_FALSE(page.snapshot->is_reread);
    const auto& closes = page.snapshot->closes;
    REQUIRE(closes.size() == 2);  // in the order of their names
    CHECK(closes[0].field == model::field_index(Entity::task, "completed_at"));
    CHECK(closes[0].value == model::Value{to_millis(page.fetched_at)});
    CHECK_FALSE(closes[0].marks);
    CHECK(closes[1].field == model::field_index(Entity::task, "is_done"));
    CHECK(closes[1].value == model::Value{std::int64_t{1}});
    CHECK(closes[1].marks);
}

TEST_CASE("where records can be read by their ids, those that are gone are to be read that way") {
    StyleCrm crm(manifest(by_id), [](const Request& request) {
        if (request.path == "/tasks/1")
            return Reply::json(R"({"data":[{"id":1,"title":"a","state":"closed"}]})");
        return request.path == "/open" ? two_pages(request) : Reply::json("{}", 404);
    });
    auto page = crm.fetch(Entity::task, {});
    while (page.more) page = crm.fetch(Entity::task, page.cursor);
    CHECK(page.snapshot->is_reread);
    Store store;
    keep(crm.bench.run(crm.source->fetch_records(Entity::task, {"1", "2"})), store);
    CHECK(fields(store, Entity::task, "1") == Fields{{"subject", "a"}, {"is_done", "1"}});
    CHECK(store.at({Entity::task, "2"}).deleted);
}

TEST_CASE("what cannot be said of absent records is told with its place") {
    CHECK(holds(problem_of("absent = { is_dun = true }"), "did you mean \"is_done\"?"));
    CHECK(holds(problem_of("absent = { is_done = \"gone\" }"), "\"gone\" does not convert"));
    CHECK(holds(problem_of("absent = { completed_at = \"{now}\" }"),
                "nothing tells a record that was closed from one that is open"));
    CHECK(holds(problem_of("absent = { is_done = true, subject = \"{now}\" }"),
                "\"subject\" is no instant, which {now} is"));
    auto incomplete = manifest("absent = { is_done = true }");
    incomplete.replace(incomplete.find("complete = true"), 15, "");
    CHECK_THROWS_WITH(StyleCrm(incomplete, two_pages),
                      Catch::Contains("only a complete list leaves out what has been closed"));
}
