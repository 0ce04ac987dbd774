// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/mrkdwn.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::channels::slack {
namespace {

constexpr std::string_view zero_width_space = "\u200B";
// Slack takes 3,000 characters for a whole section; one link must leave room for its item.
constexpr std::size_t max_url = 600;

bool is_markup(char c) {
    return c == '*' || c == '_' || c == '~' || c == '`';
}

/// Letters, digits and all that is not ASCII: inside a word Slack leaves markup alone.
bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

void append_escaped(std::string& out, char c) {
    switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    default: out += c;
    }
}

/// The URL as it may stand inside `<…|…>`; "" when it may not.
std::string safe_url(std::string_view url) {
    if (!url.starts_with("https://") && !url.starts_with("http://")) return {};
    std::string safe;
    for (const char c : url) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7F || c == '<' || c == '>' || c == '|')
            safe += fmt::format("%{:02X}", byte);
        else
            append_escaped(safe, c);
        if (safe.size() > max_url) return {};
    }
    return safe;
}

}  // namespace

std::string escape(std::string_view value) {
    std::string out;
    for (const char c : value) append_escaped(out, c);
    return out;
}

std::string escape_mrkdwn(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        append_escaped(out, value[i]);
        if (!is_markup(value[i])) continue;
        const bool inside =
            i > 0 && i + 1 < value.size() && is_word(value[i - 1]) && is_word(value[i + 1]);
        if (!inside) out += zero_width_space;
    }
    return out;
}

std::string escape_code(std::string_view value) {
    std::string out;
    for (const char c : value) {
        append_escaped(out, c);
        if (c == '`') out += zero_width_space;
    }
    return out;
}

std::string escape_label(std::string_view value) {
    std::string text{value};
    std::replace(text.begin(), text.end(), '|', '/');
    return escape_mrkdwn(text);
}

std::string link(std::string_view url, std::string_view label) {
    const auto target = safe_url(url);
    if (target.empty() || label.empty()) return std::string{label};
    return fmt::format("<{}|{}>", target, label);
}

}  // namespace nudged::channels::slack
