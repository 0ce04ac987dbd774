// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/catalog.hpp"
#include "tests/contracts/channel_contract.hpp"
#include "tests/contracts/replies.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using channels::Outcome;
using Ending = Reply::Ending;

namespace {

const MakeChannel make = [](const std::string& url, net::HttpClient& http) {
    channels::ChannelOptions options;
    options.name = "managers";
    options.kind = "slack";
    options.kind_options = channels::SlackOptions{Secret{url}};
    return channels::find_kind("slack")->make(options, http);
};

}  // namespace

TEST_CASE("Slack's answers lead to what the delivery reference says") {
    const auto limited = R"({"ok":false,"error":"rate_limited","retry_after":30})";
    check_replies(
        make,
        {
            {"200 ok", Reply::text("ok"), Outcome::delivered, 200},
            {"200 ok with a line feed", Reply::text("ok\n"), Outcome::delivered, 200},
            {"200 and something else", Reply::text("<html>sign in</html>"),
             Outcome::refused_payload, 200},
            {"200 and nothing", Reply::text(""), Outcome::refused_payload, 200},
            {"200 with the secret in it", Reply::text(url_secret), Outcome::refused_payload, 200},
            {"302, never followed",
             with_header(Reply::text("", 302), "Location", "http://127.0.0.1:1/"),
             Outcome::refused_destination, 302},
            {"400 invalid_payload", Reply::text("invalid_payload", 400), Outcome::refused_payload,
             400},
            {"400 invalid_blocks", Reply::text("invalid_blocks", 400), Outcome::refused_payload,
             400},
            {"400 with a word that is said under another status too",
             Reply::text("channel_not_found", 400), Outcome::refused_destination, 400},
            {"400 and anything", Reply::text("?", 400), Outcome::refused_payload, 400},
            {"403 action_prohibited", Reply::text("action_prohibited", 403),
             Outcome::refused_destination, 403},
            {"403 invalid_token", Reply::text("invalid_token", 403), Outcome::refused_destination,
             403},
            {"404 no_service", Reply::text("no_service", 404), Outcome::refused_destination, 404},
            {"404 no_team", Reply::text("no_team", 404), Outcome::refused_destination, 404},
            {"410 channel_is_archived", Reply::text("channel_is_archived", 410),
             Outcome::refused_destination, 410},
            {"429 with a header", with_header(Reply::text("", 429), "Retry-After", "30"),
             Outcome::throttled, 429, 30s},
            {"429 with a body", Reply::json(limited, 429), Outcome::throttled, 429, 30s},
            {"429 with both: the longer wait counts",
             with_header(Reply::json(limited, 429), "Retry-After", "7"), Outcome::throttled, 429,
             30s},
            {"429 that does not say how long", Reply::text("", 429), Outcome::throttled, 429},
            {"500 rollup_error", Reply::text("rollup_error", 500), Outcome::ambiguous, 500},
            {"500 that says the service is gone", Reply::text("no_service", 500),
             Outcome::refused_destination, 500},
            {"500 and anything", Reply::text("oops", 500), Outcome::ambiguous, 500},
            {"502", Reply::text("", 502), Outcome::ambiguous, 502},
            {"503", Reply::text("", 503), Outcome::transient, 503},
            {"503 with Retry-After", with_header(Reply::text("", 503), "Retry-After", "12"),
             Outcome::throttled, 503, 12s},
            {"504", Reply::text("", 504), Outcome::ambiguous, 504},
            {"closed without an answer", Reply::nothing(Ending::close), Outcome::ambiguous},
            {"reset without an answer", Reply::nothing(Ending::reset), Outcome::ambiguous},
            {"cut in the answer", cut(Reply::text("ok and more"), 2, Ending::close),
             Outcome::ambiguous},
            {"reset in the answer", cut(Reply::text("ok and more"), 2, Ending::reset),
             Outcome::ambiguous},
            {"a gigabyte after 200", huge(200), Outcome::ambiguous},
            {"JSON nested two hundred thousand deep is read to its bound",
             Reply::text(std::string(60'000, '{'), 500), Outcome::ambiguous, 500},
        });
}

TEST_CASE("a webhook that nobody listens on has certainly not got the message") {
    check_unreachable(make);
}

TEST_CASE("a message to Slack in flight ends when it is cancelled") {
    check_cancellation(make);
}

TEST_CASE("Slack gets the payload's bytes, by POST and as JSON") {
    check_bytes(make, Reply::text("ok"));
}

TEST_CASE("any 2xx starts a Slack workflow, but for one that says it did not") {
    const MakeChannel make_workflow = [](const std::string& url, net::HttpClient& http) {
        channels::ChannelOptions options;
        options.name = "managers";
        options.kind = "slack_workflow";
        options.kind_options = channels::SlackWorkflowOptions{
            Secret{std::string{url}.replace(url.find("/services/"), 10, "/triggers/")}};
        return channels::find_kind("slack_workflow")->make(options, http);
    };
    check_replies(
        make_workflow,
        {
            {"200 and nothing", Reply::text(""), Outcome::accepted, 200},
            {"200 and no JSON", Reply::text("ok"), Outcome::accepted, 200},
            {"200 ok", Reply::json(R"({"ok":true})"), Outcome::accepted, 200},
            {"202 and nothing", Reply::text("", 202), Outcome::accepted, 202},
            {"200, not ok", Reply::json(R"({"ok":false,"error":"invalid_payload"})"),
             Outcome::refused_payload, 200},
            {"200, not ok, whatever it is", Reply::json(R"({"ok":false,"error":"x"})"),
             Outcome::refused_payload, 200},
            {"404", Reply::text("no_service", 404), Outcome::refused_destination, 404},
            {"429", with_header(Reply::text("", 429), "Retry-After", "9"), Outcome::throttled, 429,
             9s},
            {"500", Reply::text("", 500), Outcome::ambiguous, 500},
            {"closed without an answer", Reply::nothing(Ending::close), Outcome::ambiguous},
        });
}
