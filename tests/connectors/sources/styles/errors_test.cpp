// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using model::Entity;

namespace {

/// Statuses that do not mean what they say.
constexpr auto manifest = R"([auth]
kind = "bearer"
[[error]]
status = 404
match = { at = "/message", in = ["No records"] }
class = "empty"
[[error]]
status = 202
match = { text = "being moved" }
class = "transient"
[[error]]
status = 503
match = { at = "/code", in = ["ACCOUNT_CLOSED"] }
class = "forbidden_stream"
[[error]]
status = 403
match = { header = "X-Reason", contains = ["too many rows"] }
class = "smaller_page"
[[error]]
status = 403
match = { header = "X-Reason", contains = ["daily limit"] }
class = "throttle_quota"
wait = "2h"
[request.list]
get = "/{object}"
query = { size = "{limit}" }
records = "/data"
limit = 80
[stream.task]
request = "list"
with = { object = "tasks" }
[stream.task.map]
subject = "/title"
[stream.user]
request = "list"
with = { object = "users" }
[stream.user.map]
name = "/name"
)";

const auto one_user = Reply::json(R"({"data":[{"id":7,"name":"Ana"}]})");

Reply reason(int status, const char* why) {
    return with_header(Reply::text("", status), "X-Reason", why);
}

}  // namespace

TEST_CASE("an error ends its own stream by what it means, and tells its request and class") {
    struct Case {
        const char* name;
        Reply reply;
        FailureKind kind;
        const char* told;
        std::size_t tries;
    };
    const auto c = GENERATE(values<Case>({
        {"a page that says to come back",
         Reply::text("<html>We are preparing your data</html>", 202), FailureKind::refused,
         "answered with 202 and a body that is no JSON", 2},
        {"a database that is down, under a status of success",
         Reply::text("<html>Your data is being moved</html>", 202), FailureKind::transient,
         "answered with 202: transient", 2},
        {"for ever, under a status that passes", Reply::json(R"({"code":"ACCOUNT_CLOSED"})", 503),
         FailureKind::needs_person, "answered with 503: forbidden_stream", 1},
        {"a status that passes", Reply::json(R"({"code":"BUSY"})", 503), FailureKind::transient,
         "answered with 503: transient", 2},
        {"a wrong filter value", Reply::json(R"({"message":"size must be below 50"})", 400),
         FailureKind::refused, "answered with 400: bad_request", 1},
        {"a quota, told in a header alone", reason(403, "daily limit reached"),
         FailureKind::throttled, "answered with 403: throttle_quota", 1},
        {"no right, and no reason", reason(403, "role"), FailureKind::needs_person,
         "answered with 403: forbidden_stream", 1},
        {"a path that is gone", Reply::json(R"({"message":"No route"})", 404), FailureKind::refused,
         "answered with 404: not_found", 1},
    }));
    DYNAMIC_SECTION(c.name) {
        StyleCrm crm(manifest, [&](const Request& request) {
            return request.path == "/users" ? one_user : c.reply;
        });
        const auto failure = crm.failure(Entity::task);
        CHECK(to_string(failure.kind()) == to_string(c.kind));
        INFO(failure.what());
        CHECK(holds(failure.what(), "request \"list\" was "));
        CHECK(holds(failure.what(), c.told));
        CHECK(crm.requests("/tasks").size() == c.tries);
        // What was told to one holds for all who draw on the same quota; else the others go on.
        if (c.kind == FailureKind::throttled)
            CHECK(failure.retry_after() == 2h);
        else
            CHECK(crm.pull(Entity::user).size() == 1);
    }
}

TEST_CASE("an empty list may come as 404, and is not a failure") {
    StyleCrm crm(manifest,
                 [](const Request&) { return Reply::json(R"({"message":"No records"})", 404); });
    CHECK(crm.pull(Entity::task).empty());
}

TEST_CASE("a page that is too large is asked for again in halves, whatever status says so") {
    StyleCrm crm(manifest, [](const Request& request) {
        if (std::stoi(parameter(request, "size")) > 20) return reason(403, "too many rows asked");
        return Reply::json(R"({"data":[{"id":1,"title":"a"}]})");
    });
    CHECK(crm.pull(Entity::task).size() == 1);
    CHECK(crm.server.requests().size() == 3);  // 80, 40, 20
}
