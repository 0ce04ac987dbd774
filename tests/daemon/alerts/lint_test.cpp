// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/lint.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using model::Message;

namespace {

Message::Item good() {
    Message::Item item;
    item.title = "Ana";
    item.text = "Dials in the last 3 full weeks: 41, 38, 44 of 90.";
    item.question = "What would make 50 realistic next week, and what would have to give?";
    item.facts = {{"id", "0123456789", ""}};
    return item;
}

}  // namespace

TEST_CASE("an item that shows numbers, asks openly and leads to its evidence is good") {
    CHECK(alerts::lint_item(good(), false).empty());
}

TEST_CASE("what a coach would not say is told") {
    struct Case {
        const char* name;
        std::string text, question;
        const char* complaint;
    };
    const auto base = good();
    const auto c = GENERATE_COPY(values<Case>({
        {"a word about the person", "Poor week: 41 dials.", base.question, "\"poor\""},
        {"in the middle of a sentence", "41 dials, the worst of the team.", base.question,
         "\"worst\""},
        {"an accusation", base.text, "Why didn't you call? What now?", "\"why didn't you\""},
        {"an order", "You must call more: 41.", base.question, "\"you must\""},
        {"a raised voice", "41 dials!", base.question, "exclamation"},
        {"nothing asked", base.text, "Call more.", "asks nothing"},
        {"yes or no", base.text, "Can that be 50?", "opens with"},
        {"a defence", base.text, "Why so, and what now?", "defence"},
        {"no number", "Few dials.", base.question, "no number"},
    }));
    DYNAMIC_SECTION(c.name) {
        auto item = base;
        item.text = c.text;
        item.question = c.question;
        item.facts[0].value = "abcdefghij";
        std::string all;
        for (const auto& complaint : alerts::lint_item(item, false)) all += complaint + "\n";
        CHECK(all.find(c.complaint) != std::string::npos);
    }
}

TEST_CASE("words that only begin like those are let be, and praise may be loud") {
    CHECK(alerts::lint_words("The badge of Poorna, excused on Monday", false).empty());
    CHECK(alerts::lint_words("Kept: 52 dials!", true).empty());
    CHECK_FALSE(alerts::lint_words("Kept: 52 dials!", false).empty());
}

TEST_CASE("an item of more than sixty words is not read, and one without a way to its evidence "
          "not believed") {
    auto item = good();
    for (int i = 0; i < 50; ++i) item.text += " more";
    CHECK(alerts::lint_item(item, false).size() == 1);
    item = good();
    item.facts.clear();
    CHECK(alerts::lint_item(item, false).size() == 1);
    item.url = "https://crm.example/7";
    CHECK(alerts::lint_item(item, false).empty());
}
