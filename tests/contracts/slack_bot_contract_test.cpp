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
    options.kind = "slack_bot";
    options.kind_options = channels::SlackBotOptions{Secret{"xoxb-1-token"}, "C0123456789", url};
    return channels::find_kind("slack_bot")->make(options, http);
};

const std::string an_edit =
    R"({"text":"hello","blocks":[],"channel":"C0123456789","ts":"1503435956.000247"})";

Reply error(const std::string& word, int status = 200) {
    return Reply::json(R"({"ok":false,"error":")" + word + R"("})", status);
}

}  // namespace

TEST_CASE("what Slack's Web API answers leads to the right outcome") {
    const auto ok = R"({"ok":true,"channel":"C0123456789","ts":"1503435956.000247"})";
    check_replies(
        make,
        {
            {"ok", Reply::json(ok), Outcome::delivered, 200},
            {"nothing under 200", Reply::text(""), Outcome::ambiguous, 200},
            {"a proxy's page under 200", Reply::text("<html>sign in</html>"), Outcome::ambiguous,
             200},
            {"JSON that does not say ok", Reply::json("{}"), Outcome::ambiguous, 200},
            {"ok that is no truth value", Reply::json(R"({"ok":"yes"})"), Outcome::refused_payload,
             200},
            {"blocks that it does not take", error("invalid_blocks"), Outcome::refused_payload,
             200},
            {"a word that is not known", error("some_new_word"), Outcome::refused_payload, 200},
            {"an error that holds the secret", error(url_secret), Outcome::refused_payload, 200},
            {"a token that was taken back", error("token_revoked"), Outcome::refused_destination,
             200},
            {"a bot that was not invited", error("not_in_channel"), Outcome::refused_destination,
             200},
            {"a channel that is gone", error("channel_not_found"), Outcome::refused_destination,
             200},
            {"a workspace on the move", error("team_added_to_org"), Outcome::transient, 200},
            {"trouble at Slack's", error("internal_error"), Outcome::ambiguous, 200},
            {"trouble under 500", error("fatal_error", 500), Outcome::ambiguous, 500},
            {"too many", with_header(error("ratelimited", 429), "Retry-After", "30"),
             Outcome::throttled, 429, 30s},
            {"too many under 200", error("message_limit_exceeded"), Outcome::throttled, 200},
            {"302, never followed",
             with_header(Reply::text("", 302), "Location", "http://127.0.0.1:1/"),
             Outcome::refused_destination, 302},
            {"503", Reply::text("", 503), Outcome::transient, 503},
            {"502", Reply::text("", 502), Outcome::ambiguous, 502},
            {"closed without an answer", Reply::nothing(Ending::close), Outcome::ambiguous},
            {"cut in the answer", cut(Reply::json(ok), 10, Ending::close), Outcome::ambiguous},
            {"a gigabyte", huge(200), Outcome::ambiguous},
        });
}

TEST_CASE("what chat.update answers concerns that message, unless it is about the bot") {
    const auto ok = R"({"ok":true,"channel":"C0123456789","ts":"1503435956.000247","text":"x"})";
    check_replies(
        make,
        {
            {"ok", Reply::json(ok), Outcome::delivered, 200},
            {"a message that is gone", error("message_not_found"), Outcome::refused_payload, 200},
            {"a message of somebody else", error("cant_update_message"), Outcome::refused_payload,
             200},
            {"too late", error("edit_window_closed"), Outcome::refused_payload, 200},
            {"a frozen channel", error("is_inactive"), Outcome::refused_payload, 200},
            {"a channel that is archived", error("is_archived"), Outcome::refused_payload, 200},
            {"a channel that is gone", error("channel_not_found"), Outcome::refused_payload, 200},
            {"a channel that the bot has left", error("not_in_channel"), Outcome::refused_payload,
             200},
            {"blocks that it does not take", error("invalid_blocks"), Outcome::refused_payload,
             200},
            {"a word that is not known", error("some_new_word"), Outcome::refused_payload, 200},
            {"a token that was taken back", error("token_revoked"), Outcome::refused_destination,
             200},
            {"a scope that is missing", error("missing_scope"), Outcome::refused_destination, 200},
            {"trouble with this one", error("update_failed"), Outcome::transient, 200},
            {"trouble at Slack's", error("internal_error"), Outcome::ambiguous, 200},
            {"too many", with_header(error("ratelimited", 429), "Retry-After", "30"),
             Outcome::throttled, 429, 30s},
            {"503", Reply::text("", 503), Outcome::transient, 503},
            {"502", Reply::text("", 502), Outcome::ambiguous, 502},
            {"closed without an answer", Reply::nothing(Ending::close), Outcome::ambiguous},
            {"cut in the answer", cut(Reply::json(ok), 10, Ending::close), Outcome::ambiguous},
        },
        an_edit);
    check_target(make, Reply::json(ok), "/chat.update", an_edit);
}

TEST_CASE("what Slack says of a thread concerns the reply, which then stands alone") {
    const std::string reply =
        R"({"text":"x","channel":"C0123456789","thread_ts":"1503435956.000247"})";
    check_replies(
        make,
        {
            {"a first message that is gone", error("cannot_reply_to_message"), Outcome::transient,
             200},
            {"one that never was", error("thread_not_found"), Outcome::transient, 200},
            {"a locked one", error("restricted_action_thread_locked"), Outcome::transient, 200},
            {"a channel without threads", error("restricted_action_non_threadable_channel"),
             Outcome::transient, 200},
            {"a channel that is gone", error("channel_not_found"), Outcome::refused_destination,
             200},
        },
        reply);
    // Without a thread there is nothing to leave out.
    check_replies(make,
                  {{"no thread", error("cannot_reply_to_message"), Outcome::refused_payload, 200}});
}

TEST_CASE("a Web API that nobody answers for has certainly not got the message") {
    check_unreachable(make);
}

TEST_CASE("a message to Slack's Web API in flight ends when it is cancelled") {
    check_cancellation(make);
}

TEST_CASE("Slack's Web API gets the payload's bytes, by POST and as JSON") {
    check_bytes(make, Reply::json(R"({"ok":true})"));
    check_target(make, Reply::json(R"({"ok":true})"), "/chat.postMessage");
}
