// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/render.hpp"
#include "tests/connectors/channels/hostile.hpp"
#include "tests/connectors/channels/payload.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using model::Message;

namespace {

/// What is wrong with a payload made of hostile values; "" when nothing is.
std::string fault_of(const std::string& json) {
    const auto payload = tests::read_payload(json);
    if (!payload) return "no valid JSON";
    if (auto limit = tests::broken_limit(*payload); !limit.empty()) return limit;
    for (const auto* character : {"\u202E", "\u2066", "\x1b", "\x7f", "\u2028", "\r", "\t"})
        if (payload->all_text().find(character) != std::string::npos) return "a control character";
    return tests::live_markup(payload->all_text());
}

}  // namespace

TEST_CASE("no hostile value becomes a mention, a link or broken JSON in Slack") {
    tests::Hostile fuzz(20261120);
    std::size_t values = 0;
    for (int round = 0; values < 20'000; ++round) {
        const auto message = fuzz.message();
        values += 2;
        for (const auto& section : message.sections)
            values += 2 + 5 * section.items.size() + 2 * section.rows.size();
        const auto full = channels::slack::render(message);
        const auto simple = channels::slack::simplify(full);
        const auto fault = fault_of(full);
        CAPTURE(round, full);
        REQUIRE(fault == "");
        REQUIRE(simple);
        CAPTURE(*simple);
        REQUIRE(fault_of(*simple) == "");
    }
}

TEST_CASE("a megabyte in every place renders within the limits") {
    Message message;
    message.title = message.footer = std::string(1u << 20, '<');
    Message::Item item{"",
                       message.title,
                       "https://crm.example/" + message.title,
                       message.title,
                       message.title,
                       {{message.title, message.title, ""}}};
    message.sections.push_back(
        {message.title, message.title, {item}, {"a"}, {{message.title}}, ""});
    CHECK(fault_of(channels::slack::render(message)) == "");
}
