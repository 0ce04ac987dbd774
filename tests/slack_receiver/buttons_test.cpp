// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/dialog.hpp"
#include "connectors/channels/slack/render.hpp"
#include "tests/slack_receiver/validate.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <rapidjson/pointer.h>

using namespace nudged;
using channels::slack::Answers;
using channels::slack::render;
using model::Message;

namespace {

Message::Item deal(std::size_t number) {
    Message::Item item;
    item.title = fmt::format("Deal {}", number);
    item.text = "No next step for 6 working days.";
    item.question = "What is the next thing the customer agreed to?";
    item.facts = {{"owner", "Ana Díaz", ""}};
    for (const char* what : {"ack", "why", "week", "facts", "recheck", "wrong"})
        item.answers.push_back(
            {fmt::format("{} <now>", what), fmt::format("finding {} 9f3c 1", what)});
    return item;
}

Message digest(std::size_t deals) {
    Message message;
    message.title = "Week 2026-W48";
    auto& section = message.sections.emplace_back();
    section.heading = "Worth a conversation";
    for (std::size_t i = 0; i < deals; ++i) section.items.push_back(deal(i));
    return message;
}

rapidjson::Document parse(const std::string& json) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    return document;
}

std::string text_at(const rapidjson::Document& document, const char* pointer) {
    const auto* value = rapidjson::Pointer(pointer).Get(document);
    return value != nullptr && value->IsString() ? value->GetString() : "(none)";
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
    return found;
}

}  // namespace

TEST_CASE("what can be answered has two buttons, and a menu for the rest") {
    const auto message = parse(render(digest(1), Answers::shown));
    const auto objection = slack_receiver::find_objection(message);
    CHECK((objection ? objection->reason : "") == "");
    // Header, divider, heading, the deal, its facts, and then:
    CHECK(text_at(message, "/blocks/5/type") == "actions");
    CHECK(text_at(message, "/blocks/5/elements/0/text/text") == "ack &lt;now&gt;");
    CHECK(text_at(message, "/blocks/5/elements/0/value") == "finding ack 9f3c 1");
    CHECK(text_at(message, "/blocks/5/elements/1/value") == "finding why 9f3c 1");
    CHECK(text_at(message, "/blocks/5/elements/2/type") == "overflow");
    CHECK(text_at(message, "/blocks/5/elements/2/options/0/value") == "finding week 9f3c 1");
    CHECK(text_at(message, "/blocks/5/elements/2/options/3/value") == "finding wrong 9f3c 1");
}

TEST_CASE("where nobody hears of clicks there are no buttons, and a message is as it was") {
    auto without = digest(3);
    for (auto& item : without.sections[0].items) item.answers.clear();
    CHECK(render(digest(3)) == render(without));
    CHECK(render(without, Answers::shown) == render(without));
}

TEST_CASE("links that answer are left out beside buttons, and shown where there are none") {
    auto message = digest(1);
    auto& item = message.sections[0].items[0];
    item.facts.push_back({"", "Silence", "https://nudged.example/a/token", true});
    item.facts.push_back({"", "Open it", "https://crm.example/1"});
    // The way through the outbox, by which a fallback gets it too.
    const auto stored = model::parse_message(model::to_json(message));
    const auto with_buttons = render(stored, Answers::shown);
    CHECK(count(with_buttons, "nudged.example") == 0);
    CHECK(count(with_buttons, "crm.example/1") == 1);
    CHECK(count(render(stored), "nudged.example") == 1);
    item.answers.clear();
    CHECK(count(render(message, Answers::shown), "nudged.example") == 1);
}

TEST_CASE("a long digest with buttons keeps to Slack's limits, and says what it left out") {
    for (const std::size_t deals : {10u, 25u, 60u}) {
        const auto json = render(digest(deals), Answers::shown);
        const auto objection = slack_receiver::find_objection(parse(json));
        INFO(deals);
        CHECK((objection ? objection->reason : "") == "");
        const auto shown = count(json, "No next step");
        CHECK(count(json, "\"actions\"") == shown);
        if (shown < deals) CHECK(json.find(fmt::format("and {} more", deals - shown)) != json.npos);
    }
}

TEST_CASE("the poorer form of a message has no buttons") {
    const auto poorer = channels::slack::simplify(render(digest(1), Answers::shown));
    REQUIRE(poorer);
    CHECK(poorer->find("finding ack") == poorer->npos);
    CHECK(poorer->find("No next step") != poorer->npos);
}

TEST_CASE("a question with two answers is one that Slack takes") {
    const auto json = channels::slack::question(
        "Agree to <50> dials?", {{"Confirm", "commit|yes"}, {"Decline", "commit|no"}});
    const auto message = parse(json);
    CHECK_FALSE(slack_receiver::find_objection(message));
    CHECK(text_at(message, "/text") == "Agree to &lt;50&gt; dials?");
    CHECK(text_at(message, "/blocks/1/elements/1/value") == "commit|no");
}

TEST_CASE("a message's answers are kept in the outbox") {
    const auto message = digest(1);
    const auto kept = model::parse_message(model::to_json(message));
    const auto& answers = kept.sections[0].items[0].answers;
    REQUIRE(answers.size() == 6);
    CHECK(answers[2].label == "week <now>");
    CHECK(answers[2].value == "finding week 9f3c 1");
}
