// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/fitting.hpp"
#include "connectors/channels/google_chat/json.hpp"
#include "connectors/channels/google_chat/markup.hpp"
#include "connectors/channels/google_chat/render.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <algorithm>

namespace nudged::channels::google_chat {
namespace {

using model::Message;

std::string fit(std::string_view raw, std::size_t max) {
    return channels::fit(raw, max, escape_text);
}

class Text {
public:
    explicit Text(const Detail& detail) : detail_(detail) {}

    std::string render(const Message& message);

private:
    void line(const std::string& text) {
        if (!text.empty()) out_ += text + "\n";
    }
    void lines(std::string_view text) { line(fit_lines(text, detail_.note, "\n", escape_text)); }
    void bold(std::string_view raw) {
        const auto text = fit(raw, detail_.title);
        if (!text.empty()) line(fmt::format("*{}*", text));
    }
    void section(const Message::Section& section);
    void item(const Message::Item& item);

    const Detail& detail_;
    std::string out_;
};

std::string Text::render(const Message& message) {
    bold(message.title.empty() ? "nudged" : message.title);
    lines(message.subtitle);
    const auto shown = std::min(message.sections.size(), detail_.sections);
    for (std::size_t i = 0; i < shown; ++i) section(message.sections[i]);
    if (shown < message.sections.size())
        line(fmt::format("and {} more sections", message.sections.size() - shown));
    lines(message.footer);
    const auto reference = fit(message.reference, 60);
    if (!reference.empty()) line("ref " + reference);
    if (message.possible_repeat) line("possible repeat");
    return std::move(out_);
}

void Text::section(const Message::Section& section) {
    out_ += "\n";
    bold(section.heading);
    lines(section.text);
    const auto items = std::min(section.items.size(), detail_.items);
    for (std::size_t i = 0; i < items; ++i) item(section.items[i]);
    if (items < section.items.size())
        line(fmt::format("and {} more, left out for length", section.items.size() - items));
    const auto rows = std::min(section.rows.size(), detail_.rows);
    for (std::size_t i = 0; i < rows; ++i) {
        std::string text;
        for (const auto& cell : section.rows[i])
            text += (text.empty() ? "" : " · ") + fit(cell, 40);
        line(text);
    }
    if (rows < section.rows.size())
        line(fmt::format("and {} more rows, left out for length", section.rows.size() - rows));
    lines(section.more);
}

void Text::item(const Message::Item& item) {
    const auto mark = fit(item.mark, 8);
    // The label must not end the link: what stands for `>` does not, a bar would.
    auto title = fit(item.title, detail_.title);
    std::replace(title.begin(), title.end(), '|', '/');
    if (const auto url = safe_url(item.url, 600); !url.empty() && !title.empty())
        title = fmt::format("<{}|{}>", url, title);
    line(mark.empty() ? title : mark + " " + title);
    line(fit(item.text, detail_.note));
    line(fit(item.question, detail_.note));
}

std::string write_text(std::string_view text, std::string_view thread_key) {
    Json json;
    json.open();
    json.member("text", text);
    json.add_thread(thread_key);
    json.close();
    return json.str();
}

}  // namespace

std::string render_text(const Message& message, std::string_view thread_key) {
    std::string text;
    for (const auto& detail : detail_steps) {
        text = Text{detail}.render(message);
        if (length(text) <= max_text && text.size() <= max_bytes / 2) break;
    }
    return write_text(text, thread_key);
}

std::optional<std::string> simplify(const std::string& payload) {
    rapidjson::Document document;
    if (document.Parse(payload.data(), payload.size()).HasParseError()) return std::nullopt;
    const auto* title = rapidjson::Pointer("/fallbackText").Get(document);
    const auto* thread = rapidjson::Pointer("/thread/threadKey").Get(document);
    if (!title || !title->IsString()) return std::nullopt;
    return write_text(std::string{title->GetString()} +
                          "\nThe full card was refused. To see it: nudged outbox list",
                      thread && thread->IsString() ? thread->GetString() : "");
}

}  // namespace nudged::channels::google_chat
