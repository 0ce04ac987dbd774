// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/slack_command.hpp"

#include "connectors/base/calendar.hpp"
#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace nudged::runtime {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view example = "/nudged commit @ana 50 dials next week";
constexpr std::size_t most_words = 16;
constexpr std::chrono::days still_this_week{2};

[[noreturn]] void refuse(const std::string& why) {
    throw Failure(FailureKind::refused, fmt::format("{}, such as: {}", why, example));
}

/// Copied from what we said, where a zero-width space keeps "@ana" from being a mention.
std::string without_zero_width(std::string text) {
    constexpr std::string_view zero_width_space = "\u200B";
    for (auto at = text.find(zero_width_space); at != text.npos; at = text.find(zero_width_space))
        text.erase(at, zero_width_space.size());
    return text;
}

Words words_of(const std::string& text) {
    Words words;
    for (const auto part : split(text, ' '))
        if (const auto word = trim(part); !word.empty()) words.emplace_back(word);
    if (words.size() > most_words) refuse("that is too long for a commitment");
    return words;
}

/// What stands at the end of the words, taken off.
bool take_last(Words& words, const Words& end) {
    if (words.size() < end.size()) return false;
    const auto begin = words.end() - static_cast<std::ptrdiff_t>(end.size());
    const bool is_there =
        std::equal(end.begin(), end.end(), begin, [](const auto& wanted, const auto& word) {
            return to_lower_ascii(word) == wanted;
        });
    if (is_there) words.erase(begin, words.end());
    return is_there;
}

IsoWeek take_week(Words& words, std::chrono::local_days today) {
    const auto this_week = IsoWeek::of(today);
    if (take_last(words, {"this", "week"})) return this_week;
    if (take_last(words, {"next", "week"})) return this_week.plus(1);
    if (const auto week = words.empty() ? std::nullopt : IsoWeek::parse(words.back())) {
        words.pop_back();
        if (*week < this_week) refuse("that week is over; a commitment is for one that is not");
        return *week;
    }
    return today - this_week.monday() < still_this_week ? this_week : this_week.plus(1);
}

/// "<@U012AB3CD|ana>", as Slack escapes a mention, is the ID.
std::string member_in(std::string_view word) {
    if (!word.starts_with("<@") || !word.ends_with('>')) return {};
    word = word.substr(2, word.size() - 3);
    return std::string{word.substr(0, word.find('|'))};
}

bool has_digit_first(std::string_view word) {
    return !word.empty() && word.front() >= '0' && word.front() <= '9';
}

}  // namespace

CommitCommand parse_commit(std::string_view text, std::chrono::local_days today) {
    auto words = words_of(without_zero_width(std::string{text}));
    CommitCommand command;
    command.words["week"] = take_week(words, today).str();
    const auto from = std::find(words.begin(), words.end(), "from");
    if (from != words.end()) {
        if (from + 2 != words.end()) refuse("behind \"from\" stands where they start, a number");
        command.words["from"] = words.back();
        words.erase(from, words.end());
    }
    const auto number = std::find_if(words.begin(), words.end(), has_digit_first);
    const bool is_whole =
        number != words.end() && number != words.begin() && number + 1 != words.end();
    if (!is_whole)
        refuse("that is not specific enough to be kept: a commitment says who reaches how much of "
               "which KPI");
    command.words["to"] = *number;
    const Words who(words.begin(), number);
    const Words kpi(number + 1, words.end());
    command.words["kpi"] = fmt::format("{}", fmt::join(kpi, " "));
    auto rep = fmt::format("{}", fmt::join(who, " "));
    command.member = member_in(rep);
    if (rep.starts_with('@')) rep.erase(0, 1);
    command.words["rep"] = std::move(rep);
    return command;
}

std::string_view slack_help() {
    return "/nudged commit @ana 50 dials\n"
           "  proposes to Ana that she reaches 50 dials; it is kept once she confirms. Behind it "
           "can stand \"from 40\", where she starts, and \"this week\", \"next week\" or a week "
           "such as 2026-W49.\n"
           "/nudged help\n"
           "  says this.\n"
           "Findings are answered by the buttons below them.";
}

}  // namespace nudged::runtime
