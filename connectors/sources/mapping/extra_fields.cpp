// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/extra_fields.hpp"

#include "connectors/base/instant.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

using model::FieldType;

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::optional<std::size_t> extra_field(model::Entity entity) {
    return model::field_index(entity, "extra");
}

void check_extra_name(model::Entity entity, const std::string& name, const Place& place,
                      Diagnostics& problems) {
    if (!extra_field(entity))
        problems.error(place, fmt::format("{} has no extra fields", to_string(entity)),
                       "users, accounts, contacts, opportunities, calls, tasks, meetings and "
                       "e-mails do");
    if (name.empty() || !std::ranges::all_of(name, is_name_character))
        problems.error(place, fmt::format("an extra field cannot be called \"{}\"", name),
                       "use letters, digits and _");
}

FieldRule compile_extra_rule(const std::string& name, const MapEntry& entry,
                             const Zone& source_zone, Diagnostics& problems) {
    return compile_rule(extra_type(entry.as), fmt::format("extra.{}", name), entry, source_zone,
                        problems);
}

ExtraObject::ExtraObject() : writer_(text_) {}

void ExtraObject::add_name(std::string_view name) {
    if (is_empty_) writer_.StartObject();
    is_empty_ = false;
    writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
}

void ExtraObject::add_text(std::string_view text) {
    writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void ExtraObject::add(std::string_view name, const FieldRule& rule, const model::Value& value) {
    if (std::holds_alternative<std::monostate>(value)) return;
    add_name(name);
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        if (rule.type == FieldType::boolean)
            writer_.Bool(*number != 0);
        else if (rule.type == FieldType::instant)
            add_text(format_instant(from_millis(*number)));
        else
            writer_.Int64(*number);
        return;
    }
    const auto text = std::get<std::string_view>(value);
    if (rule.type == FieldType::decimal)
        writer_.RawValue(text.data(), text.size(), rapidjson::kNumberType);
    else
        add_text(text);
}

void ExtraObject::add_list(std::string_view name, const json::Value& list) {
    add_name(name);
    writer_.StartArray();
    for (const auto& element : list.GetArray())
        if (const auto text = json::scalar(&element)) add_text(*text);
    writer_.EndArray();
}

model::Value ExtraObject::value(model::Page& page) {
    if (is_empty_) return {};
    writer_.EndObject();
    return page.keep({text_.GetString(), text_.GetSize()});
}

}  // namespace nudged::sources
