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

/// Asks for tasks by list; waits next to nothing between tries.
constexpr auto manifest = R"([connector]
name = "small"
base_url = "{settings.base_url}"
[settings]
base_url = ""
[auth]
kind = "header"
name = "X-Key"
value = "Token {credential.token}"
[retry]
tries = 3
base = "1ms"
[request.list]
get = "/tasks"
query = { after = "{page.token}" }
records = "/data"
next = "/next"
[stream.task]
request = "list"
[stream.task.map]
subject = "/title"
)";

/// A source whose n-th request gets the n-th reply, and the last one ever after.
class Scripted {
public:
    explicit Scripted(std::vector<Reply> replies)
        : server([this, replies = std::move(replies)](const Request&) {
              return replies[std::min(asked_++, replies.size() - 1)];
          }),
          source(bench.source(bench.options(manifest, server.url("")))) {}

    model::Page fetch() { return bench.fetch(*source, incremental(Entity::task)); }
    Failure failure() { return bench.failure_of(*source, incremental(Entity::task)); }

    HttpBench bench;

private:
    std::size_t asked_ = 0;  // on the server's thread

public:
    HttpServer server;
    std::unique_ptr<sources::Source> source;
};

Reply with_header(Reply reply, const char* name, const char* value) {
    reply.headers.emplace_back(name, value);
    return reply;
}

/// The head promises the whole body; the half of it comes.
Reply cut_short(std::string body) {
    auto reply = Reply::json(std::move(body));
    reply.cut_after = reply.body.size() / 2;
    return reply;
}

const auto one_task = Reply::json(R"({"data":[{"id":7,"title":"Call back"}]})");

}  // namespace

TEST_CASE("what may pass is tried again, and the answer that comes then is taken") {
    struct Case {
        const char* name;
        Reply first;
    };
    const auto c = GENERATE(values<Case>({
        {"a server error", Reply::text("", 500)},
        {"a proxy's page", Reply::text("<html>Bad Gateway</html>", 502)},
        {"HTML where JSON should be", Reply::text("<html>Sign in</html>", 200)},
        {"an empty body", Reply::text("", 200)},
        {"JSON of another shape", Reply::json(R"({"error":"busy"})")},
        {"a body cut short", cut_short(R"({"data":[{"id":7}]})")},
        {"no answer but a reset", Reply::nothing(Reply::Ending::reset)},
        {"a throttle without a time", Reply::text("", 429)},
        {"a throttle for no time", with_header(Reply::text("", 429), "Retry-After", "0")},
        {"a time-out of the server's", Reply::text("", 408)},
    }));
    DYNAMIC_SECTION(c.name) {
        Scripted crm{{c.first, one_task}};
        const auto page = crm.fetch();
        REQUIRE(page.records.size() == 1);
        CHECK(page.records[0].id == "7");
        CHECK(page.records[0].text_at(4) == "Call back");  // a task's fifth field is its subject
        CHECK(crm.server.requests().size() == 2);
    }
}

TEST_CASE("what does not pass ends the turn with the failure that fits") {
    struct Case {
        const char* name;
        Reply reply;
        FailureKind kind;
        std::size_t tries;
    };
    const auto c = GENERATE(values<Case>({
        {"server errors", Reply::text("", 500), FailureKind::transient, 3},
        {"resets", Reply::nothing(Reply::Ending::reset), FailureKind::transient, 3},
        {"HTML for ever", Reply::text("<html>", 200), FailureKind::refused, 3},
        {"no records where they should be", Reply::json(R"({"data":null})"), FailureKind::refused,
         3},
        {"JSON nested beyond bounds", Reply::json(std::string(2'000'000, '[')),
         FailureKind::refused, 3},
        {"a bad request", Reply::json("{}", 400), FailureKind::refused, 1},
        {"a refused token", Reply::json("{}", 401), FailureKind::needs_person, 1},
        {"no permission", Reply::json("{}", 403), FailureKind::needs_person, 1},
        {"not found", Reply::text("<html>", 404), FailureKind::refused, 1},
        {"throttled again and again", Reply::text("", 429), FailureKind::throttled, 3},
    }));
    DYNAMIC_SECTION(c.name) {
        Scripted crm{{c.reply}};
        const auto failure = crm.failure();
        CHECK(to_string(failure.kind()) == to_string(c.kind));
        CHECK(crm.server.requests().size() == c.tries);
        CHECK(std::string{failure.what()}.find("pat-eu1-demo") == std::string::npos);
    }
}

TEST_CASE("a wait that is longer than the manifest's patience ends the turn and is handed on") {
    Scripted crm{{with_header(Reply::text("", 429), "Retry-After", "3600")}};
    const auto failure = crm.failure();
    CHECK(failure.kind() == FailureKind::throttled);
    CHECK(failure.retry_after() == 3600s);
    CHECK(crm.server.requests().size() == 1);
}

TEST_CASE("the credential goes to the CRM as the manifest says") {
    Scripted crm{{one_task}};
    crm.fetch();
    CHECK(crm.server.requests().at(0).header("x-key") == "Token pat-eu1-demo");
}

TEST_CASE("a redirect is not followed, and nobody else sees the credential") {
    HttpServer elsewhere([](const Request&) { return one_task; });
    const auto other = elsewhere.url("/tasks");
    Scripted crm{{with_header(Reply::text("", 302), "Location", other.c_str())}};
    CHECK(crm.failure().kind() == FailureKind::refused);
    CHECK(elsewhere.requests().empty());
}

TEST_CASE("pages follow one another by their token until there is none") {
    Scripted crm{{Reply::json(R"({"data":[{"id":1}],"next":"a b&c"})"),
                  Reply::json(R"({"data":[],"next":"d"})"), Reply::json(R"({"data":[{"id":2}]})")}};
    Store store;
    const auto end = crm.bench.pull(*crm.source, incremental(Entity::task), store);
    CHECK(store.size() == 2);
    const auto requests = crm.server.requests();
    REQUIRE(requests.size() == 3);
    CHECK(requests[0].query.count("after") == 0);
    CHECK(requests[1].query.at("after") == "a b&c");
    CHECK(requests[2].query.at("after") == "d");
    CHECK(end.position.empty());
    CHECK(end.floor == R"({"at":1795176000000})");  // the clock: 2026-11-20T12:00:00Z
}

TEST_CASE("a list of what was deleted is asked for what is new since the last walk began") {
    HttpServer server([](const Request& request) {
        const bool is_last = request.query.count("after") > 0;
        return Reply::json(is_last ? R"({"data":[]})" : R"({"data":[{"id":1}],"next":"p2"})");
    });
    HttpBench bench;
    const auto text = std::string{manifest} + R"([request.gone]
get = "/gone"
query = { after = "{page.token}" }
headers = { If-Modified-Since = "{walk.since as iso_offset}" }
records = "/data"
next = "/next"
[stream.task.deletions]
request = "gone"
window = { lookback = "1h" }
)";
    const auto source = bench.source(bench.options(text, server.url("")));
    const auto stream = deletions(Entity::task);
    const auto first = bench.fetch(*source, stream, {});
    bench.now = bench.now.load() + 5h;  // the last page comes late; what was deleted since is new
    Store store;
    const auto end = bench.pull(*source, stream, store, first.cursor);
    bench.pull(*source, stream, store, end);
    std::vector<std::string> since;
    for (const auto& request : server.requests())
        since.push_back(request.header("if-modified-since"));
    const std::string before_noon = "2026-11-20T11:00:00+00:00";
    CHECK(since == std::vector<std::string>{"", "", before_noon, before_noon});
}

TEST_CASE("a list whose page names itself as the next is stopped") {
    Scripted crm{{Reply::json(R"({"data":[{"id":1}],"next":"a"})")}};
    const auto first = crm.fetch();
    const auto failure = crm.bench.failure_of(*crm.source, incremental(Entity::task), first.cursor);
    CHECK(failure.kind() == FailureKind::refused);
}

TEST_CASE("a status that says that there is nothing needs no body") {
    Scripted crm{{Reply::text("", 204)}};
    const auto page = crm.fetch();
    CHECK(page.records.empty());
    CHECK_FALSE(page.more);
}

TEST_CASE("a stream takes the records that its conditions want") {
    HttpServer server([](const Request&) {
        return Reply::json(R"({"data":[{"id":1,"kind":"todo"},{"id":2,"kind":"call"},)"
                           R"({"id":3,"kind":"todo","state":"dropped"},{"id":4}]})");
    });
    HttpBench bench;
    const std::string conditions = R"(request = "list"
where = [{ at = "/kind", in = ["todo"] }, { at = "/state", except = ["dropped"] }])";
    std::string text = manifest;
    text.replace(text.find("request = \"list\""), 16, conditions);
    const auto source = bench.source(bench.options(text, server.url("")));
    const auto page = bench.fetch(*source, incremental(Entity::task));
    REQUIRE(page.records.size() == 1);
    CHECK(page.records[0].id == "1");
}

TEST_CASE("values that do not fit are counted with their place, and the rest is kept") {
    Scripted crm{{Reply::json(R"({"data":[{"id":"1","title":{"deep":true}},{"title":"no id"},)"
                              R"({"id":"3","title":"sound"},7,null]})")}};
    const auto page = crm.fetch();
    REQUIRE(page.records.size() == 2);
    CHECK(page.records[1].id == "3");
    CHECK(page.malformed_count == 4);
    CHECK(page.malformed.at(0).where == "task 1: subject");
    CHECK(page.malformed.at(1).where == "task: id");
}
