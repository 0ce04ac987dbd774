// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/slack_command.hpp"

#include "connectors/base/failure.hpp"
#include "daemon/alerts/answer_button.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;
using Catch::Contains;

TEST_CASE("what /nudged commit says is understood") {
    const auto monday = std::chrono::local_days{2026y / 11 / 23};  // of 2026-W48
    struct Case {
        const char* text;
        std::chrono::local_days today;
        const char* member;
        const char* words;  // rep, to, kpi, from, week
    };
    const auto c = GENERATE_COPY(values<Case>({
        {"@ana 50 dials", monday, "", "ana|50|dials||2026-W48"},
        {"@ana 50 dials", monday + 1 * std::chrono::days{1}, "", "ana|50|dials||2026-W48"},
        {"@ana 50 dials", monday + 2 * std::chrono::days{1}, "", "ana|50|dials||2026-W49"},
        {"@\u200Bana 50 dials", monday, "", "ana|50|dials||2026-W48"},
        {"<@U0ANA|ana> 50 dials", monday, "U0ANA", "<@U0ANA|ana>|50|dials||2026-W48"},
        {"<@U0ANA> 50 dials", monday, "U0ANA", "<@U0ANA>|50|dials||2026-W48"},
        {"ana 50 dials next week", monday, "", "ana|50|dials||2026-W49"},
        {"@ana  50  Meetings held This Week", monday + 4 * std::chrono::days{1}, "",
         "ana|50|Meetings held||2026-W48"},
        {"@ana 50 dials from 40 2026-W50", monday, "", "ana|50|dials|40|2026-W50"},
        {"Ana Duarte 12.5 talk hours", monday, "", "Ana Duarte|12.5|talk hours||2026-W48"},
    }));
    INFO(c.text);
    auto command = runtime::parse_commit(c.text, c.today);
    auto& words = command.words;
    CHECK(command.member == c.member);
    CHECK(words["rep"] + "|" + words["to"] + "|" + words["kpi"] + "|" + words["from"] + "|" +
              words["week"] ==
          c.words);
}

TEST_CASE("what /nudged commit cannot keep is refused with an example") {
    const auto monday = std::chrono::local_days{2026y / 11 / 23};
    const auto* text =
        GENERATE("", "@ana", "@ana dials", "50 dials", "@ana 50", "@ana more dials",
                 "@ana 50 dials from", "@ana 50 dials from 40 or so", "@ana 50 dials 2026-W47");
    INFO(text);
    CHECK_THROWS_WITH(runtime::parse_commit(text, monday),
                      Contains("such as: /nudged commit @ana 50 dials"));
}

TEST_CASE("a button says what it answers, and what no button says is none") {
    using alerts::ButtonAction;
    const auto text = to_text(alerts::ButtonClaim{ButtonAction::snooze_week, "9f3c2a1b77", 2});
    CHECK(text == "finding week 9f3c2a1b77 2");
    const auto claim = alerts::parse_button(text);
    REQUIRE(claim);
    CHECK(claim->action == ButtonAction::snooze_week);
    CHECK(claim->finding == "9f3c2a1b77");
    CHECK(claim->episode == 2);
    for (const char* other :
         {"", "finding", "finding ack 9f3c", "finding win 9f3c 1", "finding ack '; 1",
          "finding ack 9f3c 1 2", "finding ack 9f3c x", "commit ack 9f3c 1"})
        CHECK_FALSE(alerts::parse_button(other));
}

TEST_CASE("items that name a finding get buttons, for the one whom the message is for") {
    model::Message message;
    message.recipient = "mara@example.com";
    auto& item = message.sections.emplace_back().items.emplace_back();
    item.facts.push_back({"id", "9f3c2a1b77", ""});
    const std::map<std::string, alerts::Linked> by_id{{"9f3c2a1b77", {"9f3c2a1b77aa", 2}}};
    const alerts::Texts texts;
    SECTION("a manager may answer everything") {
        alerts::add_answers(message, by_id, texts, alerts::MayAnswer::everything);
        REQUIRE(item.answers.size() == 6);
        CHECK(item.answers[0].label == "I am at it");
        CHECK(item.answers[0].value == "finding ack 9f3c2a1b77 2");
        CHECK(item.facts.size() == 1);
    }
    SECTION("a rep silences nothing") {
        alerts::add_answers(message, by_id, texts, alerts::MayAnswer::that_it_is_wrong);
        REQUIRE(item.answers.size() == 3);
        CHECK(item.answers[0].label == "This is wrong");
    }
    SECTION("nobody in particular has none") {
        message.recipient.clear();
        alerts::add_answers(message, by_id, texts, alerts::MayAnswer::everything);
        CHECK(item.answers.empty());
    }
    SECTION("what is over has none") {
        alerts::add_answers(message, by_id, texts, alerts::MayAnswer::everything);
        alerts::remove_links(item);
        CHECK(item.answers.empty());
    }
}
