// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/texts.hpp"

#include "daemon/alerts/lint.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace nudged;
using namespace std::chrono_literals;
using alerts::Catalogue;
using alerts::Facts;
using alerts::Texts;

namespace {

std::vector<std::string> names_in(const std::string& text) {
    std::string why;
    const auto names = alerts::names_in(text, why);
    INFO(text << ": " << why);
    REQUIRE(names);
    return *names;
}

}  // namespace

TEST_CASE("a text says what there is and leaves out what there is not") {
    const Texts texts;
    CHECK(texts.fill("footer.earlier", {{"n", "1"}}) ==
          "1 earlier finding is still open; to list it: nudged finding list");
    CHECK(texts.fill("footer.earlier", {{"n", "12"}}) ==
          "12 earlier findings are still open; to list them: nudged finding list");
    CHECK(texts.fill("settled.text", {{"n", "2"}, {"names", "A, B"}, {"more", ""}}) ==
          "2 since the last digest: A, B.");
    CHECK(texts.fill("settled.text", {{"n", "9"}, {"names", "A, B"}, {"more", "7"}}) ==
          "9 since the last digest: A, B and 7 more.");
}

TEST_CASE("a value is told as it stands, whatever it looks like") {
    // Channels escape; a template's braces in a CRM's name are a name.
    CHECK(Texts{}.fill("digest.title", {{"team", "{{#team}}<b>&amp;\"{{week}}"}}) ==
          "{{#team}}<b>&amp;\"{{week}} · what is new");
}

TEST_CASE("numbers and dates are those of the language") {
    const Texts english;
    CHECK(english.number(1234567.0) == "1,234,567");
    CHECK(english.number(999.0) == "999");
    CHECK(english.number(40.25) == "40.3");
    CHECK(english.number(-0.04) == "0");
    CHECK(english.number(-1234.5) == "-1,234.5");
    CHECK(english.percent(0.8095) == "81 %");
    const auto day = std::chrono::local_days{2026y / 11 / 30};
    CHECK(english.long_date(day) == "Monday 30 November 2026");
    CHECK(english.date(day) == "30 Nov 2026");
    CHECK(english.clock(7h + 5min) == "07:05");
    CHECK(english.list({"Ana", "Ben", "Cleo"}) == "Ana, Ben and Cleo");

    Catalogue catalogue;
    auto& german = catalogue.open("de");
    german.set("format.decimal", ",");
    german.set("format.thousands", ".");
    german.set("format.months", "Januar Februar März April Mai Juni Juli August September Oktober "
                                "November Dezember");
    german.set("format.weekdays", "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag");
    german.set("format.long_date", "{{weekday}}, {{day}}. {{month}} {{year}}");
    CHECK(catalogue.in("de").number(1234.5) == "1.234,5");
    CHECK(catalogue.in("de-AT").long_date(day) == "Montag, 30. November 2026");
    CHECK(catalogue.in("en").number(1234.5) == "1,234.5");
    CHECK(catalogue.in("fr").number(1234.5) == "1,234.5");

    auto& american = catalogue.open("en-US");
    american.set("format.clock", "{{hour12}}:{{minute}} {{#am}}AM{{/am}}{{^am}}PM{{/am}}");
    CHECK(american.clock(0h + 30min) == "12:30 AM");
    CHECK(american.clock(12h) == "12:00 PM");
    CHECK(american.clock(15h + 7min) == "3:07 PM");
}

TEST_CASE("every text that ships is a template, and speaks as a coach") {
    std::mt19937 chance{20261130};
    const std::vector<std::string> values{
        "1", "2", "17,204", "Ana Duarte", "Acme renewal", "2026-W48", "41.5", "nudged evaluate"};
    for (const auto& [key, shipped] : alerts::shipped_texts()) {
        const std::string text{shipped};
        const auto names = names_in(text);
        for (int round = 0; round < 20; ++round) {
            Texts texts;
            Facts facts;
            for (const auto& name : names)
                if (!name.ends_with("_one"))
                    facts.emplace_back(name, chance() % 4 == 0 ? "" : values[chance() % 8]);
            const auto filled = texts.fill(key, facts);
            INFO(key << ": " << filled);
            CHECK(alerts::lint_words(filled, false).empty());
            CHECK(filled.find("{{") == std::string::npos);
        }
    }
}

TEST_CASE("what is wrong with a template is told") {
    std::string why;
    CHECK_FALSE(alerts::names_in("{{#n}} deals", why));
    CHECK(why.find("Unclosed section \"n\"") != std::string::npos);
    CHECK_FALSE(alerts::names_in("{{n", why));
    CHECK_FALSE(alerts::names_in("{{>file}}", why));
    std::string deep;
    for (int i = 0; i < 101; ++i) deep.insert(0, "{{#n}}"), deep += "{{/n}}";
    CHECK_FALSE(alerts::names_in(deep, why));
    CHECK(why == "it has more than 100 sections");
    CHECK(names_in("{{#n}}{{n}} {{& rep }}{{/n}}{{^n}}none{{/n}}{{! a remark }}") ==
          std::vector<std::string>{"n", "rep"});
    CHECK(alerts::fact_name("last touch (e-mail)") == "last_touch_e_mail");
}
