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

template <typename Options>
std::unique_ptr<channels::Channel> make_kind(const char* kind, Options kind_options,
                                             net::HttpClient& http) {
    channels::ChannelOptions options;
    options.name = "managers";
    options.kind = kind;
    options.kind_options = std::move(kind_options);
    return channels::find_kind(kind)->make(options, http);
}

const MakeChannel make_teams = [](const std::string& url, net::HttpClient& http) {
    return make_kind("teams", channels::TeamsOptions{Secret{url}}, http);
};
const MakeChannel make_chat = [](const std::string& url, net::HttpClient& http) {
    return make_kind("google_chat", channels::GoogleChatOptions{Secret{url}, "card", ""}, http);
};

std::string flow_error(const std::string& code) {
    return R"({"error":{"code":")" + code + R"(","message":"x"}})";
}

std::string google_error(const std::string& word) {
    return R"({"error":{"code":400,"message":"x","status":")" + word + R"("}})";
}

/// What every chat's far end may do, whatever it says.
std::vector<ReplyRow> rows_of_any_chat() {
    return {
        {"302, never followed",
         with_header(Reply::text("", 302), "Location", "http://127.0.0.1:1/"),
         Outcome::refused_destination, 302},
        {"400 and anything", Reply::text("?", 400), Outcome::refused_payload, 400},
        {"400 with the secret in it", Reply::text(url_secret, 400), Outcome::refused_payload, 400},
        {"401", Reply::text("", 401), Outcome::refused_destination, 401},
        {"403", Reply::text("", 403), Outcome::refused_destination, 403},
        {"404", Reply::text("", 404), Outcome::refused_destination, 404},
        {"408", Reply::text("", 408), Outcome::transient, 408},
        {"410", Reply::text("", 410), Outcome::refused_destination, 410},
        {"413", Reply::text("", 413), Outcome::refused_payload, 413},
        {"429 with a header", with_header(Reply::text("", 429), "Retry-After", "30"),
         Outcome::throttled, 429, 30s},
        {"429 that does not say how long", Reply::text("", 429), Outcome::throttled, 429},
        {"500", Reply::text("oops", 500), Outcome::ambiguous, 500},
        {"502", Reply::text("", 502), Outcome::ambiguous, 502},
        {"503", Reply::text("", 503), Outcome::transient, 503},
        {"503 with Retry-After", with_header(Reply::text("", 503), "Retry-After", "12"),
         Outcome::throttled, 503, 12s},
        {"504", Reply::text("", 504), Outcome::ambiguous, 504},
        {"closed without an answer", Reply::nothing(Ending::close), Outcome::ambiguous},
        {"reset without an answer", Reply::nothing(Ending::reset), Outcome::ambiguous},
        {"cut in the answer", cut(Reply::json(R"({"name":"x"})"), 2, Ending::close),
         Outcome::ambiguous},
        {"a gigabyte after 200", huge(200), Outcome::ambiguous},
        {"JSON nested two hundred thousand deep is read to its bound",
         Reply::text(std::string(60'000, '['), 500), Outcome::ambiguous, 500},
    };
}

}  // namespace

TEST_CASE("a flow's answers lead to what the delivery reference says") {
    auto rows = rows_of_any_chat();
    const std::vector<ReplyRow> own{
        {"202, as usual", Reply::text("", 202), Outcome::accepted, 202},
        {"200", Reply::text("1"), Outcome::accepted, 200},
        {"400 of a flow that is turned off",
         Reply::json(flow_error("WorkflowTriggerIsNotEnabled"), 400), Outcome::refused_destination,
         400},
        {"400 of another form than the flow's",
         Reply::json(flow_error("TriggerInputSchemaMismatch"), 400), Outcome::refused_payload, 400},
        {"401 with a code", Reply::json(flow_error("DirectApiAuthorizationRequired"), 401),
         Outcome::refused_destination, 401},
        {"400 with the secret as its code", Reply::json(flow_error(url_secret), 400),
         Outcome::refused_payload, 400},
    };
    rows.insert(rows.end(), own.begin(), own.end());
    check_replies(make_teams, rows);
}

TEST_CASE("Google Chat's answers lead to their outcomes") {
    auto rows = rows_of_any_chat();
    const std::vector<ReplyRow> own{
        {"200 with the message", Reply::json(R"({"name":"spaces/A/messages/B"})"),
         Outcome::delivered, 200},
        {"200 and a page to sign in at", Reply::text("<html>"), Outcome::refused_payload, 200},
        {"400 INVALID_ARGUMENT", Reply::json(google_error("INVALID_ARGUMENT"), 400),
         Outcome::refused_payload, 400},
        {"400 of a key that was taken back",
         Reply::json(
             R"({"error":{"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}})",
             400),
         Outcome::refused_destination, 400},
        {"403 PERMISSION_DENIED", Reply::json(google_error("PERMISSION_DENIED"), 403),
         Outcome::refused_destination, 403},
        {"404 NOT_FOUND", Reply::json(google_error("NOT_FOUND"), 404), Outcome::refused_destination,
         404},
        {"429 RESOURCE_EXHAUSTED", Reply::json(google_error("RESOURCE_EXHAUSTED"), 429),
         Outcome::throttled, 429},
        {"500 INTERNAL", Reply::json(google_error("INTERNAL"), 500), Outcome::ambiguous, 500},
        {"400 with the secret as its word", Reply::json(google_error(url_secret), 400),
         Outcome::refused_payload, 400},
    };
    rows.insert(rows.end(), own.begin(), own.end());
    check_replies(make_chat, rows);
}

TEST_CASE("a chat that nobody answers for has certainly not got the message") {
    check_unreachable(make_teams);
    check_unreachable(make_chat);
}

TEST_CASE("a message to Teams or Google Chat in flight ends when it is cancelled") {
    check_cancellation(make_teams);
    check_cancellation(make_chat);
}

TEST_CASE("Teams and Google Chat get the payload's bytes, by POST and as JSON") {
    check_bytes(make_teams, Reply::text("", 202));
    check_bytes(make_chat, Reply::json("{}"));
}

TEST_CASE("a thread key is looked at only where the URL asks for it") {
    const MakeChannel make_threaded = [](const std::string& url, net::HttpClient& http) {
        return make_kind("google_chat",
                         channels::GoogleChatOptions{Secret{url + "?key=k&token=t"}, "text", "s"},
                         http);
    };
    check_target(make_threaded, Reply::json("{}"),
                 "?key=k&token=t&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD");
}
