// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/dynamics365/definitions.hpp"

#include "tests/crmsim/dynamics365/answers.hpp"
#include "tests/crmsim/dynamics365/entities.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim::dynamics365 {
namespace {

constexpr std::string_view before = "EntityDefinitions(LogicalName='";
constexpr std::string_view after = "')/Attributes";

/// A reference's column is called otherwise where rows are told: _ownerid_value is ownerid.
std::string_view logical_name(std::string_view column) {
    constexpr std::string_view end = "_value";
    if (!column.starts_with('_') || !column.ends_with(end)) return column;
    return column.substr(1, column.size() - 1 - end.size());
}

const tables::Table& table_in(std::string_view path) {
    if (path.starts_with(before) && path.ends_with(after)) {
        const auto name = path.substr(before.size(), path.size() - before.size() - after.size());
        const auto sets = entity_sets();
        const auto found = std::ranges::find(sets, name, &tables::Table::row_name);
        if (found != sets.end()) return *found;
    }
    throw refuse(404, bad_query, fmt::format("Resource not found for the segment '{}'.", path));
}

/// By their publisher's prefix.
bool is_added(std::string_view column) {
    return column.starts_with("new_");
}

std::string_view attribute_type(const tables::Column& column) {
    switch (column.kind) {
    case tables::CellKind::reference:
        return column.name.starts_with('_') ? "Lookup" : "Uniqueidentifier";
    case tables::CellKind::number: return "Decimal";
    case tables::CellKind::flag: return "Boolean";
    case tables::CellKind::date:
    case tables::CellKind::time: return "DateTime";
    default: return "String";
    }
}

/// One has a label in each language of the organisation, and that of the user beside them.
void write_label(JsonWriter& json, std::string_view label) {
    json.key("DisplayName");
    json.StartObject();
    json.key("LocalizedLabels");
    json.StartArray();
    json.EndArray();
    json.key("UserLocalizedLabel");
    json.StartObject();
    json.member("Label", label);
    json.member("LanguageCode", std::int64_t{1033});
    json.EndObject();
    json.EndObject();
}

}  // namespace

loopback::Reply list_columns(std::string_view path, std::string_view base_url) {
    const auto& table = table_in(path);
    JsonWriter json;
    json.StartObject();
    json.member("@odata.context",
                fmt::format("{}$metadata#EntityDefinitions('{}')/Attributes(LogicalName)", base_url,
                            table.row_name));
    json.key("value");
    json.StartArray();
    for (const auto& column : table.columns) {
        json.StartObject();
        json.member("@odata.type", "#Microsoft.Dynamics.CRM.AttributeMetadata");
        json.member("LogicalName", logical_name(column.name));
        json.member("EntityLogicalName", table.row_name);
        json.member("AttributeType", attribute_type(column));
        json.null_member("AttributeOf");
        json.member("IsCustomAttribute", is_added(column.name));
        write_label(json, is_added(column.name) ? "Market segment" : column.name);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return reply_with(json);
}

}  // namespace nudged::crmsim::dynamics365
