// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/address.hpp"
#include "tests/connectors/net/client.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>

using namespace nudged;

TEST_CASE("addresses of this machine and of private networks are not public") {
    // The special-purpose registries of RFC 6890, first and last addresses of blocks.
    for (const auto* text : {"0.0.0.0",
                             "10.0.0.0",
                             "10.255.255.255",
                             "100.64.0.1",
                             "100.127.255.255",
                             "127.0.0.1",
                             "169.254.169.254",
                             "172.16.0.0",
                             "172.31.255.255",
                             "192.0.0.8",
                             "192.168.1.1",
                             "198.18.0.1",
                             "198.19.255.255",
                             "224.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "::ffff:10.0.0.1",
                             "64:ff9b::a00:1",
                             "2002:a00:1::",
                             "2001:db8::1",
                             "fc00::1",
                             "fe80::1",
                             "ff02::1"}) {
        CAPTURE(text);
        CHECK_FALSE(net::is_public(boost::asio::ip::make_address(text)));
    }
    for (const auto* text :
         {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255",
          "172.32.0.0", "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255",
          "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::"}) {
        CAPTURE(text);
        CHECK(net::is_public(boost::asio::ip::make_address(text)));
    }
}

TEST_CASE("a request for the public is not sent to where the name leads, when that is private") {
    tests::HttpServer server([](const tests::Request&) { return tests::Reply::text("ok"); });
    tests::Client client;
    net::HttpRequest request;
    request.url = server.url("/secret");
    CHECK(client.send(request).status == 200);  // a connection is kept, and must not be used again
    request.public_only = true;
    const auto failure = client.failure_of(request);
    REQUIRE(failure);
    CHECK(failure->kind() == FailureKind::needs_person);
    CHECK_FALSE(failure->sent());
    CHECK(std::string{failure->what()}.ends_with(
        ": the name leads to this machine or a private network"));
    CHECK(server.requests().size() == 1);
}
