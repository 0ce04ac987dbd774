// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"
#include "tests/support/gzip_bomb.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

/// A way in which tasks are told; users come as a plain list beside them.
struct Style {
    const char* name;
    const char* request;
    const char* stream;
    bool csv = false;
};

std::string manifest(const Style& style) {
    return fmt::format(R"([auth]
kind = "header"
name = "X-Key"
value = "{{credential.token}}"
[[error]]
status = 200
match = {{ at = "/error", present = true }}
class = "bad_request"
[request.users]
get = "/users"
records = "/data"
[stream.user]
request = "users"
[stream.user.map]
name = "/name"
[request.tasks]
get = "/tasks"
{}
[stream.task]
request = "tasks"
modified = "/changed"
{}
[stream.task.map]
subject = "/title"
due_on = "/due"
is_done = "/done"
)",
                       style.request, style.stream);
}

const std::vector<Style>& styles() {
    static const std::vector<Style> all{
        {"list by token",
         "records = \"/data\"\nquery = { after = \"{page.token}\" }\nnext = \"/next\"", ""},
        {"list by address", "records = \"/data\"\nnext_url = \"/next\"", ""},
        {"window by id",
         "records = \"/data\"\nquery = { beyond = \"{keyset.last_id}\", from = \"{window.lo}\" }",
         "walk = \"window\""},
        {"window by number",
         "records = \"/data\"\nquery = { page = \"{page.number}\", from = \"{window.lo}\" }\n"
         "total = \"/total\"",
         "walk = \"window\""},
        {"feed",
         "records = \"/data\"\nquery = { after = \"{page.token}\" }\nnext = \"/next\"\n"
         "mark = \"/mark\"",
         "walk = \"feed\""},
        {"csv", "answer = \"csv\"\nquery = { after = \"{page.token}\" }\nnext_header = \"X-Next\"",
         "", true},
    };
    return all;
}

Style style_named(const std::string& name) {
    for (const auto& style : styles())
        if (style.name == name) return style;
    throw std::runtime_error("no style " + name);
}

StyleCrm::Answer answering(const Reply& reply) {
    return [reply](const Request& request) {
        if (request.path == "/users") return Reply::json(R"({"data":[{"id":7,"name":"Ana"}]})");
        return reply;
    };
}

Reply cut_short(std::string body) {
    auto reply = Reply::json(std::move(body));
    reply.cut_after = reply.body.size() / 2;
    return reply;
}

}  // namespace

TEST_CASE("what is no answer ends its own stream, in every style of paging") {
    struct Case {
        const char* name;
        Reply reply;
    };
    const auto c = GENERATE(values<Case>({
        {"HTML", Reply::text("<!DOCTYPE html><html>Sign in</html>")},
        {"an error in an answer of 200", Reply::json(R"({"error":{"code":7},"data":[]})")},
        {"a body that ends early", cut_short(R"({"data":[{"id":1,"title":"a"},{"id":2}]})")},
        {"half of the JSON", Reply::json(R"({"data":[{"id":1,"title":"a)")},
        {"a text for the list", Reply::json(R"({"data":"none"})")},
        {"null for the list", Reply::json(R"({"data":null})")},
        {"no list", Reply::json("{}")},
        {"an empty body", Reply::text("")},
        {"a gzip that is none", with_header(Reply::text("plain"), "Content-Encoding", "gzip")},
        {"a redirect", with_header(Reply::text("", 302), "Location", "/users")},
    }));
    for (const auto& style : styles()) {
        // A table may be anything that does not look like an error page, down to nothing.
        const std::string name = c.name;
        if (style.csv && name == "an empty body") continue;
        DYNAMIC_SECTION(c.name << ", " << style.name) {
            StyleCrm crm(manifest(style), answering(c.reply));
            const auto failure = crm.failure(Entity::task);
            const auto kind = failure.kind();
            CHECK((kind == FailureKind::refused || kind == FailureKind::transient));
            CHECK(holds(failure.what(), "request \"tasks\""));
            CHECK_FALSE(holds(failure.what(), "t-0"));
            CHECK(crm.requests("/tasks").size() <= 2);
            CHECK(crm.requests("/users").empty());
            CHECK(crm.pull(Entity::user).size() == 1);
        }
    }
}

TEST_CASE("values of the wrong type are counted, null in odd places is null, the rest is kept") {
    const auto bad = Reply::json(R"({"total":5,"next":null,"mark":"m","data":[null,
{"id":1,"title":{"a":1},"due":17,"done":"perhaps","changed":null},
{"id":null,"title":"no id"},
{"id":[2],"title":"a list for an id"},
{"id":3,"title":"sound","due":null,"done":true,"changed":"2026-11-20T10:00:00Z"}]})");
    for (const auto* name :
         {"list by token", "list by address", "window by id", "window by number", "feed"}) {
        DYNAMIC_SECTION(name) {
            StyleCrm crm(manifest(style_named(name)), answering(bad));
            Store store;
            const auto page = crm.fetch(Entity::task);
            keep(page, store);
            CHECK(store.size() == 2);
            CHECK(fields(store, Entity::task, "1") == Fields{});
            CHECK(fields(store, Entity::task, "3") ==
                  Fields{{"subject", "sound"}, {"is_done", "1"}});
            // Three rows without an id, and three values of the first record.
            CHECK(page.malformed_count == 6);
        }
    }
}

TEST_CASE("a next page on another host is refused, and nothing is sent there") {
    HttpServer elsewhere([](const Request&) { return Reply::json(R"({"data":[]})"); });
    const auto other = elsewhere.url("/tasks");
    const auto with_user = fmt::format("http://user@127.0.0.1:{}/tasks", elsewhere.port());
    const auto next = GENERATE_COPY(values<std::string>(
        {other, with_user, "https://crm.example/tasks", "file:///etc/passwd", "tasks?page=2"}));
    DYNAMIC_SECTION(next) {
        const auto body = fmt::format(R"({{"data":[{{"id":1}}],"next":"{}"}})", next);
        StyleCrm crm(manifest(style_named("list by address")), answering(Reply::json(body)));
        const auto failure = crm.failure(Entity::task);
        CHECK(failure.kind() == FailureKind::needs_person);
        CHECK(holds(failure.what(), "leads to another host than the base URL"));
        CHECK(crm.requests("/tasks").size() == 1);
        CHECK(elsewhere.requests().empty());
        CHECK(elsewhere.connections() == 0);
        CHECK(crm.pull(Entity::user).size() == 1);
    }
}

TEST_CASE("a host that only begins like ours is another host") {
    std::string next;
    StyleCrm crm(manifest(style_named("list by address")), [&](const Request&) {
        return Reply::json(fmt::format(R"({{"data":[{{"id":1}}],"next":"{}"}})", next));
    });
    const auto ours = crm.server.url("");
    next =
        GENERATE_COPY(ours + "@crm.example/tasks", ours + ".crm.example/tasks", ours + "0/tasks");
    CHECK(crm.failure(Entity::task).kind() == FailureKind::needs_person);
    CHECK(crm.server.requests().size() == 1);
}

TEST_CASE("a redirect to another host is not followed, in any style") {
    HttpServer elsewhere([](const Request&) { return Reply::json(R"({"data":[]})"); });
    for (const auto& style : styles()) {
        const auto reply = with_header(Reply::text("", 307), "Location", elsewhere.url("/tasks"));
        StyleCrm crm(manifest(style), answering(reply));
        CHECK(crm.failure(Entity::task).kind() == FailureKind::refused);
        CHECK(crm.server.requests().size() == 1);
    }
    CHECK(elsewhere.connections() == 0);
}

TEST_CASE("an answer without end is cut off and refused, packed or not") {
    auto endless = Reply::json(std::string(1u << 20, ' '));
    endless.repeat = 2048;  // 2 GiB
    for (const auto& [style, reply] :
         {std::pair{"list by token", endless}, std::pair{"csv", endless},
          std::pair{"window by id", gzip_bomb(2048)}}) {
        DYNAMIC_SECTION(style) {
            StyleCrm crm(manifest(style_named(style)), answering(reply));
            const auto failure = crm.failure(Entity::task);
            CHECK(failure.kind() == FailureKind::refused);
            CHECK(holds(failure.what(), "the answer is longer than 67108864 bytes"));
            CHECK(crm.requests("/tasks").size() == 1);
            CHECK(crm.pull(Entity::user).size() == 1);
        }
    }
}

TEST_CASE("of tries that fail no body is kept") {
    std::atomic<int> asked = 0;
    StyleCrm crm(manifest(style_named("list by token")), [&](const Request&) {
        if (asked++ == 0) return Reply::text(std::string(1u << 20, '<'));
        return Reply::json(R"({"data":[{"id":1,"title":"sound"}]})");
    });
    const auto page = crm.fetch(Entity::task);
    CHECK(page.records.size() == 1);
    CHECK(asked == 2);
    CHECK(page.adopted_bytes() < 100);
}

TEST_CASE("a record of a hundred thousand fields is a record") {
    std::string wide = R"({"data":[{"id":1)";
    for (int n = 0; n < 100'000; ++n) wide += fmt::format(R"(,"f{}":{})", n, n);
    StyleCrm crm(manifest(style_named("list by token")),
                 answering(Reply::json(wide + R"(,"title":"wide"}]})")));
    CHECK(fields(crm.pull(Entity::task), Entity::task, "1") == Fields{{"subject", "wide"}});
}

TEST_CASE("ids beyond what a double can tell apart keep every digit, and their order") {
    StyleCrm crm(manifest(style_named("window by id")), [](const Request& request) {
        const bool is_first = parameter(request, "beyond") == "0";
        return Reply::json(is_first
                               ? R"({"data":[{"id":9007199254740992},{"id":9007199254740993}]})"
                               : R"({"data":[]})");
    });
    const auto store = crm.pull(Entity::task);
    CHECK(store.count({Entity::task, "9007199254740992"}) == 1);
    CHECK(store.count({Entity::task, "9007199254740993"}) == 1);
    CHECK(parameter(crm.server.requests().back(), "beyond") == "9007199254740993");
}

TEST_CASE("a next token of false is none, as null is") {
    for (const auto* name : {"list by token", "list by address", "feed"}) {
        StyleCrm crm(manifest(style_named(name)),
                     answering(Reply::json(R"({"data":[{"id":1}],"next":false,"mark":"m"})")));
        CHECK(crm.pull(Entity::task).size() == 1);
        CHECK(crm.server.requests().size() == 1);
    }
}

TEST_CASE("a next token that is no text ends the walk by a failure, not as if all were told") {
    for (const auto* name : {"list by token", "list by address", "feed"}) {
        StyleCrm crm(manifest(style_named(name)),
                     answering(Reply::json(R"({"data":[{"id":1}],"next":{"after":"A"}})")));
        CHECK(crm.failure(Entity::task).kind() == FailureKind::refused);
        CHECK(crm.server.requests().size() == 1);
    }
}

TEST_CASE("texts that are no UTF-8 do no harm to the records beside them") {
    StyleCrm crm(manifest(style_named("list by token")),
                 answering(Reply::json("{\"data\":[{\"id\":1,\"title\":\"caf\xe9\"},"
                                       "{\"id\":2,\"title\":\"caf\xc3\xa9\"}]}")));
    const auto store = crm.pull(Entity::task);
    CHECK(store.size() == 2);
    CHECK(fields(store, Entity::task, "2") == Fields{{"subject", "caf\xc3\xa9"}});
}
