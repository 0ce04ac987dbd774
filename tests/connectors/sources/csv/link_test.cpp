// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/csv/bench.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace nudged;
using namespace nudged::tests;

TEST_CASE("a link is asked for changes only, and redirects are followed") {
    Bench bench;
    std::string body = "id,name\n1,Acme\n";
    std::string tag = "\"v1\"";
    HttpServer server{[&](const Request& request) {
        if (request.path == "/pub") {
            Reply reply = Reply::text("", 307);
            reply.headers.emplace_back("Location", "/export");
            return reply;
        }
        Reply reply = Reply::text(body);
        if (request.header("if-none-match") == tag) reply = Reply::text("", 304);
        reply.headers.emplace_back("ETag", tag);
        return reply;
    }};
    const auto source = bench.source({table(server.url("/pub"))});

    const Page first = bench.fetch(*source, Entity::account);
    CHECK(ids(first) == "1");
    CHECK(first.snapshot->ends);
    const Page unchanged = bench.fetch(*source, Entity::account, first.cursor);
    CHECK(unchanged.records.empty());
    CHECK(unchanged.cursor == first.cursor);
    CHECK(server.requests().back().header("if-none-match") == "\"v1\"");

    tag = "\"v2\"";  // a new version of the same text
    const Page same = bench.fetch(*source, Entity::account, first.cursor);
    CHECK(same.records.empty());
    body = "id,name\n2,Bolt\n";
    tag = "\"v3\"";
    CHECK(ids(bench.fetch(*source, Entity::account, same.cursor)) == "2");
}

TEST_CASE("when one of two tables changed, the unchanged link is fetched after all") {
    Bench bench;
    HttpServer server{[&](const Request& request) {
        Reply reply = Reply::text("id,name\n1,Acme\n");
        if (request.header("if-none-match") == "\"v1\"") reply = Reply::text("", 304);
        reply.headers.emplace_back("ETag", "\"v1\"");
        return reply;
    }};
    bench.write("accounts.csv", "id,name\n2,Bolt\n");
    const auto source = bench.source({table(server.url("/a.csv")), table("accounts.csv")});
    const Page first = bench.fetch(*source, Entity::account);
    CHECK(ids(first) == "1 2");
    bench.write("accounts.csv", "id,name\n3,Bolt\n");
    CHECK(ids(bench.fetch(*source, Entity::account, first.cursor)) == "1 3");
}

TEST_CASE("a link's answer decides what happens next, and no text names more than its host") {
    struct Case {
        const char* name;
        Reply reply;
        FailureKind kind;
    };
    Reply page = Reply::text("<html>sign in</html>");
    page.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
    Reply away = Reply::text("", 302);
    away.headers.emplace_back("Location", "ftp://127.0.0.1/secret");
    const auto c = GENERATE_COPY(values<Case>({
        {"busy", Reply::text("", 429), FailureKind::throttled},
        {"down", Reply::text("", 503), FailureKind::transient},
        {"gone", Reply::text("", 404), FailureKind::needs_person},
        {"a page to sign in", page, FailureKind::needs_person},
        {"away from http", away, FailureKind::needs_person},
    }));
    DYNAMIC_SECTION(c.name) {
        Bench bench;
        HttpServer server{[&](const Request&) { return c.reply; }};
        const auto source = bench.source({table(server.url("/secret-link?key=secret"))});
        std::string what;
        CHECK(failure_of(bench, *source, what) == c.kind);
        CHECK(what.find("secret") == std::string::npos);
        CHECK(what.find("127.0.0.1") != std::string::npos);
    }
}

TEST_CASE("a link that opens without a credential is warned about") {
    Bench bench;
    const auto options = bench.options({table("https://sheets.example.com/export?format=csv")});
    Diagnostics problems;
    sources::check_csv(options, "", problems);
    CHECK_FALSE(problems.has_errors());
    CHECK(
        problems.str().find("warning: whoever knows this link can read the table, keep the link") !=
        std::string::npos);
}
