// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/source_fields.hpp"

#include "connectors/sources/catalog.hpp"

namespace nudged::config {
namespace {

using sources::CsvSourceOptions;
using sources::FieldMapping;
using sources::HttpSourceOptions;
using sources::MapEntry;
using sources::SourceOptions;

/// A path to a manifest, rather than the name of a shipped one, begins at its file's folder.
std::string resolve_manifest(const std::string& manifest, const Spot& spot) {
    if (manifest.find('/') == manifest.npos) return manifest;
    return (spot.reading.folder / manifest).lexically_normal().string();
}

}  // namespace

bool Codec<MapEntry>::read(const toml::node& node, MapEntry& out, const Spot& spot) {
    out.place = spot.place(node);
    if (const auto column = node.value_exact<std::string>()) {
        out.from = {*column};
        return true;
    }
    if (node.is_array()) return Codec<std::vector<std::string>>::read(node, out.from, spot);
    const auto* table = node.as_table();
    if (!table) {
        spot.wrong_type(node, "a column or a table",
                        "write \"COLUMN\" or { from = \"COLUMN\", as = \"…\" }");
        return false;
    }
    read_table(*table, spot, out);
    return true;
}

std::optional<Value> Codec<MapEntry>::write(const MapEntry& entry) {
    Table all, usual, set;
    write_fields(entry, all);
    write_fields(MapEntry{}, usual);
    for (const auto& [key, value] : all.entries) {
        const auto same =
            std::find_if(usual.entries.begin(), usual.entries.end(),
                         [&key = key](const auto& other) { return other.first == key; });
        if (same == usual.entries.end() || render_inline(same->second) != render_inline(value))
            set.add(key, value);
    }
    if (set.entries.empty()) return std::nullopt;
    return Value::of(render_inline(set));
}

bool Codec<FieldMapping>::read(const toml::node& node, FieldMapping& out, const Spot& spot) {
    out.place = spot.place(node);
    const auto* table = node.as_table();
    if (!table) {
        spot.wrong_type(node, "a table");
        return false;
    }
    for (const auto& [key, inner] : *table) {
        const std::string name{key.str()};
        const auto inside = spot.inside(name);
        if (name == "extra") {
            Codec<std::map<std::string, MapEntry>>::read(inner, out.extra, inside);
            continue;
        }
        MapEntry entry;
        if (Codec<MapEntry>::read(inner, entry, inside)) out.map.emplace(name, std::move(entry));
    }
    return true;
}

std::optional<Value> Codec<FieldMapping>::write(const FieldMapping& mapping) {
    Table table;
    for (const auto& [name, entry] : mapping.map)
        if (auto written = Codec<MapEntry>::write(entry)) table.add(name, std::move(*written));
    if (!mapping.extra.empty())
        table.add("extra", *Codec<std::map<std::string, MapEntry>>::write(mapping.extra));
    return Value::of(std::move(table));
}

bool Codec<SourceOptions>::read(const toml::node& node, SourceOptions& out, const Spot& spot) {
    const auto* table = node.as_table();
    if (!table) {
        spot.wrong_type(node, "a table", "write [source], and one source a file");
        return false;
    }
    const auto* connector = table->get("connector");
    const auto name = connector ? connector->value_exact<std::string>() : std::nullopt;
    if (name == "http") {
        HttpSourceOptions http;
        read_table(*table, spot, out, http);
        http.manifest = resolve_manifest(http.manifest, spot);
        out.connector_options = std::move(http);
    } else if (name == "csv") {
        CsvSourceOptions csv;
        csv.folder = spot.reading.folder.string();
        read_table(*table, spot, out, csv);
        out.connector_options = std::move(csv);
    } else {
        // Which keys are known depends on the connector: no word about them here.
        read_fields(*table, spot, out);
        if (!name) return true;
        std::vector<std::string> known;
        for (const auto& one : sources::catalog()) known.emplace_back(one.name);
        spot.error(*connector, fmt::format("there is no connector \"{}\"", *name),
                   suggest(*name, known));
    }
    return true;
}

std::optional<Value> Codec<SourceOptions>::write(const SourceOptions& source) {
    Table table;
    write_fields(source, table);
    if (const auto* http = std::get_if<HttpSourceOptions>(&source.connector_options))
        write_fields(*http, table);
    if (const auto* csv = std::get_if<CsvSourceOptions>(&source.connector_options))
        write_fields(*csv, table);
    return Value::of(std::move(table));
}

}  // namespace nudged::config
