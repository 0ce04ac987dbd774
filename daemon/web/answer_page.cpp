// SPDX-License-Identifier: Apache-2.0
#include "daemon/web/answer_page.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace nudged::web {
namespace {

using alerts::LinkAction;

constexpr std::string_view style =
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}"
    "button{font:inherit;padding:.5rem 1.2rem}textarea{font:inherit;width:100%}"
    "blockquote{margin:1rem 0;padding-left:1rem;border-left:.25rem solid #888}"
    "@media(prefers-color-scheme:dark){body{background:#181818;color:#eee}}";

std::string escaped(std::string_view text) {
    std::string html;
    for (const char c : clean_line(text)) {
        switch (c) {
        case '&': html += "&amp;"; break;
        case '<': html += "&lt;"; break;
        case '>': html += "&gt;"; break;
        case '"': html += "&quot;"; break;
        case '\'': html += "&#39;"; break;
        default: html += c;
        }
    }
    return html;
}

std::string render(const AnswerPage& page, std::string_view form) {
    auto quote = page.about.empty() ? std::string{}
                                    : fmt::format("<blockquote><strong>{}</strong><br>{}"
                                                  "</blockquote>",
                                                  escaped(page.about), escaped(page.summary));
    return fmt::format(
        "<!doctype html><html lang=\"{5}\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\">"
        "<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" "
        "content=\"noindex\"><title>{0}</title><style>{1}</style></head><body><h1>{0}</h1>{2}"
        "<p>{3}</p>{4}</body></html>\n",
        escaped(page.title), style, quote, escaped(page.text), form, escaped(page.language));
}

std::string unescaped(std::string_view part) {
    std::string text;
    for (std::size_t i = 0; i < part.size(); ++i) {
        unsigned byte = 0;
        const bool is_hex =
            part[i] == '%' && i + 2 < part.size() &&
            std::from_chars(&part[i] + 1, &part[i] + 3, byte, 16).ptr == &part[i] + 3;
        if (is_hex) i += 2;
        text += is_hex ? static_cast<char>(byte) : part[i] == '+' ? ' ' : part[i];
    }
    return text;
}

}  // namespace

std::string render_question(LinkAction action, const AnswerPage& page, std::string_view first_day,
                            std::string_view last_day, std::string_view chosen_day) {
    std::string field;
    if (action == LinkAction::snooze)
        field = fmt::format(
            "<p><label>{} <input type=\"date\" name=\"until\" required min=\"{}\" max=\"{}\" "
            "value=\"{}\"></label></p>",
            escaped(page.field), escaped(first_day), escaped(last_day), escaped(chosen_day));
    if (action == LinkAction::dispute)
        field = fmt::format("<p><label>{}<br><textarea name=\"reason\" rows=\"4\" "
                            "maxlength=\"500\" required></textarea></label></p>",
                            escaped(page.field));
    return render(page, fmt::format("<form method=\"post\">{}<p><button>{}</button></p></form>",
                                    field, escaped(page.button)));
}

std::string render_result(const AnswerPage& page) {
    return render(page, "");
}

std::map<std::string, std::string> parse_form(std::string_view body) {
    std::map<std::string, std::string> fields;
    for (const auto part : split(body, '&')) {
        const auto equals = part.find('=');
        if (equals == part.npos) continue;
        fields[unescaped(part.substr(0, equals))] = unescaped(part.substr(equals + 1));
    }
    return fields;
}

std::string answer_policy() {
    return fmt::format("default-src 'none'; style-src 'sha256-{}'; form-action 'self'; base-uri "
                       "'none'; frame-ancestors 'none'",
                       crypto::base64(crypto::digest(crypto::Digest::sha256, style)));
}

}  // namespace nudged::web
