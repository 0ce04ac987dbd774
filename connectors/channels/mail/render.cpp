// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/render.hpp"

#include "connectors/channels/mail/html.hpp"
#include "connectors/channels/mail/mime.hpp"
#include "connectors/channels/text.hpp"
#include "connectors/channels/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nudged::channels::mail {
namespace {

using model::Message;

constexpr std::size_t max_simple_bytes = 20'000;
constexpr std::string_view repeat_note =
    "possible repeat: it is not known whether the last try arrived";

/// How much of a message is shown; one step poorer after the other until it fits.
struct Detail {
    std::size_t value;  // code points of one
    std::size_t sections, items, rows;
    bool facts;
};
constexpr std::array<Detail, 5> details{{
    {400, 24, 40, 120, true},
    {300, 16, 20, 60, true},
    {200, 12, 10, 40, false},
    {120, 12, 4, 15, false},
    {100, 8, 0, 0, false},  // headings and counts alone: always fits
}};

/// Lines stay lines, up to a number of them.
std::string cut_lines(std::string_view text, std::size_t max) {
    constexpr std::size_t max_lines = 12;
    std::string out;
    std::size_t lines = 0;
    while (!text.empty() && lines < max_lines) {
        const auto end = text.find('\n');
        const auto line = value(text.substr(0, end), max);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (line.empty()) continue;
        if (lines++ > 0) out += '\n';
        out += line;
    }
    return text.empty() ? out : out + "\n…";
}

Message::Item cut_item(const Message::Item& item, const Detail& detail) {
    Message::Item cut{value(item.mark, 8),
                      value(item.title, detail.value),
                      item.url.size() > 2'000 ? std::string{} : item.url,
                      value(item.text, detail.value),
                      value(item.question, detail.value),
                      {}};
    if (!detail.facts) return cut;
    constexpr std::size_t max_facts = 12;
    for (const auto& fact : item.facts) {
        if (cut.facts.size() == max_facts) {
            cut.facts.push_back(
                {"", fmt::format("and {} more", item.facts.size() - max_facts), ""});
            break;
        }
        cut.facts.push_back({value(fact.label, detail.value), value(fact.value, detail.value),
                             fact.url.size() > 2'000 ? std::string{} : fact.url});
    }
    return cut;
}

Message::Section cut_section(const Message::Section& section, const Detail& detail) {
    Message::Section cut;
    cut.heading = value(section.heading, detail.value);
    cut.text = cut_lines(section.text, detail.value);
    cut.more = cut_lines(section.more, detail.value);
    const auto items = std::min(section.items.size(), detail.items);
    const auto rows = std::min(section.rows.size(), detail.rows);
    for (std::size_t i = 0; i < items; ++i) cut.items.push_back(cut_item(section.items[i], detail));
    for (const auto& column : section.columns) cut.columns.push_back(value(column, 80));
    for (std::size_t i = 0; i < rows; ++i) {
        auto& row = cut.rows.emplace_back();
        for (const auto& cell : section.rows[i]) row.push_back(value(cell, 80));
    }
    const auto left_out = section.items.size() - items + section.rows.size() - rows;
    if (left_out > 0) {
        if (!cut.more.empty()) cut.more.insert(0, "\n");
        cut.more.insert(0, fmt::format("and {} more, left out for length", left_out));
    }
    return cut;
}

Message cut_message(const Message& message, const Detail& detail) {
    Message cut;
    cut.kind = message.kind;
    // A mail without a subject looks like spam.
    cut.title = value(message.title, detail.value);
    if (cut.title.empty()) cut.title = "nudged";
    cut.subtitle = cut_lines(message.subtitle, detail.value);
    cut.footer = cut_lines(message.footer, detail.value);
    cut.reference = value(message.reference, 80);
    const auto sections = std::min(message.sections.size(), detail.sections);
    for (std::size_t i = 0; i < sections; ++i)
        cut.sections.push_back(cut_section(message.sections[i], detail));
    if (sections < message.sections.size())
        cut.sections.emplace_back().text =
            fmt::format("and {} more sections", message.sections.size() - sections);
    return cut;
}

/// Labels of a List-Id.
const char* list_of(Message::Kind kind) {
    switch (kind) {
    case Message::Kind::digest: return "digest";
    case Message::Kind::brief: return "brief";
    case Message::Kind::card: return "card";
    case Message::Kind::scrum: return "scrum";
    case Message::Kind::nudge:
    case Message::Kind::resolved: return "alert";
    case Message::Kind::test: break;
    }
    return "test";
}

bool fits(const Payload& payload) {
    constexpr std::size_t headers = 4'000;
    return quoted_printable(payload.text).size() + quoted_printable(payload.html).size() +
               headers <=
           max_mail_bytes;
}

}  // namespace

std::string render(const Message& message, const std::vector<std::string>& to) {
    Payload payload;
    payload.series = message.series;
    payload.list = list_of(message.kind);
    for (const auto& address : to) payload.to.push_back({address, message.possible_repeat});
    if (to.empty() && !message.recipient.empty())
        payload.to.push_back({message.recipient, message.possible_repeat});
    for (const auto& detail : details) {
        const auto cut = cut_message(message, detail);
        payload.subject = value(cut.title, max_subject);
        payload.text = render_text(cut);
        payload.html = render_html(cut);
        payload.reference = cut.reference;
        if (fits(payload)) break;
    }
    return payload.to_json();
}

std::string repeat(const std::string& json) {
    auto payload = parse_payload(json);
    for (auto& recipient : payload.to) recipient.may_have_it = true;
    return payload.to_json();
}

std::optional<std::string> simplify(const std::string& json) {
    auto payload = parse_payload(json);
    if (payload.html.empty()) return std::nullopt;
    payload.html.clear();
    if (payload.text.size() > max_simple_bytes) {
        // Whole lines only.
        payload.text.resize(payload.text.rfind('\n', max_simple_bytes) + 1);
        payload.text += "…\n";
    }
    return payload.to_json();
}

std::string repeated_text(std::string_view text) {
    return fmt::format("{}{}\n", text, repeat_note);
}

std::string repeated_html(std::string_view html) {
    std::string out{html};
    // Values cannot hold the mark: their angle brackets are escaped.
    if (const auto at = out.find(repeat_mark); at != std::string::npos)
        out.replace(at, repeat_mark.size(),
                    fmt::format("<p class=\"soft\" style=\"margin:0;font-size:12px;"
                                "line-height:18px;color:#57606a\">{}</p>",
                                repeat_note));
    return out;
}

}  // namespace nudged::channels::mail
