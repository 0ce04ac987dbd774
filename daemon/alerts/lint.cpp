// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/lint.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace nudged::alerts {
namespace {

using model::Message;

constexpr std::array<std::string_view, 22> never{
    "fail",     "fails",     "failed",       "failing",       "failure",    "bad",
    "lazy",     "poor",      "poorly",       "violation",     "violations", "non-compliant",
    "offender", "offenders", "worst",        "naughty",       "excuse",     "excuses",
    "shame",    "blame",     "unacceptable", "underperformer"};
constexpr std::array<std::string_view, 3> never_said{"why didn't you", "why did you not",
                                                     "you must"};
constexpr std::array<std::string_view, 4> openings{"what", "how", "who", "when"};
constexpr std::size_t most_words = 60;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

/// In lower case, without punctuation around them.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : to_lower_ascii(text) + " ") {
        if (is_letter(c)) {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::exchange(word, {}));
        }
    }
    return words;
}

void add(std::vector<std::string>& all, std::vector<std::string> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

std::size_t count_words(std::string_view text) {
    const auto parts = split(text, ' ');
    return static_cast<std::size_t>(std::count_if(
        parts.begin(), parts.end(), [](std::string_view part) { return !trim(part).empty(); }));
}

bool has_digit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A link of its own, or the id of a finding in the last fact.
bool has_evidence(const Message::Item& item) {
    return !item.url.empty() ||
           std::any_of(item.facts.begin(), item.facts.end(),
                       [](const auto& fact) { return !fact.url.empty(); }) ||
           (!item.facts.empty() && item.facts.back().value.size() == 10);
}

}  // namespace

std::vector<std::string> lint_words(std::string_view text, bool is_praise) {
    std::vector<std::string> complaints;
    for (const auto& word : words_of(text))
        if (std::find(never.begin(), never.end(), word) != never.end())
            complaints.push_back(
                fmt::format("\"{}\" is about a person and not about a week", word));
    const auto lower = to_lower_ascii(text);
    for (const auto said : never_said)
        if (lower.find(said) != lower.npos)
            complaints.push_back(fmt::format("\"{}\" orders or accuses", said));
    if (!is_praise && text.find('!') != text.npos)
        complaints.emplace_back("an exclamation mark is for praise");
    return complaints;
}

std::vector<std::string> lint_question(std::string_view question) {
    std::vector<std::string> complaints;
    if (question.find('?') == question.npos) complaints.emplace_back("it asks nothing");
    const auto words = words_of(question.substr(0, question.find('?')));
    const bool opens = std::any_of(words.begin(), words.end(), [](const std::string& word) {
        return std::find(openings.begin(), openings.end(), word) != openings.end();
    });
    if (!opens)
        complaints.emplace_back("a question opens with what, how, who or when, so that it cannot "
                                "be answered by yes or no");
    if (!words.empty() && words.front() == "why")
        complaints.emplace_back("\"why\" asks for a defence; begin with what, how, who or when");
    return complaints;
}

std::vector<std::string> lint_item(const Message::Item& item, bool is_praise) {
    auto complaints = lint_words(item.text, is_praise);
    add(complaints, lint_words(item.question, is_praise));
    const auto words = count_words(item.text) + count_words(item.question);
    if (words > most_words)
        complaints.push_back(
            fmt::format("{} words are more than the {} that are read", words, most_words));
    if (is_praise) return complaints;
    add(complaints, lint_question(item.question));
    const bool has_number =
        has_digit(item.text) || std::any_of(item.facts.begin(), item.facts.end(),
                                            [](const auto& fact) { return has_digit(fact.value); });
    if (!has_number) complaints.emplace_back("it shows no number");
    if (!has_evidence(item)) complaints.emplace_back("nothing leads to its evidence");
    return complaints;
}

std::vector<std::string> lint_message(const Message& message) {
    std::vector<std::string> complaints;
    for (const auto* text : {&message.title, &message.subtitle, &message.footer})
        add(complaints, lint_words(*text, false));
    for (const auto& section : message.sections) {
        for (const auto* text : {&section.heading, &section.text, &section.more})
            add(complaints, lint_words(*text, false));
        for (const auto& item : section.items) add(complaints, lint_item(item, item.mark == "★"));
    }
    return complaints;
}

}  // namespace nudged::alerts
