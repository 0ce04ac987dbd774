// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/websocket.hpp"
#include "tests/connectors/net/certificate.hpp"
#include "tests/connectors/net/client.hpp"
#include "tests/connectors/net/hanging_lookup.hpp"
#include "tests/support/process.hpp"
#include "tests/support/web_socket_server.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <thread>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

std::unique_ptr<net::WebSocket> open(Client& client, const std::string& url,
                                     net::WebSocketOptions options = {}) {
    return client.run(net::WebSocket::open(*client.http, url, options));
}

/// The failure that the work must end with.
template <typename Work>
std::optional<Failure> failure_of(Client& client, Work work) {
    try {
        client.run(std::move(work));
        return std::nullopt;
    } catch (const Failure& failure) {
        return failure;
    }
}

}  // namespace

TEST_CASE("messages go to and fro over a WebSocket, and the far end's goodbye is its end") {
    WebSocketServer server;
    Client client;
    const auto socket = open(client, server.url("/link/?ticket=s3cr3t"));
    REQUIRE(server.wait_for_connections(1));
    CHECK(server.targets() == std::vector<std::string>{"/link/?ticket=s3cr3t"});

    server.send(1, "hello");
    CHECK(client.run(socket->read()) == "hello");
    const std::string answer = R"({"envelope_id":"1"})";
    client.run(socket->write(answer));
    REQUIRE(server.wait_for_messages(1));
    CHECK(server.received() == std::vector{answer});

    std::thread closing([&] { server.close(1); });
    CHECK(client.run(socket->read()) == std::nullopt);
    closing.join();
}

TEST_CASE("our goodbye is heard") {
    WebSocketServer server;
    Client client;
    const auto socket = open(client, server.url());
    REQUIRE(server.wait_for_connections(1));
    client.run(socket->close());
    CHECK(server.wait_until_closed(1));
}

TEST_CASE("TLS is verified by the authorities of our HTTP client") {
    const auto identity = self_signed();
    WebSocketServer server(identity);
    SECTION("nobody vouches for it") {
        Client client;
        const auto url = server.url("/link/?ticket=s3cr3t");
        const auto failure = failure_of(client, net::WebSocket::open(*client.http, url));
        REQUIRE(failure);
        CHECK(failure->kind() == FailureKind::needs_person);
        CHECK_THAT(failure->what(), Contains("certificate is not trusted") && !Contains("s3cr3t"));
        CHECK(server.targets().empty());
    }
    SECTION("the CA file does") {
        const TempFolder folder;
        const auto file = (folder.path() / "ca.pem").string();
        std::ofstream(file) << identity.certificate_pem;
        Client client({.ca_file = file});
        const auto socket = open(client, server.url());
        REQUIRE(server.wait_for_connections(1));
        server.send(1, "over TLS");
        CHECK(client.run(socket->read()) == "over TLS");
    }
}

TEST_CASE("only ws to this machine and wss are WebSockets to us") {
    Client client;
    for (const char* url : {"ws://slack.example.com/", "https://127.0.0.1/", "wss://", "ftp://x/",
                            "wss://user:password@127.0.0.1/"}) {
        INFO(url);
        const auto failure = failure_of(client, net::WebSocket::open(*client.http, url));
        REQUIRE(failure);
        CHECK(failure->kind() == FailureKind::refused);
    }
}

TEST_CASE("what is no WebSocket server is said to be none") {
    HttpServer server([](const Request&) { return Reply::text("hello"); });
    Client client;
    const auto url = "ws" + server.url("/s3cr3t").substr(4);
    const auto failure = failure_of(client, net::WebSocket::open(*client.http, url));
    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::transient);
    CHECK_THAT(failure->what(), Contains("no WebSocket: status 200") && !Contains("s3cr3t"));
}

TEST_CASE("what a far end does wrong ends the connection, in bounds") {
    Client client;
    SECTION("a message that is too long") {
        WebSocketServer server;
        const auto socket = open(client, server.url(), {.max_message_bytes = 1'000});
        REQUIRE(server.wait_for_connections(1));
        server.send(1, std::string(1'001, 'x'));
        const auto failure = failure_of(client, socket->read());
        REQUIRE(failure);
        CHECK(failure->kind() == FailureKind::refused);
        CHECK_THAT(failure->what(), Contains("too long"));
    }
    SECTION("a frame that claims to be far longer than memory") {
        WebSocketServer server;
        const auto socket = open(client, server.url());
        REQUIRE(server.wait_for_connections(1));
        server.send_raw(1, std::string("\x81\x7f\x00\xff\xff\xff\xff\xff\xff\xff", 10));
        const auto failure = failure_of(client, socket->read());
        REQUIRE(failure);
        CHECK(failure->kind() == FailureKind::refused);
    }
    SECTION("a message that is no text") {
        WebSocketServer server;
        const auto socket = open(client, server.url());
        REQUIRE(server.wait_for_connections(1));
        server.send_binary(1, "\x01\x02");
        const auto failure = failure_of(client, socket->read());
        REQUIRE(failure);
        CHECK(failure->kind() == FailureKind::refused);
    }
    SECTION("a connection that breaks in the midst of a message") {
        WebSocketServer server;
        const auto socket = open(client, server.url());
        REQUIRE(server.wait_for_connections(1));
        server.send_raw(1, std::string("\x81\x0ahalf", 6));
        server.drop(1);
        const auto failure = failure_of(client, socket->read());
        REQUIRE(failure);
        CHECK(failure->kind() == FailureKind::transient);
    }
    SECTION("silence, in which no ping is answered") {
        WebSocketServer server(std::nullopt, false);
        const auto socket = open(client, server.url(), {.idle_timeout = 200ms});
        const auto failure = failure_of(client, socket->read());
        REQUIRE(failure);
        CHECK(failure->kind() == FailureKind::transient);
        CHECK_THAT(failure->what(), Contains("silent for too long"));
    }
}

TEST_CASE("a far end that answers pings is not given up for saying nothing") {
    WebSocketServer server;
    Client client;
    const auto socket = open(client, server.url(), {.idle_timeout = 200ms});
    REQUIRE(server.wait_for_connections(1));
    // Five times as long as silence is borne.
    asio::steady_timer later(client.loop, 1s);
    std::thread sending;
    later.async_wait([&](auto) { sending = std::thread([&] { server.send(1, "at last"); }); });
    CHECK(client.run(socket->read()) == "at last");
    sending.join();
}

TEST_CASE("a read that is cancelled ends at once") {
    WebSocketServer server;
    Client client;
    const auto socket = open(client, server.url());
    asio::cancellation_signal signal;
    std::exception_ptr thrown;
    bool ended = false;
    asio::co_spawn(client.loop, socket->read(),
                   asio::bind_cancellation_slot(
                       signal.slot(), [&](std::exception_ptr error, std::optional<std::string>) {
                           thrown = error;
                           ended = true;
                       }));
    asio::post(client.loop, [&] { signal.emit(asio::cancellation_type::terminal); });
    client.loop.restart();
    while (!ended) client.loop.run_one();
    REQUIRE(thrown);
    CHECK_THROWS_AS(std::rethrow_exception(thrown), boost::system::system_error);
}

TEST_CASE("an opening that is cancelled while its name look-up hangs does not wait for it") {
    Client client;
    asio::cancellation_signal signal;
    bool ended = false;
    HangingLookup lookup(
        [&] { asio::post(client.loop, [&] { signal.emit(asio::cancellation_type::terminal); }); });
    asio::co_spawn(
        client.loop, net::WebSocket::open(*client.http, "wss://hang.invalid/"),
        asio::bind_cancellation_slot(
            signal.slot(), [&](std::exception_ptr error, std::unique_ptr<net::WebSocket>) {
                CHECK(error);
                ended = true;
            }));
    client.loop.restart();
    while (!ended) client.loop.run_one();
    CHECK(lookup.hanging() == 1);
}

TEST_CASE("what follows on a connection that was given up fails, and is no cancellation") {
    WebSocketServer server(std::nullopt, false);
    Client client;
    const auto socket = open(client, server.url(), {.idle_timeout = 200ms});
    const auto silent = failure_of(client, socket->read());
    REQUIRE(silent);
    CHECK(silent->kind() == FailureKind::transient);
    const std::string text = "too late";
    for (const auto& later :
         {failure_of(client, socket->write(text)), failure_of(client, socket->read())}) {
        REQUIRE(later);
        CHECK(later->kind() == FailureKind::transient);
    }
}

TEST_CASE("a WebSocket refuses an https:// proxy, except for a host that goes without one") {
    setenv("https_proxy", "HTTPS://user:s3cr3t@proxy.invalid:3128", 1);
    Client client;
    const auto failure =
        failure_of(client, net::WebSocket::open(*client.http, "wss://slack.invalid/"));
    setenv("no_proxy", "example.com, .invalid", 1);
    const auto exempt =
        failure_of(client, net::WebSocket::open(*client.http, "wss://slack.invalid/"));
    unsetenv("no_proxy");
    unsetenv("https_proxy");
    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::needs_person);
    CHECK_THAT(failure->what(),
               Contains("slack.invalid") && Contains("https:// proxy") && !Contains("s3cr3t"));
    REQUIRE(exempt);
    CHECK(exempt->kind() == FailureKind::transient);  // there is no such host
}

TEST_CASE("a WebSocket goes through the environment's proxy, which learns the host and no more") {
    HttpServer proxy([](const Request&) { return Reply::text("", 403); });
    setenv("https_proxy", proxy.url("").c_str(), 1);
    Client client;
    const auto failure = failure_of(
        client, net::WebSocket::open(*client.http, "wss://slack.invalid/?ticket=s3cr3t"));
    unsetenv("https_proxy");
    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::needs_person);
    CHECK_THAT(failure->what(), Contains("the proxy refused with status 403"));
    REQUIRE(proxy.requests().size() == 1);
    CHECK(proxy.requests()[0].method == "CONNECT");
    CHECK(proxy.requests()[0].target == "slack.invalid:443");
}
