// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/crypto.hpp"
#include "connectors/channels/catalog.hpp"
#include "connectors/channels/webhook/signature.hpp"
#include "tests/contracts/channel_contract.hpp"
#include "tests/contracts/replies.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using channels::Outcome;
using Ending = Reply::Ending;

namespace {

const std::string new_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
// The seed of TEST 2 in RFC 8032 §7.1.
const std::string old_secret = "whsk_TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs=";

channels::ChannelOptions webhook(const std::string& url, bool private_addresses) {
    channels::ChannelOptions options;
    options.name = "hook";
    options.kind = "webhook";
    options.kind_options = channels::WebhookOptions{Secret{url}, Secret{new_secret},
                                                    Secret{old_secret}, private_addresses};
    return options;
}

const MakeChannel make = [](const std::string& url, net::HttpClient& http) {
    return channels::find_kind("webhook")->make(webhook(url, true), http);
};

struct Receiver {
    explicit Receiver(Reply reply) : server([reply](const Request&) { return reply; }) {}

    channels::SendOutcome send(const std::string& payload, const std::string& key) {
        auto sent =
            boost::asio::co_spawn(loop, channel->send(payload, key), boost::asio::use_future);
        loop.restart();
        while (sent.wait_for(0s) != std::future_status::ready) loop.run_one();
        return sent.get();
    }

    boost::asio::io_context loop;
    net::HttpClient http{loop.get_executor()};
    HttpServer server;
    std::unique_ptr<channels::Channel> channel = make(server.url("/hook"), http);
};

}  // namespace

TEST_CASE("a receiver's answers lead to what the delivery reference says") {
    check_replies(
        make, {
                  {"200 and anything", Reply::text("<html>"), Outcome::delivered, 200},
                  {"204", Reply::text("", 204), Outcome::delivered, 204},
                  {"301, never followed",
                   with_header(Reply::text("", 301), "Location", "http://127.0.0.1:1/"),
                   Outcome::transient, 301},
                  {"400", Reply::text(url_secret, 400), Outcome::refused_payload, 400},
                  {"401", Reply::text("", 401), Outcome::transient, 401},
                  {"403", Reply::text("", 403), Outcome::transient, 403},
                  {"404", Reply::text("", 404), Outcome::transient, 404},
                  {"405", Reply::text("", 405), Outcome::transient, 405},
                  {"408", Reply::text("", 408), Outcome::transient, 408},
                  {"410", Reply::text("", 410), Outcome::refused_destination, 410},
                  {"413", Reply::text("", 413), Outcome::refused_payload, 413},
                  {"422", Reply::text("", 422), Outcome::refused_payload, 422},
                  {"425", Reply::text("", 425), Outcome::transient, 425},
                  {"429", with_header(Reply::text("", 429), "Retry-After", "30"),
                   Outcome::throttled, 429, 30s},
                  {"500", Reply::text("", 500), Outcome::transient, 500},
                  {"502", Reply::text("", 502), Outcome::throttled, 502},
                  {"503 with Retry-After", with_header(Reply::text("", 503), "Retry-After", "12"),
                   Outcome::transient, 503, 12s},
                  {"504", Reply::text("", 504), Outcome::throttled, 504},
                  {"closed without an answer", Reply::nothing(Ending::close), Outcome::ambiguous},
                  {"a gigabyte after 200", huge(200), Outcome::ambiguous},
              });
}

TEST_CASE("a receiver that nobody listens on has certainly not got the message") {
    check_unreachable(make);
}

TEST_CASE("a webhook in flight ends when it is cancelled") {
    check_cancellation(make);
}

TEST_CASE("a receiver gets the payload's bytes, by POST and as JSON") {
    check_bytes(make, Reply::text(""));
}

TEST_CASE("every try has the same id, its own time, and a signature of each key over the bytes") {
    Receiver receiver(Reply::text("", 500));
    const std::string body = "{\"test\" :  1}";
    receiver.send(body, "key-1");
    receiver.send(body, "key-1");
    CHECK(receiver.channel->knows_repeats());
    const auto requests = receiver.server.requests();
    REQUIRE(requests.size() == 2);
    for (const auto& request : requests) {
        CHECK(request.header("webhook-id") == "msg_key-1");
        const auto timestamp = request.header("webhook-timestamp");
        const auto age = system_now() - Instant{std::chrono::seconds{std::stoll(timestamp)}};
        CHECK(age >= 0s);
        CHECK(age < 60s);
        using namespace channels::webhook;
        const auto first = sign(parse_key(new_secret).value(), "msg_key-1", timestamp, body);
        const auto second = sign(parse_key(old_secret).value(), "msg_key-1", timestamp, body);
        CHECK(first.starts_with("v1,"));
        CHECK(second.starts_with("v1a,"));
        CHECK(request.header("webhook-signature") == first + " " + second);
    }
}

TEST_CASE("without leave no webhook goes to this machine, whatever its name") {
    boost::asio::io_context loop;
    net::HttpClient http(loop.get_executor());
    const auto* kind = channels::find_kind("webhook");
    for (const auto* url : {"https://127.0.0.1/x", "https://localhost/x", "https://10.1.2.3/x",
                            "https://169.254.169.254/latest", "https://[::1]/x",
                            "https://[fd00::1]/x", "https://[::ffff:10.0.0.1]/x"}) {
        CAPTURE(url);
        Diagnostics problems;
        kind->check(webhook(url, false), problems);
        CHECK(problems.has_errors());
        CHECK_THROWS_AS(kind->make(webhook(url, false), http), Failure);
        Diagnostics none;
        kind->check(webhook(url, true), none);
        CHECK_FALSE(none.has_errors());
    }
}
