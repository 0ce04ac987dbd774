// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/workflow.hpp"
#include "tests/connectors/channels/hostile.hpp"
#include "tests/connectors/channels/payload.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

using namespace nudged;
using channels::slack::render_workflow;

namespace {

/// What is wrong with the variables; "" when nothing is.
std::string fault_of(const std::string& payload) {
    rapidjson::Document document;
    constexpr auto flags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    if (document.Parse<flags>(payload.data(), payload.size()).HasParseError()) return "no JSON";
    for (const auto* name : {"title", "text", "reference", "kind"})
        if (!document.HasMember(name)) return name;
    for (const auto& member : document.GetObject()) {
        if (!member.value.IsString()) return "not flat";
        const std::string text{member.value.GetString(), member.value.GetStringLength()};
        if (text.size() > 4 * 4'000) return "too long";
        if (auto fault = tests::unclean(text); !fault.empty()) return fault;
        if (auto live = tests::live_markup(text); !live.empty()) return live;
        if (tests::without_broken_links(text).find("://") != text.npos) return "a link";
    }
    return "";
}

}  // namespace

TEST_CASE("a workflow gets a flat object of strings, and nothing live in any") {
    tests::Hostile hostile(20261125);
    for (int round = 0; round < 100; ++round) {
        const auto payload = render_workflow(hostile.message());
        CAPTURE(round, payload);
        REQUIRE(fault_of(payload) == "");
    }
    for (const auto* text : {"x", "😀", "*", "<"})
        for (const std::size_t count : {1, 4}) {
            const auto value = tests::repeated(text, count == 4 ? 200 : 100'000);
            CAPTURE(text, count);
            CHECK(render_workflow(tests::everywhere(value, count)).size() <= 20'000);
        }
}

TEST_CASE("a workflow is told the message as lines") {
    model::Message message;
    message.kind = model::Message::Kind::nudge;
    message.title = "North";
    message.reference = "ab12cd34";
    message.sections.push_back({"Talk",
                                "",
                                {{"◆", "Acme", "", "No next step.", "What is next?", {}}},
                                {"rep", "dials"},
                                {{"Ana", "52/90"}},
                                ""});
    CHECK(render_workflow(message) ==
          R"({"title":"North","text":"Talk\n◆ Acme\nNo next step.\nWhat is next?\nAna · 52/90",)"
          R"("reference":"ab12cd34","kind":"nudge"})");
}
