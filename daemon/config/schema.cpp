// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/shape.hpp"

#include "connectors/base/toml.hpp"

#include <fmt/format.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <cmath>
#include <sstream>

namespace nudged::config {
namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void put(Writer& writer, std::string_view text) {
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void put(Writer& writer, const char* key, std::string_view text) {
    writer.Key(key);
    put(writer, text);
}

void put(Writer& writer, const char* key, double number) {
    writer.Key(key);
    if (number == std::floor(number) && std::abs(number) < 1e15)
        writer.Int64(static_cast<std::int64_t>(number));
    else
        writer.Double(number);
}

/// A value of TOML as JSON; nothing where it is no JSON.
void put_usual(Writer& writer, const std::string& usual) {
    Diagnostics ignored;
    const auto table = parse_toml("x = " + usual, "default", ignored);
    const auto* value = table ? table->get("x") : nullptr;
    if (!value) return;
    std::ostringstream json;
    value->visit([&](const auto& node) { json << toml::json_formatter{node}; });
    const auto text = json.str();
    writer.Key("default");
    writer.RawValue(text.data(), text.size(), rapidjson::kNullType);
}

void put_members(Writer& writer, const Shape& shape);

void put_shape(Writer& writer, const Shape& shape) {
    writer.StartObject();
    put_members(writer, shape);
    writer.EndObject();
}

void put_shapes(Writer& writer, const char* key, const std::vector<Shape>& shapes) {
    writer.Key(key);
    writer.StartArray();
    for (const auto& shape : shapes) put_shape(writer, shape);
    writer.EndArray();
}

void put_text(Writer& writer, const Shape& shape) {
    put(writer, "type", "string");
    if (!shape.pattern.empty()) put(writer, "pattern", shape.pattern);
    if (shape.words.empty()) return;
    writer.Key("enum");
    writer.StartArray();
    for (const auto& word : shape.words) put(writer, word);
    writer.EndArray();
}

void put_number(Writer& writer, const Shape& shape) {
    put(writer, "type", shape.kind == Shape::Kind::whole ? "integer" : "number");
    if (shape.least) put(writer, "minimum", *shape.least);
    if (shape.most) put(writer, "maximum", *shape.most);
}

void put_key(Writer& writer, const ShapeKey& key) {
    writer.Key(key.name.c_str());
    writer.StartObject();
    auto text = key.meaning;
    if (!key.shape.form.empty())
        text += fmt::format("{}({})", text.empty() ? "" : " ", key.shape.form);
    if (!text.empty()) put(writer, "description", text);
    put_members(writer, key.shape);
    if (!key.usual.empty()) put_usual(writer, key.usual);
    writer.EndObject();
}

void put_table(Writer& writer, const Shape& shape) {
    put(writer, "type", "object");
    writer.Key("properties");
    writer.StartObject();
    for (const auto& key : shape.keys) put_key(writer, key);
    writer.EndObject();
    std::vector<const ShapeKey*> required;
    for (const auto& key : shape.keys)
        if (key.is_required) required.push_back(&key);
    if (!required.empty()) {
        writer.Key("required");
        writer.StartArray();
        for (const auto* key : required) put(writer, key->name);
        writer.EndArray();
    }
    writer.Key("additionalProperties");
    shape.parts.empty() ? static_cast<void>(writer.Bool(false))
                        : put_shape(writer, shape.parts.front());
}

void put_members(Writer& writer, const Shape& shape) {
    switch (shape.kind) {
    case Shape::Kind::anything: return;
    case Shape::Kind::boolean: return put(writer, "type", "boolean");
    case Shape::Kind::whole:
    case Shape::Kind::number: return put_number(writer, shape);
    case Shape::Kind::text: return put_text(writer, shape);
    case Shape::Kind::list:
        put(writer, "type", "array");
        writer.Key("items");
        return put_shape(writer, shape.parts.front());
    case Shape::Kind::table: return put_table(writer, shape);
    case Shape::Kind::either: return put_shapes(writer, "anyOf", shape.parts);
    }
}

}  // namespace

std::string render_schema(const FileShape& file) {
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.SetIndent(' ', 2);
    writer.StartObject();
    put(writer, "$schema", "http://json-schema.org/draft-07/schema#");
    put(writer, "title", fmt::format("nudged: {}", file.files));
    put(writer, "description", file.about);
    put_members(writer, file.shape);
    writer.EndObject();
    return std::string{buffer.GetString(), buffer.GetSize()} + "\n";
}

}  // namespace nudged::config
