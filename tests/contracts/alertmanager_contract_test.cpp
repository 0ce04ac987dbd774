// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/catalog.hpp"
#include "tests/contracts/channel_contract.hpp"
#include "tests/contracts/replies.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using channels::Outcome;
using Ending = Reply::Ending;

namespace {

const MakeChannel make = [](const std::string& url, net::HttpClient& http) {
    channels::AlertmanagerOptions manager;
    manager.url = url + "/";
    manager.token = Secret{"t0ken"};
    channels::ChannelOptions options;
    options.name = "ops";
    options.kind = "alertmanager";
    options.kind_options = std::move(manager);
    return channels::find_kind("alertmanager")->make(options, http);
};

}  // namespace

TEST_CASE("Alertmanager's answers lead to their outcomes") {
    check_replies(
        make,
        {
            {"200 and nothing", Reply::text(""), Outcome::delivered, 200},
            {"400 of bad labels", Reply::json(R"("invalid label set")", 400),
             Outcome::refused_payload, 400},
            {"401 of the proxy before it", Reply::text("", 401), Outcome::refused_destination, 401},
            {"404", Reply::text("", 404), Outcome::refused_destination, 404},
            {"302, never followed",
             with_header(Reply::text("", 302), "Location", "http://127.0.0.1:1/"),
             Outcome::refused_destination, 302},
            {"429", with_header(Reply::text("", 429), "Retry-After", "30"), Outcome::throttled, 429,
             30s},
            {"500", Reply::text("", 500), Outcome::ambiguous, 500},
            {"503", Reply::text("", 503), Outcome::transient, 503},
            {"closed without an answer", Reply::nothing(Ending::close), Outcome::ambiguous},
        });
}

TEST_CASE("an Alertmanager that nobody listens on has certainly not got the alerts") {
    check_unreachable(make);
}

TEST_CASE("alerts in flight end when they are cancelled") {
    check_cancellation(make);
}

TEST_CASE("Alertmanager gets the payload's bytes at version 2 of its API") {
    check_bytes(make, Reply::text(""));
    check_target(make, Reply::text(""), "/api/v2/alerts");
}

TEST_CASE("a repeat of an alert is the same alert, so there is no end to trying") {
    boost::asio::io_context loop;
    net::HttpClient http(loop.get_executor());
    CHECK(make("http://127.0.0.1:9", http)->knows_repeats());
}
