// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/source.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using model::Entity;

namespace {

/// Tasks and calls by list; `rules` says more, such as limiters and errors.
std::string manifest_with(const std::string& rules, const std::string& request = {}) {
    return R"([connector]
name = "small"
base_url = "{settings.base_url}"
[settings]
base_url = ""
[auth]
kind = "bearer"
[retry]
tries = 3
base = "1ms"
patience = "5s"
)" + rules +
           R"(
[request.list]
get = "/{object}"
query = { limit = "{limit}", fields = "{fields}", after = "{page.token}" }
records = "/data"
next = "/next"
fields = ""
limit = 100
)" + request +
           R"(
[stream.task]
request = "list"
with = { object = "tasks" }
[stream.task.map]
subject = "/title"
type = "/kind"
[stream.call]
request = "list"
with = { object = "calls" }
[stream.call.map]
subject = "/title"
)";
}

/// A CRM that answers as a function of what it is asked.
class Crm {
public:
    using Answer = std::function<Reply(const Request&)>;
    Crm(const std::string& manifest, Answer answer)
        : server(std::move(answer)),
          source(bench.source(bench.options(manifest, server.url("")))) {}

    model::Page fetch(Entity entity = Entity::task) {
        return bench.fetch(*source, incremental(entity));
    }
    Failure failure(Entity entity = Entity::task) {
        return bench.failure_of(*source, incremental(entity));
    }
    std::size_t asked() { return server.requests().size(); }

    HttpBench bench;
    HttpServer server;
    std::unique_ptr<sources::Source> source;
};

std::string parameter(const Request& request, const char* name) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? "" : found->second;
}

Reply with_header(Reply reply, const char* name, const char* value) {
    reply.headers.emplace_back(name, value);
    return reply;
}

const auto one_row = Reply::json(R"({"data":[{"id":7,"title":"Call back","kind":"todo"}]})");

}  // namespace

TEST_CASE(
    "a page that is too large is asked for again, half as large each time, and so remembered") {
    Crm crm(manifest_with("[[error]]\nstatus = [403, 413]\nclass = \"smaller_page\"\n"),
            [](const Request& request) {
                return std::stoi(parameter(request, "limit")) > 25 ? Reply::text("<html>", 413)
                                                                   : one_row;
            });
    CHECK(crm.fetch().records.size() == 1);
    CHECK(crm.asked() == 3);  // 100, 50, 25
    CHECK(crm.fetch().records.size() == 1);
    CHECK(crm.asked() == 4);
}

TEST_CASE("a page of one record that is too large is refused") {
    Crm crm(manifest_with("[[error]]\nstatus = 413\nclass = \"smaller_page\"\n"),
            [](const Request&) { return Reply::text("", 413); });
    CHECK(crm.failure().kind() == FailureKind::refused);
    CHECK(crm.asked() == 7);  // 100, 50, 25, 12, 6, 3, 1
}

TEST_CASE("a field that the account lacks is left out, for this object and from then on") {
    const auto* rules = R"([[error]]
status = 400
match = { at = "/0/code", in = ["INVALID_FIELD"] }
class = "drop_field"
field = { at = "/0/message", between = ["No such column '", "'"] }
)";
    Crm crm(manifest_with(rules), [](const Request& request) {
        const bool knows = parameter(request, "fields").find("kind") == std::string::npos;
        if (knows) return one_row;
        return Reply::json(
            R"([{"code":"INVALID_FIELD","message":"No such column 'kind' on Task"}])", 400);
    });
    CHECK(crm.fetch().records.size() == 1);
    CHECK(crm.fetch().records.size() == 1);
    std::vector<std::string> fields;
    for (const auto& request : crm.server.requests())
        fields.push_back(parameter(request, "fields"));
    REQUIRE(fields.size() == 3);
    CHECK(fields[0].find("kind") != std::string::npos);
    CHECK(fields[1].find("title") != std::string::npos);
    CHECK(fields[1].find("kind") == std::string::npos);
    CHECK(fields[2] == fields[1]);
}

TEST_CASE("too much for one query is tried again where there is no window to be halved") {
    const std::string rules = "[[error]]\nstatus = 400\nclass = \"split_window\"\n";
    std::atomic<int> slow = 2;
    Crm crm(manifest_with(rules), [&](const Request&) {
        return slow-- > 0 ? Reply::json(R"({"error":"QUERY_TIMEOUT"})", 400) : one_row;
    });
    CHECK(crm.fetch().records.size() == 1);
    CHECK(crm.asked() == 3);
    slow = 100;
    CHECK(crm.failure().kind() == FailureKind::transient);
    CHECK(crm.asked() == 6);
}

TEST_CASE("a list whose pages are counted ends where the CRM lets it end") {
    const std::string rules = "[[error]]\nstatus = 400\nclass = \"split_window\"\n";
    const auto counted =
        replaced_in(manifest_with(rules), {{"after = \"{page.token}\"", "skip = \"{page.offset}\""},
                                           {"next = \"/next\"\n", ""}});
    Crm crm(counted,
            [](const Request&) { return Reply::json(R"({"error":"maximum skip"})", 400); });
    CHECK(crm.failure().kind() == FailureKind::refused);
    CHECK(crm.asked() == 1);
}

TEST_CASE("a complaint about a field that was not asked for is a refusal, not a circle") {
    const auto* rules = R"([[error]]
status = 400
class = "drop_field"
field = { at = "/message", between = ["'", "'"] }
)";
    Crm crm(manifest_with(rules),
            [](const Request&) { return Reply::json(R"({"message":"'owner' is unknown"})", 400); });
    CHECK(crm.failure().kind() == FailureKind::refused);
    CHECK(crm.asked() == 1);
}

TEST_CASE("an answer without records is an empty page where the manifest says so") {
    Crm crm(manifest_with("[[error]]\nstatus = 404\nclass = \"empty\"\n"),
            [](const Request& request) {
                return request.path == "/tasks" ? Reply::text("<html>none</html>", 404)
                                                : Reply::text("", 304);
            });
    CHECK(crm.fetch().records.empty());
    CHECK(crm.fetch(Entity::call).records.empty());
    CHECK(crm.asked() == 2);
}

TEST_CASE("an error inside an answer of 2xx is found after it has been read") {
    struct Case {
        const char* name;
        Reply reply;
        FailureKind kind;
    };
    const auto* rules = R"([[error]]
status = "2xx"
match = { at = "/error/code", in = ["QUOTA"] }
class = "throttle_quota"
wait = "1h"
[[error]]
status = 202
match = { text = "maintenance" }
class = "throttle_quota"
wait = "10m"
[[error]]
status = "2xx"
match = { at = "", present = false }
class = "not_found"
)";
    const auto c = GENERATE(values<Case>({
        {"in JSON", Reply::json(R"({"error":{"code":"QUOTA"},"data":[]})"), FailureKind::throttled},
        {"in a page", Reply::text("<html>Down for maintenance</html>", 202),
         FailureKind::throttled},
        {"null", Reply::json("null"), FailureKind::refused},
    }));
    DYNAMIC_SECTION(c.name) {
        Crm crm(manifest_with(rules), [&](const Request&) { return c.reply; });
        CHECK(to_string(crm.failure().kind()) == to_string(c.kind));
        CHECK(crm.asked() == 1);
    }
}

TEST_CASE("a pause that one stream is told holds the others, too, without asking") {
    Crm crm(manifest_with(""), [](const Request&) {
        return with_header(Reply::text("", 429), "Retry-After", "3600");
    });
    CHECK(crm.failure().retry_after() == 3600s);
    const auto other = crm.failure(Entity::call);
    CHECK(other.kind() == FailureKind::throttled);
    CHECK(other.retry_after().value() > 3500s);
    CHECK(crm.asked() == 1);
}

TEST_CASE("a limiter that an answer tells to be used up ends the next turn, not this one") {
    const auto* rules = R"([[limiter]]
name = "all"
capacity = 1000
per = "1s"
remaining = { header = "RateLimit", member = "remaining" }
reset = { header = "RateLimit", member = "reset", as = "seconds" }
)";
    Crm crm(manifest_with(rules, "limiters = [\"all\"]\n"), [](const Request&) {
        return with_header(one_row, "RateLimit", "limit=100, remaining=0, reset=30000");
    });
    CHECK(crm.fetch().records.size() == 1);
    const auto failure = crm.failure();
    CHECK(failure.kind() == FailureKind::throttled);
    CHECK(failure.retry_after().value() > 29000s);
    CHECK(crm.asked() == 1);
}

TEST_CASE("our share of a quota ends the turn until it comes back") {
    const auto* rules = R"([[limiter]]
name = "day"
kind = "quota"
capacity = 100
share = 0.2
until = "midnight"
)";
    Crm crm(manifest_with(rules, "limiters = [{ name = \"day\", cost = 10 }]\n"),
            [](const Request&) { return one_row; });
    crm.fetch();
    crm.fetch(Entity::call);
    const auto failure = crm.failure();
    CHECK(failure.kind() == FailureKind::throttled);
    CHECK(failure.retry_after() == 11h);  // 13:00 in Berlin
    crm.bench.now = crm.bench.now.load() + 11h;
    CHECK(crm.fetch().records.size() == 1);
}

TEST_CASE("what reads one account in two ways has one share of its quota") {
    const auto* rules = R"([[limiter]]
name = "day"
kind = "quota"
capacity = 100
share = 0.2
until = "midnight"
)";
    const auto text = manifest_with(rules, "limiters = [{ name = \"day\", cost = 10 }]\n");
    HttpServer server([](const Request&) { return one_row; });
    HttpBench bench;
    sources::SharedLimits limits;
    bench.limits = &limits;
    const auto options = bench.options(text, server.url(""));
    const auto records = bench.source(options);
    const auto notes = bench.source(options);
    bench.fetch(*records, incremental(Entity::task));
    bench.fetch(*notes, incremental(Entity::call));
    for (auto* source : {records.get(), notes.get()})
        CHECK(bench.failure_of(*source, incremental(Entity::task)).kind() ==
              FailureKind::throttled);
    // Another account has a share of its own.
    auto other = options;
    other.name = "other";
    CHECK(bench.fetch(*bench.source(other), incremental(Entity::task)).records.size() == 1);
    CHECK(server.requests().size() == 3);
}

TEST_CASE("so many short throttles in a row are a quota's") {
    const auto* rules = R"([[error]]
status = 429
class = "throttle_short"
wait = "1ms"
escalate = 2
escalated_wait = "2h"
)";
    Crm crm(manifest_with(rules), [](const Request&) { return Reply::text("", 429); });
    const auto failure = crm.failure();
    CHECK(failure.kind() == FailureKind::throttled);
    CHECK(failure.retry_after() == 2h);
    CHECK(crm.asked() == 2);
}

TEST_CASE("a dead credential is told apart from a stream that is forbidden") {
    Crm crm(manifest_with(""), [](const Request& request) {
        return Reply::json("{}", request.path == "/tasks" ? 401 : 403);
    });
    CHECK_THROWS_AS(crm.fetch(), sources::DeadCredential);
    const auto forbidden = crm.failure(Entity::call);
    CHECK(forbidden.kind() == FailureKind::needs_person);
    CHECK_THROWS_AS(crm.fetch(Entity::call), Failure);
    try {
        crm.fetch(Entity::call);
    } catch (const sources::DeadCredential&) {
        FAIL("a forbidden stream has not killed the credential");
    } catch (const Failure&) {
    }
}

TEST_CASE("no body, however bad, does harm to more than its own stream") {
    struct Case {
        const char* name;
        Reply reply;
    };
    auto flood = Reply::text("", 500);
    for (int n = 0; n < 200; ++n) flood.headers.emplace_back("X-Noise", "n");
    const auto c = GENERATE_COPY(values<Case>({
        {"HTML", Reply::text("<html>Sign in</html>", 200)},
        {"truncated", Reply::text(R"({"data":[{"id":1)", 200)},
        {"empty", Reply::text("", 200)},
        {"null", Reply::json("null")},
        {"a text", Reply::json("\"data\"")},
        {"a number for the list", Reply::json(R"({"data":1e999999})")},
        {"deep", Reply::json(R"({"data":)" + std::string(100'000, '['))},
        {"no UTF-8, and no JSON", Reply::text("\xff\xfe\x80", 200)},
        {"many headers", flood},
    }));
    DYNAMIC_SECTION(c.name) {
        const auto* rules = R"([[error]]
status = "2xx"
match = [{ at = "/error", present = true }, { header = "x-error", present = true }]
class = "bad_request"
)";
        Crm crm(manifest_with(rules), [&](const Request& request) {
            return request.path == "/tasks" ? c.reply : one_row;
        });
        const auto kind = crm.failure().kind();
        CHECK((kind == FailureKind::refused || kind == FailureKind::transient));
        CHECK(crm.asked() == 3);
        CHECK(crm.fetch(Entity::call).records.size() == 1);
    }
}

TEST_CASE("bad values inside a sound answer are counted, and the rest is kept") {
    Crm crm(manifest_with(""), [](const Request&) {
        return Reply::json("{\"data\":[{\"id\":123456789012345678901234567890,\"title\":\"a\"},"
                           "{\"id\":\"2\",\"title\":[[1]]},{\"id\":{},\"title\":\"b\"},"
                           "{\"id\":\"\xff\xfe\",\"title\":\"\xc3\x28\"}]}");
    });
    const auto page = crm.fetch();
    CHECK(page.records.size() >= 2);
    CHECK(page.records[0].id == "123456789012345678901234567890");
    CHECK(page.malformed_count >= 2);
}
