// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/message.hpp"

#include "connectors/base/failure.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>
#include <string_view>
#include <utility>

namespace nudged::model {
namespace {

using Json = rapidjson::Value;
using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

// Far above any message that alerts compose; a row beyond it was not written by us.
constexpr std::size_t max_bytes = 4u << 20;

constexpr std::array<std::pair<Message::Kind, std::string_view>, 7> kinds{{
    {Message::Kind::digest, "digest"},
    {Message::Kind::nudge, "nudge"},
    {Message::Kind::resolved, "resolved"},
    {Message::Kind::test, "test"},
    {Message::Kind::brief, "brief"},
    {Message::Kind::card, "card"},
    {Message::Kind::scrum, "scrum"},
}};

void write_text(JsonWriter& writer, const char* name, std::string_view text) {
    if (text.empty()) return;
    writer.Key(name);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_texts(JsonWriter& writer, const std::vector<std::string>& texts) {
    writer.StartArray();
    for (const auto& text : texts) writer.String(text);
    writer.EndArray();
}

void write_answers(JsonWriter& writer, const std::vector<Message::Answer>& answers) {
    if (answers.empty()) return;
    writer.Key("answers");
    writer.StartArray();
    for (const auto& answer : answers) {
        writer.StartObject();
        write_text(writer, "label", answer.label);
        write_text(writer, "value", answer.value);
        writer.EndObject();
    }
    writer.EndArray();
}

void write_findings(JsonWriter& writer, const std::vector<Message::Finding>& findings) {
    if (findings.empty()) return;
    writer.Key("findings");
    writer.StartArray();
    for (const auto& finding : findings) {
        writer.StartObject();
        write_text(writer, "id", finding.id);
        write_text(writer, "check", finding.check);
        write_text(writer, "title", finding.title);
        write_text(writer, "text", finding.text);
        write_text(writer, "url", finding.url);
        if (finding.is_over) {
            writer.Key("is_over");
            writer.Bool(true);
        }
        writer.EndObject();
    }
    writer.EndArray();
}

void write_item(JsonWriter& writer, const Message::Item& item) {
    writer.StartObject();
    write_text(writer, "mark", item.mark);
    write_text(writer, "title", item.title);
    write_text(writer, "url", item.url);
    write_text(writer, "text", item.text);
    write_text(writer, "question", item.question);
    writer.Key("facts");
    writer.StartArray();
    for (const auto& fact : item.facts) {
        writer.StartObject();
        write_text(writer, "label", fact.label);
        write_text(writer, "value", fact.value);
        write_text(writer, "url", fact.url);
        if (fact.is_answer) {
            writer.Key("is_answer");
            writer.Bool(true);
        }
        writer.EndObject();
    }
    writer.EndArray();
    write_answers(writer, item.answers);
    write_findings(writer, item.findings);
    writer.EndObject();
}

void write_section(JsonWriter& writer, const Message::Section& section) {
    writer.StartObject();
    write_text(writer, "heading", section.heading);
    write_text(writer, "text", section.text);
    writer.Key("items");
    writer.StartArray();
    for (const auto& item : section.items) write_item(writer, item);
    writer.EndArray();
    writer.Key("columns");
    write_texts(writer, section.columns);
    writer.Key("rows");
    writer.StartArray();
    for (const auto& row : section.rows) write_texts(writer, row);
    writer.EndArray();
    write_text(writer, "more", section.more);
    writer.EndObject();
}

[[noreturn]] void fail(const std::string& what) {
    throw Failure(FailureKind::corrupt, "a stored message cannot be read: " + what);
}

const Json* member(const Json& object, const char* name) {
    if (!object.IsObject()) fail("an object was expected");
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string text_of(const Json& value) {
    if (!value.IsString()) fail("text was expected");
    return {value.GetString(), value.GetStringLength()};
}

std::string text_at(const Json& object, const char* name) {
    const auto* value = member(object, name);
    return value ? text_of(*value) : std::string{};
}

template <typename Read>
auto list_of(const Json& value, Read read) {
    if (!value.IsArray()) fail("a list was expected");
    std::vector<decltype(read(value))> list;
    list.reserve(value.Size());
    for (const auto& element : value.GetArray()) list.push_back(read(element));
    return list;
}

template <typename Read>
auto list_at(const Json& object, const char* name, Read read) {
    const auto* value = member(object, name);
    if (!value) fail(std::string{"there is no "} + name);
    return list_of(*value, read);
}

Message::Fact read_fact(const Json& json) {
    const auto* is_answer = member(json, "is_answer");
    return {text_at(json, "label"), text_at(json, "value"), text_at(json, "url"),
            is_answer != nullptr && is_answer->IsTrue()};
}

Message::Answer read_answer(const Json& json) {
    return {text_at(json, "label"), text_at(json, "value")};
}

Message::Finding read_finding(const Json& json) {
    const auto* is_over = member(json, "is_over");
    return {text_at(json, "id"),   text_at(json, "check"), text_at(json, "title"),
            text_at(json, "text"), text_at(json, "url"),   is_over != nullptr && is_over->IsTrue()};
}

Message::Item read_item(const Json& json) {
    Message::Item item{text_at(json, "mark"),     text_at(json, "title"),
                       text_at(json, "url"),      text_at(json, "text"),
                       text_at(json, "question"), list_at(json, "facts", read_fact)};
    if (const auto* answers = member(json, "answers"))
        item.answers = list_of(*answers, read_answer);
    if (const auto* findings = member(json, "findings"))
        item.findings = list_of(*findings, read_finding);
    return item;
}

Message::Section read_section(const Json& json) {
    Message::Section section;
    section.heading = text_at(json, "heading");
    section.text = text_at(json, "text");
    section.items = list_at(json, "items", read_item);
    section.columns = list_at(json, "columns", text_of);
    section.rows = list_at(json, "rows", [](const Json& row) { return list_of(row, text_of); });
    for (const auto& row : section.rows)
        if (row.size() != section.columns.size()) fail("a row and its columns differ in number");
    section.more = text_at(json, "more");
    return section;
}

}  // namespace

std::string to_json(const Message& message) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    for (const auto& [kind, name] : kinds)
        if (kind == message.kind) write_text(writer, "kind", name);
    write_text(writer, "title", message.title);
    write_text(writer, "subtitle", message.subtitle);
    writer.Key("sections");
    writer.StartArray();
    for (const auto& section : message.sections) write_section(writer, section);
    writer.EndArray();
    write_text(writer, "footer", message.footer);
    write_text(writer, "recipient", message.recipient);
    write_text(writer, "reference", message.reference);
    writer.Key("possible_repeat");
    writer.Bool(message.possible_repeat);
    write_text(writer, "about", message.about);
    write_text(writer, "series", message.series);
    if (message.decided_at) write_text(writer, "decided_at", format_instant(*message.decided_at));
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

Message parse_message(const std::string& json) {
    if (json.size() > max_bytes) fail("it is longer than 4 MiB");
    rapidjson::Document document;
    if (document.Parse(json.data(), json.size()).HasParseError()) fail("it is no JSON");
    Message message;
    const auto name = text_at(document, "kind");
    bool known = false;
    for (const auto& [kind, kind_name] : kinds)
        if (kind_name == name) {
            message.kind = kind;
            known = true;
        }
    if (!known) fail("its kind is unknown");
    message.title = text_at(document, "title");
    message.subtitle = text_at(document, "subtitle");
    message.sections = list_at(document, "sections", read_section);
    message.footer = text_at(document, "footer");
    message.recipient = text_at(document, "recipient");
    message.reference = text_at(document, "reference");
    const auto* repeat = member(document, "possible_repeat");
    if (!repeat || !repeat->IsBool()) fail("there is no possible_repeat");
    message.possible_repeat = repeat->GetBool();
    message.about = text_at(document, "about");
    message.series = text_at(document, "series");
    message.decided_at = parse_instant(text_at(document, "decided_at"));
    return message;
}

}  // namespace nudged::model
