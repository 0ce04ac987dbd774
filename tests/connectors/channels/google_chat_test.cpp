// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/google_chat/markup.hpp"
#include "connectors/channels/google_chat/render.hpp"
#include "connectors/channels/values.hpp"
#include "tests/connectors/channels/hostile.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <regex>

using namespace nudged;
using namespace nudged::channels::google_chat;
namespace google_chat = nudged::channels::google_chat;
using model::Message;

namespace {

std::optional<rapidjson::Document> parse(const std::string& payload) {
    rapidjson::Document document;
    constexpr auto flags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    if (document.Parse<flags>(payload.data(), payload.size()).HasParseError()) return std::nullopt;
    return document;
}

std::string text_at(const rapidjson::Document& document, const char* pointer) {
    const auto* found = rapidjson::Pointer(pointer).Get(document);
    return found && found->IsString() ? std::string{found->GetString(), found->GetStringLength()}
                                      : std::string{};
}

/// What is live in HTML but for the tags that the renderer writes.
std::string live_html(std::string text) {
    text = tests::without_broken_links(std::move(text));
    static const std::regex link{R"(<a href="https?://crm\.example/[^"<>\s]*">)"};
    static const std::regex tag{"</?(b|i)>|<br>|</a>"};
    static const std::regex entity{"&(lt|gt|amp|quot|#39);"};
    for (const auto* part : {&link, &tag, &entity}) text = std::regex_replace(text, *part, "");
    static const std::regex live{R"([<>"'&]|://|www\.|(^|[^A-Za-z0-9_\x80-\xff])@\w)"};
    std::smatch found;
    return std::regex_search(text, found, live) ? text.substr(found.position(), 40) : "";
}

/// The same of a plain message and of a card's headings.
std::string live_text(std::string text) {
    text = tests::without_broken_links(std::move(text));
    static const std::regex link{R"(<https?://crm\.example/[^|<>\s]*\|[^|<>\n]*>)"};
    text = std::regex_replace(text, link, "");
    static const std::regex live{R"([<>]|://|www\.|(^|[^A-Za-z0-9_\x80-\xff])@\w)"};
    std::smatch found;
    return std::regex_search(text, found, live) ? text.substr(found.position(), 40) : "";
}

std::string fault_of_card(const std::string& payload) {
    if (payload.size() > 32'000) return "too long";
    const auto document = parse(payload);
    if (!document) return "no JSON";
    if (text_at(*document, "/fallbackText").empty()) return "no fallback";
    if (text_at(*document, "/cardsV2/0/card/header/title").empty()) return "no title";
    if (auto live = live_text(text_at(*document, "/fallbackText")); !live.empty()) return live;
    std::size_t widgets = 0;
    for (const auto& section :
         rapidjson::Pointer("/cardsV2/0/card/sections").Get(*document)->GetArray()) {
        if (section.HasMember("header"))
            if (auto live = live_text(section["header"].GetString()); !live.empty()) return live;
        if (section["widgets"].Empty()) return "an empty section";
        for (const auto& widget : section["widgets"].GetArray()) {
            ++widgets;
            const std::string text = widget["textParagraph"]["text"].GetString();
            if (text.empty()) return "an empty paragraph";
            if (auto fault = tests::unclean(text); !fault.empty()) return fault;
            if (auto live = live_html(text); !live.empty()) return live;
        }
    }
    return widgets > 100 ? "too many widgets" : "";
}

std::string fault_of_text(const std::string& payload) {
    const auto document = parse(payload);
    if (!document) return "no JSON";
    const auto text = text_at(*document, "/text");
    if (text.empty()) return "no text";
    if (channels::length(text) > 4'096 || payload.size() > 32'000) return "too long";
    if (auto fault = tests::unclean(text); !fault.empty()) return fault;
    return live_text(text);
}

}  // namespace

TEST_CASE("values for Google Chat are neither tags nor mentions nor links") {
    CHECK(escape_html("<users/all> & \"R'D\"") == "&lt;users/all&gt; &amp; &quot;R&#39;D&quot;");
    CHECK(escape_text("<users/all> *b* R&D") == "‹users/all› *\u200Bb*\u200B R&D");
    CHECK(escape_html("see https://evil.example") == "see https:\u200B//evil.\u200Bexample");
    CHECK(google_chat::link("https://crm.example/?a=1&b=\"2\"", "Acme") ==
          "<a href=\"https://crm.example/?a=1&amp;b=%222%22\">Acme</a>");
    CHECK(google_chat::link("javascript:alert(1)", "Acme") == "Acme");
}

TEST_CASE("no hostile value is live in Google Chat, or breaks a message") {
    tests::Hostile hostile(20261123);
    for (int round = 0; round < 100; ++round) {
        const auto message = hostile.message();
        const auto card = render_card(message, "");
        const auto text = render_text(message, "sales");
        CAPTURE(round, card, text);
        REQUIRE(fault_of_card(card) == "");
        REQUIRE(fault_of_text(text) == "");
        REQUIRE(fault_of_text(simplify(card).value()) == "");
        REQUIRE_FALSE(simplify(text));
    }
}

TEST_CASE("both forms stay within their limits, and tell what they left out") {
    for (const auto* text : {"x", "😀", "*", "<", "\"", "\\"})
        for (const std::size_t count : {1, 4}) {
            const auto value = tests::repeated(text, count == 4 ? 200 : 100'000);
            const auto message = tests::everywhere(value, count);
            CAPTURE(text, count);
            CHECK(render_card(message, "").size() <= 32'000);
            const auto plain = parse(render_text(message, ""));
            REQUIRE(plain);
            CHECK(channels::length(text_at(*plain, "/text")) <= 4'096);
        }
    Message message;
    message.sections.emplace_back();
    for (int i = 0; i < 40; ++i)
        message.sections[0].items.push_back({"", "Deal", "", "No next step.", "What is next?", {}});
    // 25 items are shown where there is room for them, 40 - 25 = 15.
    CHECK(render_card(message, "").find("and 15 more, left out for length") != std::string::npos);
    CHECK(render_text(message, "").find("and 15 more, left out for length") != std::string::npos);
}

TEST_CASE("messages of one thread key stand in one thread") {
    Message message;
    message.title = "North";
    CHECK(text_at(*parse(render_card(message, "sales")), "/thread/threadKey") == "sales");
    CHECK(text_at(*parse(render_text(message, "sales")), "/thread/threadKey") == "sales");
    CHECK(text_at(*parse(*simplify(render_card(message, "sales"))), "/thread/threadKey") ==
          "sales");
    CHECK(render_card(message, "").find("thread") == std::string::npos);
}
