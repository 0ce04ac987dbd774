// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/fitting.hpp"
#include "connectors/channels/google_chat/json.hpp"
#include "connectors/channels/google_chat/markup.hpp"
#include "connectors/channels/google_chat/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace nudged::channels::google_chat {
namespace {

using model::Message;

struct Section {
    std::string heading;
    std::vector<std::string> paragraphs;  // HTML; none is empty
};

std::string fit(std::string_view raw, std::size_t max) {
    return channels::fit(raw, max, escape_html);
}

class Card {
public:
    explicit Card(const Detail& detail) : detail_(detail) {}

    std::vector<Section> sections_of(const Message& message);

private:
    std::string lines(std::string_view text) const {
        return fit_lines(text, detail_.note, "<br>", escape_html);
    }
    void open(std::string heading) { sections_.push_back({std::move(heading), {}}); }
    void add(std::string paragraph) {
        if (!paragraph.empty()) sections_.back().paragraphs.push_back(std::move(paragraph));
    }
    void add_section(const Message::Section& section);
    std::string item(const Message::Item& item) const;
    std::string table(const Message::Section& section, std::size_t rows) const;

    const Detail& detail_;
    std::vector<Section> sections_;
};

std::vector<Section> Card::sections_of(const Message& message) {
    open("");
    add(lines(message.subtitle));
    const auto shown = std::min(message.sections.size(), detail_.sections);
    for (std::size_t i = 0; i < shown; ++i) add_section(message.sections[i]);
    open("");
    if (shown < message.sections.size())
        add(fmt::format("and {} more sections", message.sections.size() - shown));
    add(lines(message.footer));
    auto reference = fit(message.reference, 60);
    if (!reference.empty()) reference.insert(0, "ref ");
    if (message.possible_repeat)
        reference += reference.empty() ? "possible repeat" : " · possible repeat";
    add(reference);
    // Neither a section nor a widget may be empty.
    std::erase_if(sections_, [](const Section& section) { return section.paragraphs.empty(); });
    return std::move(sections_);
}

void Card::add_section(const Message::Section& section) {
    const auto heading = channels::fit(section.heading, detail_.title, escape_text);
    open(heading);
    add(lines(section.text));
    const auto items = std::min(section.items.size(), detail_.items);
    for (std::size_t i = 0; i < items; ++i) add(item(section.items[i]));
    if (items < section.items.size())
        add(fmt::format("and {} more, left out for length", section.items.size() - items));
    const auto rows = std::min(section.rows.size(), detail_.rows);
    if (rows > 0) add(table(section, rows));
    if (rows < section.rows.size())
        add(fmt::format("and {} more rows, left out for length", section.rows.size() - rows));
    add(lines(section.more));
    // A section of its heading alone would be left out whole.
    if (sections_.back().paragraphs.empty() && !heading.empty()) add("–");
}

std::string Card::item(const Message::Item& item) const {
    auto text = fit(item.mark, 8);
    const auto title = fit(item.title, detail_.title);
    if (!text.empty() && !title.empty()) text += ' ';
    if (!title.empty()) text += fmt::format("<b>{}</b>", link(item.url, title));
    const auto add = [&](const std::string& part) {
        if (!text.empty() && !part.empty()) text += "<br>";
        text += part;
    };
    add(fit(item.text, detail_.note));
    if (const auto question = fit(item.question, detail_.note); !question.empty())
        add(fmt::format("<i>{}</i>", question));
    if (!detail_.facts) return text;
    constexpr std::size_t max_facts = 10;
    std::string facts;
    for (std::size_t i = 0; i < std::min(item.facts.size(), max_facts); ++i) {
        const auto& fact = item.facts[i];
        if (!facts.empty()) facts += " · ";
        if (!fact.label.empty()) facts += fit(fact.label, 80) + ": ";
        facts += link(fact.url, fit(fact.value, 200));
    }
    if (item.facts.size() > max_facts)
        facts += fmt::format(" · and {} more", item.facts.size() - max_facts);
    add(facts);
    return text;
}

/// There is no font of fixed width: a line a row, its first cell in bold and each other with its
/// heading.
std::string Card::table(const Message::Section& section, std::size_t rows) const {
    std::string text;
    for (std::size_t i = 0; i < rows; ++i) {
        const auto& row = section.rows[i];
        if (!text.empty()) text += "<br>";
        for (std::size_t column = 0; column < row.size(); ++column) {
            const auto cell = fit(row[column], 40);
            if (column == 0)
                text += fmt::format("<b>{}</b>", cell);
            else if (!cell.empty() && column < section.columns.size())
                text += fmt::format(" · {} {}", fit(section.columns[column], 40), cell);
        }
    }
    return text;
}

std::string write_card(const Message& message, const std::vector<Section>& sections,
                       std::string_view thread_key) {
    const auto title = channels::fit(message.title, 120, escape_text);
    Json json;
    json.open();
    json.member("fallbackText", title.empty() ? "nudged" : title);
    json.add_thread(thread_key);
    json.open_list("cardsV2");
    json.open();
    json.member("cardId", "nudged");
    json.open("card");
    json.open("header");
    json.member("title", title.empty() ? "nudged" : title);
    json.close();
    json.open_list("sections");
    for (const auto& section : sections) {
        json.open();
        if (!section.heading.empty()) json.member("header", section.heading);
        json.open_list("widgets");
        for (const auto& paragraph : section.paragraphs) {
            json.open();
            json.open("textParagraph");
            json.member("text", paragraph);
            json.close();
            json.close();
        }
        json.close_list();
        json.close();
    }
    json.close_list();
    json.close();
    json.close();
    json.close_list();
    json.close();
    return json.str();
}

std::size_t count_widgets(const std::vector<Section>& sections) {
    std::size_t count = 0;
    for (const auto& section : sections) count += section.paragraphs.size();
    return count;
}

}  // namespace

std::string render_card(const Message& message, std::string_view thread_key) {
    std::string payload;
    for (const auto& detail : detail_steps) {
        const auto sections = Card{detail}.sections_of(message);
        payload = write_card(message, sections, thread_key);
        if (payload.size() <= max_bytes && count_widgets(sections) <= max_widgets) break;
    }
    return payload;
}

}  // namespace nudged::channels::google_chat
