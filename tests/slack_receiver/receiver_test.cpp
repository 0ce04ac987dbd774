// SPDX-License-Identifier: Apache-2.0
#include "tests/slack_receiver/receiver.hpp"

#include <boost/system/system_error.hpp>

namespace nudged::slack_receiver {
namespace {

struct Slack {
    Receiver receiver;
    loopback::Server server{
        0, [this](const loopback::Request& request) { return receiver.answer(request); }};

    loopback::Reply post(const std::string& path, const std::string& body) {
        return loopback::fetch(server.port(), "POST", path, body);
    }
};

TEST_CASE("a good message is answered with ok and kept") {
    Slack slack;
    const auto reply = slack.post("/services/T1/B1/key", R"({"text":"hello"})");
    CHECK(reply.status == 200);
    CHECK(reply.body == "ok");
    REQUIRE(slack.receiver.received().size() == 1);
    CHECK(slack.receiver.received()[0].body == R"({"text":"hello"})");
}

TEST_CASE("what is wrong is answered as Slack does") {
    Slack slack;
    CHECK(slack.post("/services/T1/B1/key", "{").status == 400);
    CHECK(slack.post("/services/T1/B1/key", "{").body == "invalid_payload");
    CHECK(slack.post("/services/T1/B1/key", "{}").body == "no_text");
    CHECK(slack.post("/elsewhere", R"({"text":"x"})").status == 404);
}

TEST_CASE("scripted replies come in their order, then the ordinary ones again") {
    Slack slack;
    slack.post("/_sim/reply",
               R"({"status":429,"headers":{"Retry-After":"1"},"body":"rate_limited","times":2})");
    slack.post("/_sim/reply", R"({"status":500,"body":"rollup_error"})");
    const std::string message = R"({"text":"hello"})";
    const auto first = slack.post("/services/T1/B1/key", message);
    CHECK(first.status == 429);
    CHECK(first.body == "rate_limited");
    CHECK(std::ranges::count(first.headers,
                             std::pair<std::string, std::string>{"retry-after", "1"}) == 1);
    CHECK(slack.post("/services/T1/B1/key", message).status == 429);
    CHECK(slack.post("/services/T1/B1/key", message).status == 500);
    CHECK(slack.post("/services/T1/B1/key", message).status == 200);
}

TEST_CASE("a dropped connection gives no answer, though the post arrived") {
    Slack slack;
    slack.post("/_sim/reply", R"({"kind":"drop"})");
    CHECK_THROWS_AS(slack.post("/services/T1/B1/key", R"({"text":"hello"})"),
                    boost::system::system_error);
    REQUIRE(slack.receiver.received().size() == 1);
    CHECK(slack.receiver.received()[0].status == 0);
    CHECK(slack.post("/services/T1/B1/key", R"({"text":"hello"})").status == 200);
}

TEST_CASE("a control request lists every post with its answer") {
    Slack slack;
    slack.post("/services/T1/B1/key", R"({"text":"hello"})");
    slack.post("/services/T1/B1/key", "{}");
    rapidjson::Document list;
    list.Parse(loopback::fetch(slack.server.port(), "GET", "/_sim/messages").body.c_str());
    const auto& messages = list["messages"];
    REQUIRE(messages.Size() == 2);
    CHECK(messages[0]["status"].GetInt() == 200);
    CHECK(messages[0]["body"] == R"({"text":"hello"})");
    CHECK(messages[1]["status"].GetInt() == 400);
    CHECK(messages[1]["objection"] == "text is missing or empty");
}

}  // namespace
}  // namespace nudged::slack_receiver
