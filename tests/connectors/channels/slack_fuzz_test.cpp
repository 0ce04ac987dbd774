// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/render.hpp"
#include "tests/connectors/channels/payload.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <random>

using namespace nudged;
using model::Message;

namespace {

constexpr std::array<const char*, 36> pieces{"<!channel>",
                                             "<!here|x>",
                                             "<@U012AB3CD>",
                                             "<!subteam^S01|@a>",
                                             "<#C01|general>",
                                             "<",
                                             ">",
                                             "&",
                                             "&lt;",
                                             "&amp;lt;!here&gt;",
                                             "<https://evil.example|Acme>",
                                             "|",
                                             "```",
                                             "`",
                                             "*",
                                             "_",
                                             "~",
                                             "\r\n",
                                             "\t",
                                             "\x1b[2J",
                                             "\x7f",
                                             "\u202E",
                                             "\u2066",
                                             "\u2028",
                                             "\u0301",
                                             "\u200D",
                                             "👩",
                                             "日",
                                             "\xff",
                                             "\xc3",
                                             "\xe2\x80",
                                             "\xed\xa0\x80",
                                             "\"",
                                             "\\",
                                             "\\u003c!channel\\u003e",
                                             "Acme "};

class Fuzz {
public:
    explicit Fuzz(unsigned seed) : random_(seed) {}

    std::string text() {
        std::string text;
        for (auto left = pick(9); left > 0; --left) text += pieces[pick(pieces.size())];
        if (pick(50) == 0) text += std::string(pick(6'000), "<&*x"[pick(4)]);
        if (pick(8) == 0) text += '\0';
        return text;
    }
    std::string url() {
        constexpr std::array<const char*, 5> starts{"https://crm.example/", "http://crm.example/?",
                                                    "javascript:", "HTTPS://x|", ""};
        return starts[pick(starts.size())] + text();
    }
    Message message() {
        Message message;
        message.title = text();
        message.subtitle = text();
        for (auto sections = pick(4); sections > 0; --sections) {
            auto& section = message.sections.emplace_back();
            section.heading = text();
            section.text = text();
            for (auto items = pick(5); items > 0; --items) {
                Message::Item item{text(), text(), url(), text(), text(), {}};
                for (auto facts = pick(4); facts > 0; --facts)
                    item.facts.push_back({text(), text(), url()});
                section.items.push_back(std::move(item));
            }
            section.columns = {text(), text()};
            for (auto rows = pick(4); rows > 0; --rows) section.rows.push_back({text(), text()});
            section.more = text();
        }
        message.footer = text();
        message.reference = text();
        return message;
    }

private:
    std::size_t pick(std::size_t below) {
        return std::uniform_int_distribution<std::size_t>{0, below - 1}(random_);
    }
    std::mt19937 random_;
};

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
    Fuzz fuzz(20261120);
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
