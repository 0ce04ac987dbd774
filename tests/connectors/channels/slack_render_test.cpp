// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/render.hpp"
#include "tests/connectors/channels/payload.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using channels::slack::render;
using channels::slack::simplify;
using model::Message;
using tests::Payload;

namespace {

Payload read(const std::string& json) {
    CAPTURE(json);
    auto payload = tests::read_payload(json);
    REQUIRE(payload);
    CHECK(tests::broken_limit(*payload) == "");
    CHECK_FALSE(payload->unfurls);
    for (const auto& block : payload->blocks)
        CHECK((block.type == "divider" || block.text_type == "plain_text" || block.verbatim));
    return *payload;
}

Message::Item deal(const std::string& title, std::string fact = "2026-11-03") {
    Message::Item item;
    item.mark = "●";
    item.title = title;
    item.url = "https://crm.example/deal/1";
    item.text = "No next step for 6 working days.";
    item.question = "What is the next thing the customer agreed to?";
    item.facts = {{"last touch", std::move(fact), ""}, {"owner", "Ana Diaz", ""}};
    return item;
}

Message digest() {
    Message message;
    message.title = "North · week 2026-W48";
    message.subtitle = "Monday 23 November 2026\nData: hubspot as of 07:55";
    Message::Section praise{"Worth praising", "", {}, {}, {}, ""};
    praise.items.push_back({"★", "Ana Diaz", "", "Dials rose from 40 to 60.", "", {}});
    praise.items.push_back({"★", "Ben Okoro", "", "Kept 50 dials.", "", {}});
    Message::Section team{"The team", "", {}, {"Rep", "Dials"}, {{"Ana Diaz", "↗ 60/90"}}, ""};
    Message::Section talk{"Worth a conversation",
                          "",
                          {deal("Acme renewal")},
                          {},
                          {},
                          "and 3 more: `nudged evaluate` lists them"};
    message.sections = {praise, team, talk};
    message.footer = "How do we know? nudged explain ID";
    message.reference = "3fa9c2d1";
    return message;
}

std::vector<std::string> texts(const Payload& payload, const std::string& type) {
    std::vector<std::string> texts;
    for (const auto& block : payload.blocks)
        if (block.type == type) texts.push_back(block.text);
    return texts;
}

}  // namespace

TEST_CASE("a digest becomes header, praise, table, items and reference, in that order") {
    const auto payload = read(render(digest()));

    CHECK(payload.text == "North · week 2026-W48 · Monday 23 November 2026 Data: hubspot as of "
                          "07:55\nWorth praising: 2\nThe team\nWorth a conversation: 1");
    CHECK(texts(payload, "header") == std::vector<std::string>{"North · week 2026-W48"});
    CHECK(texts(payload, "section") ==
          std::vector<std::string>{
              "*Worth praising*",
              "★ *Ana Diaz*  Dials rose from 40 to 60.\n★ *Ben Okoro*  Kept 50 dials.",
              "*The team*", "```\nRep       Dials\nAna Diaz  ↗ 60/90\n```",
              "*Worth a conversation*",
              "● *<https://crm.example/deal/1|Acme renewal>*\nNo next step for 6 working days.\n"
              "_What is the next thing the customer agreed to?_"});
    const auto contexts = texts(payload, "context");
    REQUIRE(contexts.size() == 5);
    CHECK(contexts[0] == "Monday 23 November 2026\nData: hubspot as of 07:55");
    CHECK(contexts[1] == "last touch: 2026-11-03 · owner: Ana Diaz");
    CHECK(contexts[3] == "How do we know? nudged explain ID");
    CHECK(contexts[4] == "ref 3fa9c2d1");
}

TEST_CASE("a message that may have arrived already says so beside its reference") {
    auto message = digest();
    message.possible_repeat = true;
    CHECK(read(render(message)).blocks.back().text == "ref 3fa9c2d1 · possible repeat");
}

TEST_CASE("an empty message is still one that Slack takes") {
    const auto payload = read(render(Message{}));
    CHECK(payload.text == "nudged");
    CHECK(payload.blocks.size() == 1);
}

TEST_CASE("what does not fit is left out step by step, and counted") {
    auto message = digest();
    auto& items = message.sections[2].items;
    items.clear();
    for (int i = 0; i < 60; ++i) items.push_back(deal("Deal " + std::to_string(i)));
    const auto payload = read(render(message));
    const auto all = payload.all_text();
    // 60 items of two blocks each cannot go into 45 blocks; ten can.
    CHECK(all.find("Deal 9>") != all.npos);
    CHECK(all.find("Deal 10>") == all.npos);
    CHECK(all.find("and 50 more, left out for length") != all.npos);
    CHECK(all.find("and 3 more: ") != all.npos);
}

TEST_CASE("a long table goes on in a fence of its own, and its tail is counted") {
    auto message = digest();
    auto& rows = message.sections[1].rows;
    rows.clear();
    for (int i = 0; i < 250; ++i) rows.push_back({"Rep number " + std::to_string(i), "52/90"});
    const auto payload = read(render(message));
    for (const auto& text : texts(payload, "section"))
        if (text.find("```") != text.npos) {
            CHECK(text.starts_with("```\n"));
            CHECK(text.ends_with("\n```"));
        }
    const auto all = payload.all_text();
    CHECK(all.find("Rep number 99 ") != all.npos);
    CHECK(all.find("and 150 more rows, left out for length") != all.npos);
}

TEST_CASE("each value at its limit, one past it, and all of them together still fit") {
    const auto length = GENERATE(140u, 150u, 151u, 200u, 201u, 800u, 801u, 2'800u, 3'001u, 50'000u);
    const auto letter = GENERATE(as<std::string>{}, "x", "&", "*", "ä", "日", "`");
    std::string long_text;
    for (unsigned i = 0; i < length; ++i) long_text += letter;
    CAPTURE(length, letter);
    auto message = digest();
    message.title = message.subtitle = message.footer = message.reference = long_text;
    for (auto& section : message.sections) {
        section.heading = section.text = section.more = long_text;
        for (auto& item : section.items) {
            item.mark = item.title = item.text = item.question = long_text;
            for (auto& fact : item.facts) fact.label = fact.value = long_text;
        }
        for (auto& row : section.rows)
            for (auto& cell : row) cell = long_text;
    }
    message.sections[2].items.resize(7, message.sections[2].items[0]);
    read(render(message));
}

TEST_CASE("a hundred sections are told by their number") {
    auto message = digest();
    message.sections.assign(100, message.sections[0]);
    const auto all = read(render(message)).all_text();
    CHECK(all.find("and 88 more sections") != all.npos);
}

TEST_CASE("the simple form has the same text and no blocks, and has no simpler one") {
    const auto full = render(digest());
    const auto simple = simplify(full);
    REQUIRE(simple);
    const auto payload = read(*simple);
    CHECK(payload.blocks.empty());
    CHECK(payload.text.find("North · week 2026-W48") == 0);
    CHECK(payload.text.find("*<https://crm.example/deal/1|Acme renewal>*") != std::string::npos);
    CHECK(payload.text.ends_with("ref 3fa9c2d1"));
    CHECK_FALSE(simplify(*simple));
    CHECK_FALSE(simplify("no JSON"));
}

TEST_CASE("a long simple form ends between lines, with its code fence closed") {
    auto message = digest();
    auto& rows = message.sections[1].rows;
    rows.assign(200, {"A rep with a rather long name", "52/90 & more"});
    const auto simple = simplify(render(message));
    REQUIRE(simple);
    const auto payload = read(*simple);
    CHECK(payload.text.ends_with("\n```\n…"));
    CHECK(tests::live_markup(payload.text) == "");
}
