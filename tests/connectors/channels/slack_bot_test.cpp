// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/bot.hpp"
#include "tests/connectors/channels/mail_bench.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

using namespace nudged;
using tests::MailBench;
using tests::Reply;
using tests::Request;

namespace {

std::string member(const std::string& payload, const char* name) {
    rapidjson::Document json;
    json.Parse(payload.data(), payload.size());
    if (!json.IsObject() || !json.HasMember(name) || !json[name].IsString()) return "(none)";
    return json[name].GetString();
}

/// A workspace with Ana (U0ANA) and Ben (U0BEN); `answer` is what a post gets.
struct Workspace {
    explicit Workspace(Reply answer = Reply::json(R"({"ok":true})"))
        : server([answer, this](const Request& request) {
              if (request.path.starts_with("/api/chat.")) return answer;
              if (request.path != "/api/users.lookupByEmail") return Reply::text("", 404);
              const auto mail = request.query.at("email");
              if (!lookup_error.empty())
                  return Reply::json(R"({"ok":false,"error":")" + lookup_error +
                                     R"(","needed":"users:read.email"})");
              if (mail == "ana+west@example.com")
                  return Reply::json(R"({"ok":true,"user":{"id":"U0ANA","name":"ana"}})");
              if (mail == "ben@example.com")
                  return Reply::json(R"({"ok":true,"user":{"id":"U0BEN","name":"ben"}})");
              return Reply::json(R"({"ok":false,"error":"users_not_found"})");
          }) {}

    channels::ChannelOptions options(const std::string& channel = {}) const {
        channels::ChannelOptions options;
        options.name = "people";
        options.kind = "slack_bot";
        options.kind_options =
            channels::SlackBotOptions{Secret{"xoxb-1-s3cr3t"}, channel, server.url("/api")};
        return options;
    }
    std::vector<Request> posts() const {
        std::vector<Request> posts;
        for (auto& request : server.requests())
            if (request.method == "POST") posts.push_back(request);
        return posts;
    }

    std::string lookup_error;
    tests::HttpServer server;
};

model::Message message_to(const std::string& recipient) {
    auto message = tests::brief();
    message.recipient = recipient;
    return message;
}

}  // namespace

TEST_CASE("a bot writes to the person that a message is for, whom Slack finds by the address") {
    Workspace slack;
    MailBench bench(slack.options());
    const auto payload = bench.channel().render(message_to("ana+west@example.com"));
    CHECK(member(payload, "channel") == "ana+west@example.com");
    for (int i = 0; i < 2; ++i) CHECK(to_string(bench.send(payload).outcome) == "delivered");
    CHECK(to_string(bench.send(bench.channel().render(message_to("ben@example.com"))).outcome) ==
          "delivered");
    const auto requests = slack.server.requests();
    REQUIRE(requests.size() == 5);  // Ana is looked up once
    CHECK(requests[0].target == "/api/users.lookupByEmail?email=ana%2Bwest%40example.com");
    for (const auto& request : requests)
        CHECK(request.header("authorization") == "Bearer xoxb-1-s3cr3t");
    const auto posts = slack.posts();
    REQUIRE(posts.size() == 3);
    CHECK(member(posts[0].body, "channel") == "U0ANA");
    CHECK(member(posts[2].body, "channel") == "U0BEN");
    // But for the channel it is what was frozen.
    rapidjson::Document frozen, posted;
    frozen.Parse(payload.data(), payload.size());
    posted.Parse(posts[0].body.data(), posts[0].body.size());
    frozen["channel"] = "U0ANA";
    CHECK(posted == frozen);
}

TEST_CASE("whom Slack does not know gets nothing, and the channel goes on for all others") {
    Workspace slack;
    MailBench bench(slack.options());
    const auto gone = bench.send(bench.channel().render(message_to("gone@example.com")));
    CHECK(to_string(gone.outcome) == "refused_payload");
    CHECK(gone.reason == "nobody in Slack has the address of the person that it is for");
    const auto nobody = bench.send(bench.channel().render(message_to("")));
    CHECK(to_string(nobody.outcome) == "refused_payload");
    CHECK(nobody.reason.find("nobody to send it to") != std::string::npos);
    CHECK(slack.posts().empty());
}

TEST_CASE("a look-up that fails has posted nothing: what can pass is tried again") {
    struct Case {
        const char* word;
        const char* outcome;
        const char* reason;
    };
    const auto c = GENERATE(values<Case>({
        {"internal_error", "transient", "200 internal_error"},
        {"ratelimited", "throttled", "200 ratelimited"},
        {"missing_scope", "refused_destination",
         "200 missing_scope: give the app users:read.email, and install it again"},
        {"invalid_auth", "refused_destination", "200 invalid_auth"},
    }));
    CAPTURE(c.word);
    Workspace slack;
    slack.lookup_error = c.word;
    MailBench bench(slack.options());
    const auto payload = bench.channel().render(message_to("ben@example.com"));
    const auto failed = bench.send(payload);
    CHECK(to_string(failed.outcome) == c.outcome);
    CHECK(failed.reason == c.reason);
    CHECK(slack.posts().empty());
    slack.lookup_error.clear();
    CHECK(to_string(bench.send(payload).outcome) == "delivered");
}

TEST_CASE("where Slack refuses one person's conversation, the bot is not broken") {
    Workspace slack(Reply::json(R"({"ok":false,"error":"channel_not_found"})"));
    MailBench people(slack.options());
    CHECK(to_string(people.send(people.channel().render(message_to("ben@example.com"))).outcome) ==
          "refused_payload");
    MailBench place(slack.options("C0123456789"));
    CHECK(to_string(place.send(place.channel().render(message_to("ben@example.com"))).outcome) ==
          "refused_destination");
}

TEST_CASE("a bot's poorer form goes to the same place") {
    Workspace slack;
    MailBench people(slack.options());
    MailBench place(slack.options("C0123456789"));
    for (auto* bench : {&people, &place}) {
        const auto full = bench->channel().render(message_to("ben@example.com"));
        const auto poorer = bench->channel().simplify(full);
        REQUIRE(poorer);
        CHECK(member(*poorer, "channel") == member(full, "channel"));
        CHECK(poorer->find("\"blocks\"") == std::string::npos);
        CHECK_FALSE(bench->channel().simplify(*poorer));
    }
    CHECK(member(place.channel().render(message_to("ben@example.com")), "channel") ==
          "C0123456789");
}

TEST_CASE("a delivered message leaves where it stands, if Slack says so") {
    struct Case {
        const char* answer;
        const char* receipt;
    };
    const auto c = GENERATE(values<Case>({
        {R"({"ok":true,"channel":"D0ANA","ts":"1503435956.000247"})", "D0ANA 1503435956.000247"},
        {R"({"ok":true})", ""},
        {R"({"ok":true,"channel":"D0ANA","ts":1503435956})", ""},
        {R"({"ok":true,"channel":"D0ANA ","ts":"1503435956.000247"})", ""},
        {R"({"ok":true,"channel":"D0ANA","ts":"now"})", ""},
        {R"({"ok":false,"error":"no_text","channel":"D0ANA","ts":"1503435956.000247"})", ""},
    }));
    CAPTURE(c.answer);
    Workspace slack(Reply::json(c.answer));
    MailBench bench(slack.options());
    CHECK(bench.send(bench.channel().render(message_to("ben@example.com"))).receipt == c.receipt);
}

TEST_CASE("a reply goes below the first message, in the conversation where that stands") {
    Workspace slack;
    MailBench people(slack.options());
    auto message = message_to("ben@example.com");
    message.thread = "D0BEN 1503435956.000247";
    const auto payload = people.channel().render(message);
    CHECK(member(payload, "channel") == "D0BEN");
    CHECK(member(payload, "thread_ts") == "1503435956.000247");
    CHECK(to_string(people.send(payload).outcome) == "delivered");
    CHECK(slack.server.requests().size() == 1);  // nobody is looked up
    CHECK(slack.posts().at(0).body == payload);

    MailBench place(slack.options("C0123456789"));
    const auto elsewhere = place.channel().render(message);
    CHECK(member(elsewhere, "channel") == "C0123456789");
    CHECK(member(elsewhere, "thread_ts") == "(none)");
    message.thread = "C0123456789 1503435956.000247";
    // What is for one person goes into no channel, though it was once told there.
    CHECK(member(people.channel().render(message), "channel") == "ben@example.com");
    const auto there = place.channel().render(message);
    CHECK(member(there, "thread_ts") == "1503435956.000247");
    const auto poorer = place.channel().simplify(there);
    REQUIRE(poorer);
    CHECK(member(*poorer, "thread_ts") == "1503435956.000247");
    message.thread = "something else";
    CHECK(member(place.channel().render(message), "thread_ts") == "(none)");
}

TEST_CASE("a reply that cannot be one is left as a message that stands alone") {
    Workspace slack(Reply::json(R"({"ok":false,"error":"cannot_reply_to_message"})"));
    MailBench people(slack.options());
    auto message = message_to("ben@example.com");
    message.thread = "D0BEN 1503435956.000247";
    const auto outcome = people.send(people.channel().render(message));
    CHECK(to_string(outcome.outcome) == "transient");
    REQUIRE(outcome.left);
    CHECK(member(*outcome.left, "channel") == "D0BEN");
    for (const char* name : {"\"thread_ts\"", "\"reply_broadcast\""})
        CHECK(outcome.left->find(name) == std::string::npos);
    CHECK(outcome.left->find("\"blocks\":[{") != std::string::npos);
}

TEST_CASE("an edit says which message it takes the place of, and leaves none of its blocks") {
    Workspace slack;
    MailBench bench(slack.options("C0123456789"));
    CHECK(bench.channel().can_edit());
    auto message = message_to("ben@example.com");
    message.replaces = "C0OTHER 1503435956.000247";
    const auto payload = bench.channel().render(message);
    CHECK(member(payload, "channel") == "C0OTHER");
    CHECK(member(payload, "ts") == "1503435956.000247");
    CHECK(payload.find("unfurl") == std::string::npos);
    CHECK(payload.find("\"blocks\":[{") != std::string::npos);
    CHECK(to_string(bench.send(payload).outcome) == "delivered");
    CHECK(slack.posts().at(0).path == "/api/chat.update");
    CHECK(slack.posts().at(0).body == payload);
    CHECK(slack.posts().at(0).header("authorization") == "Bearer xoxb-1-s3cr3t");

    const auto poorer = bench.channel().simplify(payload);
    REQUIRE(poorer);
    CHECK(member(*poorer, "ts") == "1503435956.000247");
    CHECK(poorer->find("\"blocks\":[]") != std::string::npos);  // left out, they would stay
    CHECK_FALSE(bench.channel().simplify(*poorer));
}

TEST_CASE("an edit of nothing that is known is refused before it is sent, and never posted") {
    Workspace slack;
    MailBench people(slack.options());
    MailBench place(slack.options("C0123456789"));
    for (auto* bench : {&people, &place}) {
        auto message = message_to("ben@example.com");
        message.replaces = "a receipt of another kind";
        const auto outcome = bench->send(bench->channel().render(message));
        CHECK(to_string(outcome.outcome) == "refused_payload");
        CHECK(outcome.reason == "it is not known which message it takes the place of");
    }
    CHECK(slack.server.requests().empty());
}
