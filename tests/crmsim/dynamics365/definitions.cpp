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
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return reply_with(json);
}

}  // namespace nudged::crmsim::dynamics365
