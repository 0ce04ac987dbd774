// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/document.hpp"

#include "connectors/channels/fitting.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

namespace nudged::channels {
namespace {

using model::Message;
using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr std::size_t max_url = 1'000;

std::string as_it_is(std::string_view value) {
    return std::string{value};
}

/// Far more than a chat shows: programs are patient.
constexpr std::array<Detail, 8> document_steps{{
    {400, 2'000, 100, 1'000, 2'000, true},
    {400, 1'000, 50, 200, 500, true},
    {200, 800, 12, 25, 100, true},
    {200, 800, 12, 10, 60, true},
    {150, 400, 12, 10, 40, false},
    {100, 250, 12, 4, 15, false},
    {100, 120, 12, 0, 0, false},
    {60, 60, 2, 0, 0, false},
}};

/// The types of the delivery reference §5.1, which receivers choose by.
const char* type_of(Message::Kind kind) {
    switch (kind) {
    case Message::Kind::digest: return "digest.daily";
    case Message::Kind::brief: return "digest.weekly";
    case Message::Kind::card: return "digest.one_on_one";
    case Message::Kind::scrum: return "digest.scrum";
    case Message::Kind::nudge: return "alert.firing";
    case Message::Kind::resolved: return "alert.resolved";
    case Message::Kind::test: break;
    }
    return "destination.test";
}

class Document {
public:
    explicit Document(const Detail& detail) : detail_(detail), json_(buffer_) {}

    std::string render(const Message& message);

private:
    void text(const char* name, std::string_view raw, std::size_t max) {
        write(name, value(raw, max));
    }
    void lines(const char* name, std::string_view raw) {
        write(name, fit_lines(raw, detail_.note, "\n", as_it_is));
    }
    void url(std::string_view raw) {
        if (const auto safe = safe_url(raw, max_url); !safe.empty()) write("url", safe);
    }
    void write(const char* name, const std::string& text) {
        json_.Key(name);
        json_.String(text);
    }
    void count(const char* name, std::size_t number) {
        if (number == 0) return;
        json_.Key(name);
        json_.Uint64(number);
    }
    void section(const Message::Section& section);
    void item(const Message::Item& item);
    void findings(const Message::Item& item);
    void table(const Message::Section& section, std::size_t rows);

    const Detail& detail_;
    rapidjson::StringBuffer buffer_;
    JsonWriter json_;
};

std::string Document::render(const Message& message) {
    const auto sections = std::min(message.sections.size(), detail_.sections);
    json_.StartObject();
    write("type", type_of(message.kind));
    write("timestamp", format_instant(message.decided_at.value_or(Instant{})));
    json_.Key("data");
    json_.StartObject();
    json_.Key("schema_version");
    json_.Int(document_version);
    text("title", message.title, detail_.title);
    lines("subtitle", message.subtitle);
    json_.Key("sections");
    json_.StartArray();
    for (std::size_t i = 0; i < sections; ++i) section(message.sections[i]);
    json_.EndArray();
    count("sections_left_out", message.sections.size() - sections);
    lines("footer", message.footer);
    text("about", message.about, 120);
    text("reference", message.reference, 60);
    json_.Key("possible_repeat");
    json_.Bool(message.possible_repeat);
    json_.EndObject();
    json_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
}

void Document::section(const Message::Section& section) {
    const auto items = std::min(section.items.size(), detail_.items);
    const auto rows = std::min(section.rows.size(), detail_.rows);
    json_.StartObject();
    text("heading", section.heading, detail_.title);
    lines("text", section.text);
    json_.Key("items");
    json_.StartArray();
    for (std::size_t i = 0; i < items; ++i) item(section.items[i]);
    json_.EndArray();
    count("items_left_out", section.items.size() - items);
    table(section, rows);
    count("rows_left_out", section.rows.size() - rows);
    lines("more", section.more);
    json_.EndObject();
}

void Document::item(const Message::Item& item) {
    json_.StartObject();
    text("title", item.title, detail_.title);
    url(item.url);
    text("text", item.text, detail_.note);
    text("question", item.question, detail_.note);
    const auto facts = detail_.facts ? std::min<std::size_t>(item.facts.size(), 50) : 0;
    json_.Key("facts");
    json_.StartArray();
    for (std::size_t i = 0; i < facts; ++i) {
        json_.StartObject();
        text("label", item.facts[i].label, 120);
        text("value", item.facts[i].value, 400);
        url(item.facts[i].url);
        json_.EndObject();
    }
    json_.EndArray();
    count("facts_left_out", item.facts.size() - facts);
    if (!item.findings.empty()) findings(item);
    json_.EndObject();
}

void Document::findings(const Message::Item& item) {
    const auto told = std::min(item.findings.size(), detail_.rows);
    json_.Key("findings");
    json_.StartArray();
    for (std::size_t i = 0; i < told; ++i) {
        const auto& finding = item.findings[i];
        json_.StartObject();
        text("id", finding.id, 64);
        text("check", finding.check, 120);
        text("title", finding.title, 120);
        write("state", finding.is_over ? "resolved" : "open");
        json_.EndObject();
    }
    json_.EndArray();
    count("findings_left_out", item.findings.size() - told);
}

void Document::table(const Message::Section& section, std::size_t rows) {
    if (rows == 0) return;
    const auto cells = [&](const std::vector<std::string>& row) {
        json_.StartArray();
        for (std::size_t i = 0; i < std::min<std::size_t>(row.size(), 40); ++i)
            json_.String(value(row[i], 120));
        json_.EndArray();
    };
    json_.Key("columns");
    cells(section.columns);
    json_.Key("rows");
    json_.StartArray();
    for (std::size_t i = 0; i < rows; ++i) cells(section.rows[i]);
    json_.EndArray();
}

std::uint64_t count_at(const rapidjson::Value& object, const char* list, const char* left_out) {
    std::uint64_t count = 0;
    if (const auto found = object.FindMember(list);
        found != object.MemberEnd() && found->value.IsArray())
        count += found->value.Size();
    if (const auto found = object.FindMember(left_out);
        found != object.MemberEnd() && found->value.IsUint64())
        count += found->value.GetUint64();
    return count;
}

}  // namespace

std::string render_document(const Message& message, std::size_t max_bytes) {
    std::string document;
    for (const auto& detail : document_steps) {
        document = Document{detail}.render(message);
        if (document.size() <= max_bytes) break;
    }
    return document;
}

std::optional<std::string> thin_document(const std::string& text) {
    rapidjson::Document document;
    if (document.Parse(text.data(), text.size()).HasParseError() || !document.IsObject() ||
        !document.HasMember("data") || !document["data"].IsObject())
        return std::nullopt;
    auto& data = document["data"];
    auto& memory = document.GetAllocator();
    if (!data.HasMember("sections") || !data["sections"].IsArray() || data["sections"].Empty())
        return std::nullopt;
    const auto left_out = count_at(data, "sections", "sections_left_out");
    data["sections"].Clear();
    data.RemoveMember("sections_left_out");
    data.AddMember("sections_left_out", rapidjson::Value{left_out}, memory);
    rapidjson::StringBuffer buffer;
    JsonWriter json(buffer);
    document.Accept(json);
    return std::string{buffer.GetString(), buffer.GetSize()};
}

}  // namespace nudged::channels
