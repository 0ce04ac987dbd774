// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/net/client.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>

using namespace nudged;
using namespace nudged::tests;
using net::HttpRequest;

namespace {

Reply echo(const Request& request) {
    return Reply::text(request.method + " " + request.target + " " + request.body);
}

}  // namespace

TEST_CASE("a GET brings back status, headers and body") {
    HttpServer server([](const Request&) {
        Reply reply = Reply::json(R"({"id":1})", 418);
        reply.headers.emplace_back("X-Remaining", " 99 ");
        return reply;
    });
    Client client;

    const auto answer = client.get(server.url("/tasks?limit=2"));

    CHECK(answer.status == 418);
    CHECK(answer.body == R"({"id":1})");
    CHECK(answer.header("content-type") == "application/json");
    CHECK(answer.header("x-remaining") == "99");
    CHECK(answer.header("x-absent").empty());
    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests()[0].method == "GET");
    CHECK(server.requests()[0].target == "/tasks?limit=2");
    CHECK(server.requests()[0].header("user-agent") == "nudged/" NUDGED_VERSION);
}

TEST_CASE("a POST carries exactly the bytes and headers it was given") {
    HttpServer server(echo);
    Client client;
    HttpRequest request;
    request.method = "POST";
    request.url = server.url("/search");
    request.headers = {{"Content-Type", "application/json; charset=utf-8"}, {"X-Empty", ""}};
    request.body = std::string(3'000'000, 'x');  // libcurl would like to ask "100-continue" first
    request.body[1] = '\0';

    client.send(request);

    REQUIRE(server.requests().size() == 1);
    const auto seen = server.requests()[0];
    CHECK(seen.method == "POST");
    CHECK(seen.body == request.body);
    CHECK(seen.header("content-length") == "3000000");
    CHECK(seen.header("content-type") == "application/json; charset=utf-8");
    CHECK(seen.headers.contains("x-empty"));
    CHECK_FALSE(seen.headers.contains("expect"));
    CHECK_FALSE(seen.headers.contains("transfer-encoding"));
}

TEST_CASE("a POST without a body or a content type says so") {
    HttpServer server(echo);
    Client client;
    HttpRequest request;
    request.method = "POST";
    request.url = server.url();

    client.send(request);

    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests()[0].header("content-length") == "0");
    CHECK_FALSE(server.requests()[0].headers.contains("content-type"));
}

TEST_CASE("a redirect is an answer and is not followed") {
    HttpServer server([](const Request& request) {
        Reply reply = Reply::text("", request.path == "/elsewhere" ? 200 : 302);
        reply.headers.emplace_back("Location", "/elsewhere");
        return reply;
    });
    Client client;

    CHECK(client.get(server.url("/start")).status == 302);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("headers of interim answers and trailers are not the answer's headers") {
    HttpServer server([](const Request&) {
        Reply reply;
        reply.raw = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                    "HTTP/1.1 200 OK\r\nX-Real: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "2\r\nok\r\n0\r\nX-Trailer: 1\r\n\r\n";
        return reply;
    });
    Client client;

    const auto answer = client.get(server.url());

    CHECK(answer.status == 200);
    CHECK(answer.body == "ok");
    const net::Headers expected{{"x-real", "1"}, {"transfer-encoding", "chunked"}};
    CHECK(answer.headers == expected);
}

TEST_CASE("requests one after the other share a connection") {
    HttpServer server(echo);
    Client client;

    for (int n = 0; n < 5; ++n) CHECK(client.get(server.url()).status == 200);

    CHECK(server.requests().size() == 5);
    CHECK(server.connections() == 1);
}

TEST_CASE("no more connections are opened to a host than the options allow") {
    HttpServer server(echo);
    net::HttpOptions options;
    options.max_connections_per_host = 3;
    Client client(options);
    int answered = 0;
    const auto one = [&](int n) -> asio::awaitable<void> {
        HttpRequest request;
        request.url = server.url("/" + std::to_string(n));
        const auto answer = co_await client.http->send(request);
        if (answer.body == "GET /" + std::to_string(n) + " ") ++answered;
    };

    std::vector<std::future<void>> all;
    for (int n = 0; n < 100; ++n)
        all.push_back(asio::co_spawn(client.loop, one(n), asio::use_future));
    client.loop.run();
    for (auto& each : all) each.get();

    CHECK(answered == 100);
    CHECK(server.connections() <= 3);
}

TEST_CASE("a hundred transfers run at the same time on one thread") {
    // The server answers nobody before all have asked.
    const auto gate = std::make_shared<Gate>();
    std::atomic<int> asked = 0;
    HttpServer server([&](const Request& request) {
        if (++asked == 100) gate->open();
        Reply reply = Reply::text(request.path);
        reply.gate = gate;
        return reply;
    });
    net::HttpOptions options;
    options.max_connections_per_host = 100;
    Client client(options);
    int answered = 0;
    const auto one = [&](int n) -> asio::awaitable<void> {
        HttpRequest request;
        request.url = server.url("/" + std::to_string(n));
        const auto answer = co_await client.http->send(request);
        if (answer.body == "/" + std::to_string(n)) ++answered;
    };

    std::vector<std::future<void>> all;
    for (int n = 0; n < 100; ++n)
        all.push_back(asio::co_spawn(client.loop, one(n), asio::use_future));
    client.loop.run();
    for (auto& each : all) each.get();

    CHECK(answered == 100);
    CHECK(server.connections() == 100);
}

TEST_CASE("a GET whose kept connection has died is asked again on a new one") {
    std::atomic<int> asked = 0;
    HttpServer server([&](const Request&) {
        return ++asked == 2 ? Reply::nothing(Reply::Ending::close) : Reply::text("ok");
    });
    Client client;

    CHECK(client.get(server.url("/first")).body == "ok");
    CHECK(client.get(server.url("/second")).body == "ok");
    CHECK(server.requests().size() == 3);
}

TEST_CASE("what goes to this machine does not go through the environment's proxy") {
    HttpServer proxy([](const Request&) { return Reply::text("from the proxy"); });
    HttpServer server(echo);
    setenv("http_proxy", proxy.url().c_str(), 1);
    Client client;

    CHECK(client.get(server.url("/here")).body == "GET /here ");
    CHECK(proxy.connections() == 0);
    unsetenv("http_proxy");
}
