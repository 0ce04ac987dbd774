// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/text.hpp"

#include "connectors/base/text.hpp"
#include "connectors/channels/values.hpp"

#include <string_view>

namespace nudged::channels {
namespace {

using model::Message;

constexpr std::size_t max_value = 400;

void line(std::string& out, std::string_view indent, std::string_view text) {
    if (!text.empty()) out.append(indent).append(text).append("\n");
}

/// Texts of several lines keep them; each line is a value.
void lines(std::string& out, std::string_view indent, std::string_view text) {
    for (const auto part : split(text, '\n')) line(out, indent, value(part, max_value));
}

std::string facts_line(const Message::Item& item) {
    std::string out;
    for (const auto& fact : item.facts) {
        if (!out.empty()) out += " · ";
        if (!fact.label.empty()) out += value(fact.label, max_value) + ": ";
        out += value(fact.value, max_value);
    }
    return out;
}

void render_item(std::string& out, const Message::Item& item) {
    const auto mark = value(item.mark, max_value);
    line(out, "  ", (mark.empty() ? "" : mark + " ") + value(item.title, max_value));
    line(out, "    ", value(item.text, max_value));
    line(out, "    ", value(item.question, max_value));
    line(out, "    ", facts_line(item));
    line(out, "    ", value(item.url, max_value));
}

void render_section(std::string& out, const Message::Section& section) {
    out += "\n";
    line(out, "", value(section.heading, max_value));
    lines(out, "  ", section.text);
    for (const auto& item : section.items) render_item(out, item);
    if (!section.rows.empty())
        for (const auto& row : lay_out(section.columns, section.rows)) line(out, "  ", row);
    lines(out, "  ", section.more);
}

}  // namespace

std::string render_text(const Message& message) {
    std::string out;
    line(out, "", value(message.title, max_value));
    lines(out, "", message.subtitle);
    for (const auto& section : message.sections) render_section(out, section);
    if (!message.footer.empty()) out += "\n";
    lines(out, "", message.footer);
    const auto reference = value(message.reference, max_value);
    line(out, "", reference.empty() ? "" : "ref " + reference);
    line(out, "",
         message.possible_repeat ? "possible repeat: it is not known whether the last try arrived"
                                 : "");
    return out;
}

}  // namespace nudged::channels
