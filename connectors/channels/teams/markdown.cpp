// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/teams/markdown.hpp"

#include "connectors/channels/fitting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nudged::channels::teams {
namespace {

constexpr std::size_t max_url = 600;

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// `&` that a reader of entities would take for the begin of one; some do without the `;`.
bool begins_entity(std::string_view rest) {
    constexpr std::array<std::string_view, 5> without_end{"&#", "&lt", "&gt", "&amp", "&quot"};
    const auto begin = to_lower_ascii(rest.substr(0, 5));
    if (std::any_of(without_end.begin(), without_end.end(),
                    [&](std::string_view name) { return begin.starts_with(name); }))
        return true;
    const auto end =
        rest.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 1);
    return end != rest.npos && end > 1 && rest[end] == ';';
}

/// A bullet, a number of a list, a heading or a quote: only where a line begins.
bool opens_block(std::string_view value, std::size_t at) {
    const char c = value[at];
    if (c == '-' || c == '+' || c == '#' || c == '|' || c == '=') return at == 0;
    if (c != '.' && c != ')') return false;
    return at > 0 &&
           std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(at), is_digit);
}

bool opens_markup(std::string_view value, std::size_t at) {
    const char c = value[at];
    switch (c) {
    case '\\':
    case '*':
    case '~':
    case '`':
    case '[':
    case ']': return true;
    case '_':
        return at == 0 || at + 1 == value.size() || !is_word(value[at - 1]) ||
               !is_word(value[at + 1]);
    case '!': return at + 1 < value.size() && value[at + 1] == '[';
    case '(': return at > 0 && value[at - 1] == ']';
    default: return opens_block(value, at);
    }
}

}  // namespace

std::string escape(std::string_view raw) {
    const auto value = without_links(raw);
    std::string out;
    for (std::size_t at = 0; at < value.size(); ++at) {
        const char c = value[at];
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '&' && begins_entity(std::string_view{value}.substr(at)))
            out += "&amp;";
        else if (opens_markup(value, at))
            out.append("\\").append(1, c);
        else
            out += c;
    }
    return out;
}

std::string link(std::string_view url, std::string_view label) {
    const auto target = safe_url(url, max_url);
    if (target.empty() || label.empty()) return std::string{label};
    return fmt::format("[{}]({})", label, target);
}

}  // namespace nudged::channels::teams
