// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/google_chat/markup.hpp"

#include "connectors/channels/fitting.hpp"

#include <fmt/format.h>

namespace nudged::channels::google_chat {
namespace {

constexpr std::size_t max_url = 600;

std::string to_entities(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

}  // namespace

std::string escape_html(std::string_view value) {
    return to_entities(without_links(value));
}

std::string link(std::string_view url, std::string_view label) {
    const auto target = safe_url(url, max_url);
    if (target.empty() || label.empty()) return std::string{label};
    return fmt::format("<a href=\"{}\">{}</a>", to_entities(target), label);
}

std::string escape_text(std::string_view value) {
    std::string out;
    for (const char c : without_links(value)) {
        if (c == '<')
            out += "‹";
        else if (c == '>')
            out += "›";
        else
            out += c;
        if (c == '*' || c == '_' || c == '~' || c == '`') out += "\u200B";
    }
    return out;
}

}  // namespace nudged::channels::google_chat
