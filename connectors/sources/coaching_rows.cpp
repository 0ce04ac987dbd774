// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/coaching_rows.hpp"

#include "connectors/sources/catalog.hpp"
#include "connectors/sources/mapping/extra_fields.hpp"
#include "connectors/sources/mapping/record_compiler.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

constexpr std::array<std::string_view, 4> commitment_needs{"rep", "kpi", "to", "week"};
constexpr std::array<std::string_view, 5> commitment_others{"from", "by", "note", "acknowledged",
                                                            "agreed_at"};
constexpr std::array<std::string_view, 2> leave_needs{"rep", "from"};
constexpr std::array<std::string_view, 2> leave_others{"to", "half"};
/// What the rows travel as: its `extra` takes any cell.
constexpr std::string_view carrier = "task";
constexpr std::string_view carrier_range = "tasks";

std::vector<std::string> names_of(CoachingRows kind) {
    const auto columns = columns_of(kind);
    std::vector<std::string> names(columns.needed.begin(), columns.needed.end());
    names.insert(names.end(), columns.others.begin(), columns.others.end());
    return names;
}

std::optional<CsvSourceOptions> tables_of(const CsvSourceOptions& csv, CoachingRows kind) {
    CsvSourceOptions some{.tables = {}, .folder = csv.folder};
    for (auto table : csv.tables) {
        if (table.entity != to_string(kind)) continue;
        table.entity = carrier;
        table.extra = std::move(table.map);
        table.map.clear();
        table.id = {};
        table.id.constant = "row";  // each is told for itself, whatever it is called
        table.modified = {};
        table.complete = false;
        some.tables.push_back(std::move(table));
    }
    if (some.tables.empty()) return std::nullopt;
    return some;
}

/// The columns of a sheet are called as ours are, unless the source's file says otherwise.
std::optional<HttpSourceOptions> sheet_of(const HttpSourceOptions& http, CoachingRows kind) {
    const std::string name{to_string(kind)};
    if (std::ranges::find(http.streams, name) == http.streams.end()) return std::nullopt;
    auto sheet = http;
    sheet.streams = {std::string{carrier}};
    sheet.settings[std::string{carrier_range}] =
        fmt::format("{{settings.{}}}", range_setting(kind));
    const auto own = http.fields.find(name);
    FieldMapping mapping;
    for (const auto& column : names_of(kind)) {
        MapEntry entry;
        entry.from = {"/" + column};
        mapping.extra[column] = std::move(entry);
    }
    if (own != http.fields.end())
        for (const auto& [column, entry] : own->second.map) mapping.extra[column] = entry;
    mapping.map["id"].constant = "row";  // each is told for itself, whatever it is called
    sheet.fields = {{std::string{carrier}, std::move(mapping)}};
    return sheet;
}

void check_columns(const std::map<std::string, MapEntry>& map, CoachingRows kind,
                   Diagnostics& problems) {
    const auto known = names_of(kind);
    for (const auto& [name, entry] : map)
        if (std::ranges::find(known, name) == known.end())
            problems.error(
                entry.place,
                fmt::format("a row of the kind \"{}\" has no \"{}\"", to_string(kind), name),
                hint(name, known, "columns"));
}

void check_table(const CsvTable& table, CoachingRows kind, Diagnostics& problems) {
    check_columns(table.map, kind, problems);
    for (const auto column : columns_of(kind).needed)
        if (!table.map.contains(std::string{column}))
            problems.error(table.place,
                           fmt::format("the table does not say where \"{}\" stands", column),
                           fmt::format("add {} = \"COLUMN\" to its map", column));
    if (!table.extra.empty())
        problems.error(
            table.place,
            fmt::format("a row of the kind \"{}\" has no fields of your own", to_string(kind)),
            "leave [source.table.extra] out");
}

}  // namespace

std::string_view to_string(CoachingRows kind) {
    return kind == CoachingRows::commitment ? "commitment" : "leave";
}

std::optional<CoachingRows> coaching_rows_of(std::string_view entity) {
    for (const auto kind : all_coaching_rows)
        if (to_string(kind) == entity) return kind;
    return std::nullopt;
}

CoachingColumns columns_of(CoachingRows kind) {
    if (kind == CoachingRows::commitment) return {commitment_needs, commitment_others};
    return {leave_needs, leave_others};
}

std::string_view range_setting(CoachingRows kind) {
    return kind == CoachingRows::commitment ? "commitments" : "leave";
}

std::optional<SourceOptions> coaching_source(const SourceOptions& source, CoachingRows kind) {
    auto some = source;
    if (const auto* csv = std::get_if<CsvSourceOptions>(&source.connector_options)) {
        auto tables = tables_of(*csv, kind);
        if (!tables) return std::nullopt;
        some.connector_options = std::move(*tables);
        return some;
    }
    if (const auto* http = std::get_if<HttpSourceOptions>(&source.connector_options)) {
        auto sheet = sheet_of(*http, kind);
        if (!sheet) return std::nullopt;
        some.connector_options = std::move(*sheet);
        return some;
    }
    return std::nullopt;
}

std::map<std::string, std::string> cells_of(const model::Record& row) {
    std::map<std::string, std::string> cells;
    const auto field = extra_field(row.entity);
    const auto* text = field ? std::get_if<std::string_view>(&row.values[*field]) : nullptr;
    if (!text) return cells;
    json::Document object;
    object.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag>(
        text->data(), text->size());
    if (!object.IsObject()) return cells;
    for (const auto& member : object.GetObject())
        if (const auto cell = json::scalar(&member.value))
            cells[member.name.GetString()] = std::string{*cell};
    return cells;
}

void check_coaching_rows(const SourceOptions& source, const std::string& manifest_folder,
                         Diagnostics& problems) {
    const auto before = problems.items().size();
    if (const auto* csv = std::get_if<CsvSourceOptions>(&source.connector_options))
        for (const auto& table : csv->tables)
            if (const auto kind = coaching_rows_of(table.entity))
                check_table(table, *kind, problems);
    if (const auto* http = std::get_if<HttpSourceOptions>(&source.connector_options))
        for (const auto& [name, own] : http->fields)
            if (const auto kind = coaching_rows_of(name)) check_columns(own.map, *kind, problems);
    if (problems.items().size() > before) return;
    for (const auto kind : all_coaching_rows)
        if (const auto rows = coaching_source(source, kind))
            find_connector(source.connector)->check(*rows, manifest_folder, problems);
}

}  // namespace nudged::sources
