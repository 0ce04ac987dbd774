// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/html.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::channels::mail {
namespace {

constexpr std::size_t max_url = 2'000;

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Whether a client may see a host, a URL or an address around this place: "a.b", "a@b", "a:/".
bool joins_a_link(std::string_view text, std::size_t at) {
    if (at == 0 || at + 1 >= text.size()) return false;
    const char before = text[at - 1];
    const char after = text[at + 1];
    switch (text[at]) {
    case '.': return is_word(before) && is_word(after) && !(is_digit(before) && is_digit(after));
    case '@': return is_word(after);
    case ':': return is_word(before) && !is_digit(before) && (after == '/' || is_word(after));
    default: return false;
    }
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (std::size_t at = 0; at < text.size(); ++at) {
        switch (text[at]) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += text[at];
        }
        if (joins_a_link(text, at)) out += "<wbr>";
    }
    return out;
}

std::string escape_url(std::string_view url) {
    if (!url.starts_with("https://") && !url.starts_with("http://")) return {};
    std::string out;
    for (const char c : url) {
        const auto byte = static_cast<unsigned char>(c);
        constexpr std::string_view never = "<>\"'`\\^{|}";
        if (byte <= 0x20 || byte >= 0x7F || never.find(c) != std::string_view::npos)
            out += fmt::format("%{:02X}", byte);
        else if (c == '&')
            out += "&amp;";
        else
            out += c;
        if (out.size() > max_url) return {};
    }
    return out;
}

}  // namespace nudged::channels::mail
