// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/answer_button.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace nudged::alerts {
namespace {

struct Button {
    ButtonAction action;
    std::string_view word;
    std::string_view label;  // the key of its text
};

/// In the order in which they are shown: a channel may hide the later ones in a menu.
constexpr std::array<Button, 6> manager_buttons{{
    {ButtonAction::acknowledge, "ack", "link.acknowledge"},
    {ButtonAction::why, "why", "button.why"},
    {ButtonAction::snooze_week, "week", "button.snooze_week"},
    {ButtonAction::snooze_facts, "facts", "button.snooze_facts"},
    {ButtonAction::recheck, "recheck", "button.recheck"},
    {ButtonAction::dispute, "wrong", "link.dispute"},
}};
/// A rep silences nothing.
constexpr std::array<Button, 3> rep_buttons{manager_buttons[5], manager_buttons[1],
                                            manager_buttons[4]};
constexpr std::string_view prefix = "finding";

bool is_hexadecimal(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

}  // namespace

std::string to_text(const ButtonClaim& claim) {
    const auto* button =
        std::find_if(manager_buttons.begin(), manager_buttons.end(),
                     [&](const Button& one) { return one.action == claim.action; });
    return fmt::format("{} {} {} {}", prefix, button->word, claim.finding, claim.episode);
}

std::optional<ButtonClaim> parse_button(std::string_view text) {
    const auto parts = split(text, ' ');
    if (parts.size() != 4 || parts[0] != prefix || !is_hexadecimal(parts[2])) return std::nullopt;
    const auto* button = std::find_if(manager_buttons.begin(), manager_buttons.end(),
                                      [&](const Button& one) { return one.word == parts[1]; });
    int episode = 0;
    const auto last = parts[3];
    const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), episode);
    if (button == manager_buttons.end() || error != std::errc{} || end != last.data() + last.size())
        return std::nullopt;
    return ButtonClaim{button->action, std::string{parts[2]}, episode};
}

void add_answers(model::Message& message, const std::map<std::string, Linked>& by_id,
                 const Texts& texts, MayAnswer may) {
    if (message.recipient.empty()) return;
    const std::span<const Button> buttons = may == MayAnswer::everything
                                                ? std::span<const Button>{manager_buttons}
                                                : std::span<const Button>{rep_buttons};
    for (auto& section : message.sections)
        for (auto& item : section.items) {
            const auto id =
                std::find_if(item.facts.begin(), item.facts.end(), [&](const auto& fact) {
                    return fact.url.empty() && by_id.contains(fact.value);
                });
            if (id == item.facts.end()) continue;
            const auto& linked = by_id.at(id->value);
            for (const auto& button : buttons)
                item.answers.push_back({texts.fill(button.label),
                                        to_text({button.action, id->value, linked.episode})});
        }
}

}  // namespace nudged::alerts
