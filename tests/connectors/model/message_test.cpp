// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "connectors/model/message.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace nudged;
using model::Message;

namespace {

Message everything() {
    Message message;
    message.kind = Message::Kind::nudge;
    message.title = "Team \"North\" <&>";
    message.subtitle = "week 2026-W47";
    Message::Item item{"◆",
                       "Acme",
                       "https://crm.example/1",
                       "No next step.\nSecond line",
                       "What is next?",
                       {{"last touch", "3 Nov", "https://crm.example/2"}, {"owner", "Ana", ""}}};
    item.findings = {{"0a", "opp.idle", "Acme", "Quiet.", "https://crm.example/1", true},
                     {"0b", "opp.idle", "Globex", "", "", false}};
    Message::Section section{"Worth a conversation",          "intro",     {item}, {"rep", "dials"},
                             {{"Ana", "52/90"}, {"Zoë", ""}}, "and 2 more"};
    message.sections = {section, {}};
    message.footer = "held back: nothing";
    message.reference = "ab12cd34";
    message.possible_repeat = true;
    message.about = "backup";
    message.series = "brief/North";
    message.decided_at = parse_instant("2026-11-20T08:00:00.250Z");
    return message;
}

}  // namespace

TEST_CASE("a message comes back from its JSON as it was") {
    const auto before = everything();
    const auto after = model::parse_message(model::to_json(before));

    CHECK(after.kind == before.kind);
    CHECK(after.title == before.title);
    CHECK(after.subtitle == before.subtitle);
    REQUIRE(after.sections.size() == 2);
    const auto& section = after.sections[0];
    CHECK(section.heading == "Worth a conversation");
    CHECK(section.text == "intro");
    CHECK(section.columns == before.sections[0].columns);
    CHECK(section.rows == before.sections[0].rows);
    CHECK(section.more == "and 2 more");
    REQUIRE(section.items.size() == 1);
    CHECK(section.items[0].mark == "◆");
    CHECK(section.items[0].title == "Acme");
    CHECK(section.items[0].url == "https://crm.example/1");
    CHECK(section.items[0].text == "No next step.\nSecond line");
    CHECK(section.items[0].question == "What is next?");
    REQUIRE(section.items[0].facts.size() == 2);
    CHECK(section.items[0].facts[0].url == "https://crm.example/2");
    CHECK(section.items[0].facts[1].label == "owner");
    CHECK(section.items[0].facts[1].value == "Ana");
    REQUIRE(section.items[0].findings.size() == 2);
    const auto& finding = section.items[0].findings[0];
    CHECK(finding.id == "0a");
    CHECK(finding.check == "opp.idle");
    CHECK(finding.title == "Acme");
    CHECK(finding.text == "Quiet.");
    CHECK(finding.url == "https://crm.example/1");
    CHECK(finding.is_over);
    CHECK_FALSE(section.items[0].findings[1].is_over);
    CHECK(after.series == "brief/North");
    CHECK(after.footer == before.footer);
    CHECK(after.reference == before.reference);
    CHECK(after.possible_repeat);
    CHECK(after.about == "backup");
    CHECK(after.decided_at == before.decided_at);
    CHECK(model::to_json(after) == model::to_json(before));
}

TEST_CASE("text of every kind of byte survives the way through JSON") {
    Message message;
    message.title = std::string("nul \0 quote \" slash \\ tab \t", 26) + "\xF0\x9F\x98\x80";
    CHECK(model::parse_message(model::to_json(message)).title == message.title);
}

TEST_CASE("what is no message of ours is told as corrupt") {
    struct Case {
        const char* name;
        std::string json;
    };
    const auto good = model::to_json(everything());
    auto other_kind = good;
    other_kind.replace(other_kind.find("nudge"), 5, "budge");
    const auto c = GENERATE_COPY(values<Case>({
        {"nothing", ""},
        {"cut short", good.substr(0, good.size() / 2)},
        {"a list", "[]"},
        {"an unknown kind", other_kind},
        {"a number as the title",
         R"({"kind":"test","title":1,"sections":[],"possible_repeat":false})"},
        {"no sections", R"({"kind":"test","possible_repeat":false})"},
        {"a row longer than its columns",
         R"({"kind":"test","sections":[{"items":[],"columns":[],"rows":[["a"]]}],)"
         R"("possible_repeat":false})"},
        {"two million opening brackets", std::string(2'000'000, '[')},
        {"more than we ever write", std::string(5u << 20, ' ')},
    }));
    DYNAMIC_SECTION(c.name) {
        try {
            model::parse_message(c.json);
            FAIL("it was read");
        } catch (const Failure& failure) {
            CHECK(failure.kind() == FailureKind::corrupt);
            CHECK(std::string{failure.what()}.size() < 100);
        }
    }
}
