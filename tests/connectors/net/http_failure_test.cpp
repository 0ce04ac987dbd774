// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/net/client.hpp"
#include "tests/support/http_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>

using namespace nudged;
using namespace nudged::tests;
using asio::ip::tcp;
using Ending = Reply::Ending;
using net::HttpRequest;

namespace {

constexpr auto secret = "s3cr3t";

// Path, query and header hold a secret, which no error text may quote.
HttpRequest secretive(const std::string& origin) {
    HttpRequest request;
    request.url = origin + "/s3cr3t?token=s3cr3t";
    request.headers = {{"Authorization", secret}};
    return request;
}

Reply cut(Ending ending) {
    Reply reply = Reply::text("0123456789");
    reply.cut_after = 5;
    reply.ending = ending;
    return reply;
}

Reply raw(std::string bytes) {
    Reply reply;
    reply.raw = std::move(bytes);
    reply.ending = Ending::close;
    return reply;
}

}  // namespace

TEST_CASE("an exchange that breaks off is transient, and says that the request was sent") {
    struct Case {
        const char* name;
        Reply reply;
        const char* text;
    };
    const auto c = GENERATE(values<Case>({
        {"no answer at all", Reply::nothing(Ending::close),
         "the connection ended without an answer"},
        {"reset instead of an answer", Reply::nothing(Ending::reset),
         "the connection broke before the answer was complete"},
        {"closed in mid-body", cut(Ending::close), "the answer ended too early"},
        {"reset in mid-body", cut(Ending::reset),
         "the connection broke before the answer was complete"},
        {"no answer in time", Reply::nothing(Ending::hang),
         "timed out while waiting for the answer"},
        {"half an answer in time", cut(Ending::hang), "timed out while waiting for the answer"},
        {"something else than HTTP", raw("SSH-2.0-OpenSSH_9.2\r\n"), "the answer is not HTTP"},
    }));
    DYNAMIC_SECTION(c.name) {
        HttpServer server([&](const Request&) { return c.reply; });
        Client client;
        auto request = secretive(server.url(""));
        request.timeout = std::chrono::milliseconds{300};

        const auto failure = client.failure_of(request);

        REQUIRE(failure);
        CHECK(failure->kind() == FailureKind::transient);
        CHECK(failure->sent());
        const std::string what = failure->what();
        CHECK(what == server.url("") + ": " + c.text);
    }
}

TEST_CASE("a refused connection is transient, and certain not to have carried the request") {
    // A port that was free a moment ago, and that nobody else is given while this socket holds it.
    asio::io_context loop;
    tcp::acceptor holder(loop, tcp::v4());
    holder.bind({asio::ip::address_v4::loopback(), 0});
    const auto origin = "http://127.0.0.1:" + std::to_string(holder.local_endpoint().port());
    Client client;

    const auto failure = client.failure_of(secretive(origin));

    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::transient);
    CHECK_FALSE(failure->sent());
    CHECK(failure->what() == origin + ": connection refused");
}

TEST_CASE("a TLS set-up that never ends times out before the request is sent") {
    asio::io_context loop;
    tcp::acceptor silent(loop, {asio::ip::address_v4::loopback(), 0});  // the kernel accepts
    const auto origin = "https://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    Client client;
    auto request = secretive(origin);
    request.connect_timeout = std::chrono::milliseconds{200};

    const auto failure = client.failure_of(request);

    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::transient);
    CHECK_FALSE(failure->sent());
    CHECK(failure->what() == origin + ": timed out before the request was sent");
}

TEST_CASE("a request that must not leave needs a person, and no byte of it leaves") {
    struct Case {
        const char* name;
        const char* url;
        const char* text;
    };
    const auto c = GENERATE(values<Case>({
        {"plain http to the world", "http://hang.invalid/s3cr3t",
         "http://hang.invalid: http is for this machine alone; use https"},
        {"an address that only looks like loopback", "http://127.0.0.1.example.invalid/s3cr3t",
         "http://127.0.0.1.example.invalid: http is for this machine alone; use https"},
        {"loopback as a user name", "http://127.0.0.1@hang.invalid/s3cr3t",
         "http://hang.invalid: the URL holds a password; give it as a secret instead"},
        {"another scheme", "file:///etc/passwd", "the URL is not an http(s) URL"},
        {"no URL", "s3cr3t nonsense", "the URL is not an http(s) URL"},
        {"a line break", "https://hang.invalid/\r\nX: s3cr3t", "the URL is not an http(s) URL"},
    }));
    DYNAMIC_SECTION(c.name) {
        Client client;
        const auto failure = client.failure_of(std::string{c.url});
        REQUIRE(failure);
        CHECK(failure->kind() == FailureKind::needs_person);
        CHECK_FALSE(failure->sent());
        CHECK(failure->what() == std::string{c.text});
    }
}

TEST_CASE("a header that would break out of its line is refused") {
    struct Case {
        const char* name;
        std::pair<std::string, std::string> header;
    };
    const auto c = GENERATE(values<Case>({
        {"a line break in the value", {"Authorization", "s3cr3t\r\nX-Other: 1"}},
        {"a line feed at its end", {"Authorization", "s3cr3t\n"}},
        {"a NUL", {"Authorization", std::string("s3cr3t\0", 7)}},
        {"a DEL", {"Authorization", "s3cr3t\x7f"}},
        {"a colon in the name", {"X-A: s3cr3t", "1"}},
        {"no name", {"", "s3cr3t"}},
    }));
    DYNAMIC_SECTION(c.name) {
        HttpServer server([](const Request&) { return Reply::text(""); });
        Client client;
        HttpRequest request;
        request.url = server.url();
        request.headers = {c.header};

        const auto failure = client.failure_of(request);

        REQUIRE(failure);
        CHECK(failure->kind() == FailureKind::needs_person);
        CHECK_FALSE(failure->sent());
        CHECK(std::string{failure->what()}.find(secret) == std::string::npos);
        CHECK(server.connections() == 0);
    }
}

TEST_CASE("a POST whose kept connection has died is not sent a second time") {
    std::atomic<int> asked = 0;
    HttpServer server([&](const Request&) {
        return ++asked == 2 ? Reply::nothing(Ending::close) : Reply::text("ok");
    });
    Client client;
    HttpRequest request;
    request.method = "POST";
    request.url = server.url();
    request.body = "a message";
    REQUIRE(client.send(request).status == 200);

    const auto failure = client.failure_of(request);

    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::transient);
    CHECK(failure->sent());
    CHECK(server.requests().size() == 2);
}

TEST_CASE("a proxy that refuses needs a person, and the server got nothing") {
    HttpServer proxy([](const Request&) { return Reply::text("", 407); });
    setenv("https_proxy", proxy.url("").c_str(), 1);
    Client client;

    const auto failure = client.failure_of(secretive("https://crm.example.invalid"));
    unsetenv("https_proxy");

    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::needs_person);
    CHECK_FALSE(failure->sent());
    CHECK(failure->what() ==
          std::string{"https://crm.example.invalid: the proxy refused with status 407"});
    REQUIRE(proxy.requests().size() == 1);
    CHECK(proxy.requests()[0].method == "CONNECT");
    CHECK_FALSE(proxy.requests()[0].headers.contains("authorization"));
}
