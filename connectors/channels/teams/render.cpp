// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/teams/render.hpp"

#include "connectors/channels/fitting.hpp"
#include "connectors/channels/teams/markdown.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

namespace nudged::channels::teams {
namespace {

using model::Message;
using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

// A phone shows no more columns side by side than these.
constexpr std::size_t max_columns = 8;

std::string fit(std::string_view raw, std::size_t max) {
    return channels::fit(raw, max, escape);
}

/// How a TextBlock looks.
struct Look {
    const char* size = nullptr;
    bool bold = false;
    bool subtle = false;
    bool separated = false;
};

/// The card's parts, written as they come.
class Card {
public:
    Card(JsonWriter& json, const Detail& detail) : json_(json), detail_(detail) {}

    void add(const Message& message);

private:
    void member(const char* name, std::string_view text) {
        json_.Key(name);
        json_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    }
    void text_block(const std::string& text, const Look& look = {}) {
        if (text.empty()) return;
        json_.StartObject();
        member("type", "TextBlock");
        member("text", text);
        json_.Key("wrap");
        json_.Bool(true);
        if (look.size) member("size", look.size);
        if (look.bold) member("weight", "Bolder");
        if (look.subtle) {
            json_.Key("isSubtle");
            json_.Bool(true);
        }
        if (look.separated) {
            json_.Key("separator");
            json_.Bool(true);
        }
        json_.EndObject();
    }
    // A single line break is none in a TextBlock.
    std::string lines(std::string_view text) const {
        return fit_lines(text, detail_.note, "\n\n", escape);
    }
    void section(const Message::Section& section);
    void item(const Message::Item& item);
    void facts(const std::vector<Message::Fact>& facts);
    void table(const Message::Section& section);
    void column(const Message::Section& section, std::size_t column, std::size_t rows);

    JsonWriter& json_;
    const Detail& detail_;
};

void Card::add(const Message& message) {
    const auto title = fit(message.title, detail_.title);
    text_block(title.empty() ? "nudged" : title, {.size = "Large", .bold = true});
    text_block(lines(message.subtitle), {.subtle = true});
    const auto shown = std::min(message.sections.size(), detail_.sections);
    for (std::size_t i = 0; i < shown; ++i) section(message.sections[i]);
    if (shown < message.sections.size())
        text_block(fmt::format("and {} more sections", message.sections.size() - shown),
                   {.subtle = true});
    text_block(lines(message.footer), {.subtle = true, .separated = true});
    auto reference = fit(message.reference, 60);
    if (!reference.empty()) reference.insert(0, "ref ");
    if (message.possible_repeat)
        reference += reference.empty() ? "possible repeat" : " · possible repeat";
    text_block(reference, {.size = "Small", .subtle = true});
}

void Card::section(const Message::Section& section) {
    text_block(fit(section.heading, detail_.title),
               {.size = "Medium", .bold = true, .separated = true});
    text_block(lines(section.text));
    const auto shown = std::min(section.items.size(), detail_.items);
    for (std::size_t i = 0; i < shown; ++i) item(section.items[i]);
    if (shown < section.items.size())
        text_block(fmt::format("and {} more, left out for length", section.items.size() - shown),
                   {.subtle = true});
    table(section);
    text_block(lines(section.more), {.subtle = true});
}

void Card::item(const Message::Item& item) {
    auto text = fit(item.mark, 8);
    const auto title = fit(item.title, detail_.title);
    if (!text.empty() && !title.empty()) text += ' ';
    if (!title.empty()) text += fmt::format("**{}**", link(item.url, title));
    for (const auto& part : {fit(item.text, detail_.note), fit(item.question, detail_.note)}) {
        if (!text.empty() && !part.empty()) text += "\n\n";
        text += part;
    }
    text_block(text);
    if (detail_.facts) facts(item.facts);
}

void Card::facts(const std::vector<Message::Fact>& facts) {
    constexpr std::size_t max_facts = 10;
    if (facts.empty()) return;
    const auto add = [&](std::string_view title, std::string_view value) {
        json_.StartObject();
        member("title", title);
        member("value", value);
        json_.EndObject();
    };
    json_.StartObject();
    member("type", "FactSet");
    json_.Key("facts");
    json_.StartArray();
    for (std::size_t i = 0; i < std::min(facts.size(), max_facts); ++i)
        add(fit(facts[i].label, 80), link(facts[i].url, fit(facts[i].value, 200)));
    if (facts.size() > max_facts) add("", fmt::format("and {} more", facts.size() - max_facts));
    json_.EndArray();
    json_.EndObject();
}

/// Columns side by side: tables came with version 1.5, which not every client has.
void Card::table(const Message::Section& section) {
    if (section.rows.empty()) return;
    const auto rows = std::min(section.rows.size(), detail_.rows);
    const auto columns = std::min(section.columns.size(), max_columns);
    if (rows > 0 && columns > 0) {
        json_.StartObject();
        member("type", "ColumnSet");
        json_.Key("columns");
        json_.StartArray();
        for (std::size_t i = 0; i < columns; ++i) column(section, i, rows);
        json_.EndArray();
        json_.EndObject();
        if (columns < section.columns.size())
            text_block(fmt::format("and {} more columns", section.columns.size() - columns),
                       {.subtle = true});
    }
    if (rows < section.rows.size())
        text_block(fmt::format("and {} more rows, left out for length", section.rows.size() - rows),
                   {.subtle = true});
}

void Card::column(const Message::Section& section, std::size_t column, std::size_t rows) {
    // The rows stand beside each other only while each is one line high.
    const auto cell = [&](std::string_view raw, bool bold) {
        const auto text = fit(raw, 40);
        json_.StartObject();
        member("type", "TextBlock");
        member("text", text.empty() ? "–" : text);
        json_.Key("wrap");
        json_.Bool(false);
        member("spacing", "Small");
        if (bold) member("weight", "Bolder");
        json_.EndObject();
    };
    json_.StartObject();
    member("type", "Column");
    member("width", column == 0 ? "stretch" : "auto");
    json_.Key("items");
    json_.StartArray();
    cell(section.columns[column], true);
    for (std::size_t i = 0; i < rows; ++i)
        cell(column < section.rows[i].size() ? section.rows[i][column] : "", false);
    json_.EndArray();
    json_.EndObject();
}

/// `body` writes what stands in the card; the two texts are escaped as its texts are.
template <typename Body>
std::string envelope(const std::string& summary, const std::string& fallback, Body body) {
    rapidjson::StringBuffer buffer;
    JsonWriter json(buffer);
    const auto member = [&](const char* name, const std::string& text) {
        json.Key(name);
        json.String(text);
    };
    json.StartObject();
    member("type", "message");
    member("summary", summary);
    json.Key("attachments");
    json.StartArray();
    json.StartObject();
    member("contentType", "application/vnd.microsoft.card.adaptive");
    json.Key("contentUrl");
    json.Null();
    json.Key("content");
    json.StartObject();
    member("type", "AdaptiveCard");
    member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
    member("version", "1.4");
    member("fallbackText", fallback);
    json.Key("msteams");
    json.StartObject();
    member("width", "Full");
    json.EndObject();
    json.Key("body");
    json.StartArray();
    body(json);
    json.EndArray();
    json.EndObject();
    json.EndObject();
    json.EndArray();
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

/// The notification's line, and what a client without cards shows; tags are taken apart there, too.
std::string summary_of(const Message& message) {
    const auto title = fit(message.title, 120);
    return title.empty() ? "nudged" : title;
}

std::string fallback_of(const Message& message) {
    std::size_t items = 0;
    for (const auto& section : message.sections) items += section.items.size();
    auto text = summary_of(message);
    const auto subtitle = fit(message.subtitle, 120);
    if (!subtitle.empty()) text += " · " + subtitle;
    return items == 0 ? text : fmt::format("{} · {} items", text, items);
}

std::string text_at(const rapidjson::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    if (found == object.MemberEnd() || !found->value.IsString()) return {};
    return {found->value.GetString(), found->value.GetStringLength()};
}

}  // namespace

std::string render(const Message& message) {
    std::string payload;
    for (const auto& detail : detail_steps) {
        payload = envelope(summary_of(message), fallback_of(message), [&](JsonWriter& json) {
            Card{json, detail}.add(message);
        });
        if (payload.size() <= max_bytes) break;
    }
    return payload;
}

std::optional<std::string> simplify(const std::string& payload) {
    rapidjson::Document document;
    if (document.Parse(payload.data(), payload.size()).HasParseError() || !document.IsObject())
        return std::nullopt;
    const auto* body = rapidjson::Pointer("/attachments/0/content/body").Get(document);
    const auto* card = rapidjson::Pointer("/attachments/0/content").Get(document);
    if (!body || !body->IsArray() || body->Size() <= 2) return std::nullopt;
    const auto fallback = text_at(*card, "fallbackText");
    const std::string lost = "The full card was refused. To see it: nudged outbox list";
    return envelope(text_at(document, "summary"), fallback, [&](JsonWriter& json) {
        for (const auto& line : {fallback, lost}) {
            json.StartObject();
            json.Key("type");
            json.String("TextBlock");
            json.Key("text");
            json.String(line);
            json.Key("wrap");
            json.Bool(true);
            json.EndObject();
        }
    });
}

}  // namespace nudged::channels::teams
