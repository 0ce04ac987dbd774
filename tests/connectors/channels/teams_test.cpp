// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/teams/markdown.hpp"
#include "connectors/channels/teams/render.hpp"
#include "tests/connectors/channels/hostile.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <regex>

using namespace nudged;
using channels::teams::escape;
using model::Message;

namespace {

/// The card's texts, in the order of the JSON; nullopt for what a flow would not post.
std::optional<std::vector<std::string>> read_card(const std::string& payload) {
    rapidjson::Document document;
    constexpr auto flags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    if (document.Parse<flags>(payload.data(), payload.size()).HasParseError()) return std::nullopt;
    const auto text_at = [&](const char* pointer) {
        const auto* found = rapidjson::Pointer(pointer).Get(document);
        return found && found->IsString() ? std::string{found->GetString()} : std::string{};
    };
    const auto* url = rapidjson::Pointer("/attachments/0/contentUrl").Get(document);
    if (text_at("/type") != "message" || text_at("/summary").empty() || !url || !url->IsNull() ||
        text_at("/attachments/0/contentType") != "application/vnd.microsoft.card.adaptive" ||
        text_at("/attachments/0/content/type") != "AdaptiveCard" ||
        text_at("/attachments/0/content/version") != "1.4" ||
        text_at("/attachments/0/content/fallbackText").empty())
        return std::nullopt;
    std::vector<std::string> texts{text_at("/summary"),
                                   text_at("/attachments/0/content/fallbackText")};
    const std::function<void(const rapidjson::Value&)> collect = [&](const auto& json) {
        if (json.IsArray())
            for (const auto& element : json.GetArray()) collect(element);
        if (!json.IsObject()) return;
        for (const auto& member : json.GetObject()) {
            const std::string name = member.name.GetString();
            if (name == "text" || name == "title" || name == "value")
                texts.emplace_back(member.value.GetString(), member.value.GetStringLength());
            else
                collect(member.value);
        }
    };
    collect(*rapidjson::Pointer("/attachments/0/content/body").Get(document));
    return texts;
}

/// What is live in a text of a card but for what the renderer writes itself: links whose target is
/// the CRM's. "" when nothing is.
std::string live_markup(std::string text) {
    text = tests::without_broken_links(std::move(text));
    static const std::regex entity{"&(lt|gt|amp);"};
    static const std::regex escaped{R"(\\[\\*_\[\]()#~`>+.!|=-])"};
    static const std::regex link{R"(\[([^\[\]]*)\]\((https?://crm\.example/[^\s()\[\]<>]*)\))"};
    text = std::regex_replace(text, escaped, "_");
    text = std::regex_replace(text, link, "$1");
    text = std::regex_replace(text, entity, "_");
    static const std::regex live{
        R"(<|>|\[|\]\(|!\[|://|www\.|(^|[^A-Za-z0-9_\x80-\xff])@\w|`|~|&#)"};
    std::smatch found;
    return std::regex_search(text, found, live) ? text.substr(found.position(), 40) : "";
}

std::string fault_of(const std::string& payload) {
    if (payload.size() > channels::teams::max_bytes) return "too long";
    const auto texts = read_card(payload);
    if (!texts) return "no card";
    for (const auto& text : *texts) {
        if (const auto fault = tests::unclean(text); !fault.empty()) return fault;
        if (const auto fault = live_markup(text); !fault.empty()) return fault;
    }
    return "";
}

}  // namespace

TEST_CASE("a value for a card is escaped where it would open markup, and only there") {
    struct Case {
        const char* raw;
        const char* escaped;
    };
    const auto c = GENERATE(values<Case>({
        {"Acme Corp. (EMEA) - renewal #2, 5+1", "Acme Corp. (EMEA) - renewal #2, 5+1"},
        {"R&D at first_last", "R&D at first_last"},
        {"&lt;at&gt;", "&amp;lt;at&amp;gt;"},
        {"<at>Ana</at>", "&lt;at&gt;Ana&lt;/at&gt;"},
        {"*bold* _it_ ~s~ `c`", "\\*bold\\* \\_it\\_ \\~s\\~ \\`c\\`"},
        {"[x](y)", "\\[x\\]\\(y)"},
        {"![x]", "\\!\\[x\\]"},
        {"back\\slash", "back\\\\slash"},
        {"- item", "\\- item"},
        {"# heading", "\\# heading"},
        {"12. item", "12\\. item"},
        {"1) item", "1\\) item"},
        {"https://evil.example", "https:\u200B//evil.\u200Bexample"},
        {"WWW.evil.example", "WWW\u200B.\u200B"
                             "evil.\u200Bexample"},
        {"Booking.com, v1.2, Inc. and channels.d/teams.toml",
         "Booking.\u200Bcom, v1.2, Inc. and channels.d/teams.toml"},
        {"first.last@mail.example.com", "first.last@mail.example.com"},
        {"@everyone, ana@example.com", "@\u200B"
                                       "everyone, ana@example.com"},
    }));
    CAPTURE(c.raw);
    CHECK(escape(c.raw) == c.escaped);
}

TEST_CASE("only http and https become links, and none can end its own") {
    using channels::teams::link;
    CHECK(link("https://crm.example/1", "Acme") == "[Acme](https://crm.example/1)");
    CHECK(link("https://crm.example/a) [x](b", "Acme") ==
          "[Acme](https://crm.example/a%29%20%5Bx%5D%28b)");
    CHECK(link("javascript:alert(1)", "Acme") == "Acme");
    CHECK(link("https://crm.example/" + std::string(1'000, 'x'), "Acme") == "Acme");
}

TEST_CASE("no hostile value is live in a Teams card, or breaks it") {
    tests::Hostile hostile(20261121);
    for (int round = 0; round < 100; ++round) {
        const auto full = channels::teams::render(hostile.message());
        CAPTURE(round, full);
        REQUIRE(fault_of(full) == "");
        const auto simple = channels::teams::simplify(full);
        if (!simple) continue;
        CAPTURE(*simple);
        REQUIRE(fault_of(*simple) == "");
        REQUIRE_FALSE(channels::teams::simplify(*simple));
    }
}

TEST_CASE("a card stays within its bytes however much there is, and tells what it left out") {
    for (const auto* text : {"x", "😀", "*", "<", "\"", "\\"})
        for (const std::size_t count : {1, 4}) {
            const auto value = tests::repeated(text, count == 4 ? 200 : 100'000);
            CAPTURE(text, count);
            CHECK(channels::teams::render(tests::everywhere(value, count)).size() <=
                  channels::teams::max_bytes);
        }
    Message message;
    message.sections.emplace_back().heading = "Worth a conversation";
    for (int i = 0; i < 40; ++i)
        message.sections[0].items.push_back({"", "Deal", "", "No next step.", "What is next?", {}});
    const auto texts = read_card(channels::teams::render(message));
    REQUIRE(texts);
    // 25 items are shown where there is room for them, 40 - 25 = 15.
    CHECK(std::count(texts->begin(), texts->end(), "and 15 more, left out for length") == 1);
}

TEST_CASE("a digest is a card of headings, items with facts, and a table of columns") {
    Message message;
    message.title = "North · week 2026-W47";
    message.subtitle = "Monday\nData: crm as of 07:55";
    Message::Item item{"◆",
                       "Acme",
                       "https://crm.example/1",
                       "No next step.",
                       "What is next?",
                       {{"owner", "Ana", ""}}};
    message.sections.push_back(
        {"Talk", "", {item}, {"rep", "dials"}, {{"Ana", "52/90"}}, "and 2 more"});
    message.reference = "ab12cd34";
    message.possible_repeat = true;
    const auto texts = read_card(channels::teams::render(message));
    REQUIRE(texts);
    CHECK(*texts == std::vector<std::string>{
                        "North · week 2026-W47",
                        "North · week 2026-W47 · Monday Data: crm as of 07:55 · 1 items",
                        "North · week 2026-W47", "Monday\n\nData: crm as of 07:55", "Talk",
                        "◆ **[Acme](https://crm.example/1)**\n\nNo next step.\n\nWhat is next?",
                        "owner", "Ana", "rep", "Ana", "dials", "52/90", "and 2 more",
                        "ref ab12cd34 · possible repeat"});
}
