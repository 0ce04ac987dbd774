// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/source_fields.hpp"

#include "connectors/sources/catalog.hpp"
#include "connectors/sources/singer/source_text.hpp"

#include <sstream>

namespace nudged::config {
namespace {

using sources::CsvSourceOptions;
using sources::FieldMapping;
using sources::HttpSourceOptions;
using sources::MapEntry;
using sources::SingerSourceOptions;
using sources::SourceOptions;

/// A path to a manifest, rather than the name of a shipped one, begins at its file's folder.
std::string resolve_manifest(const std::string& manifest, const Spot& spot) {
    if (manifest.find('/') == manifest.npos) return manifest;
    return (spot.reading.folder / manifest).lexically_normal().string();
}

/// The value as TOML, whatever it is.
std::optional<Value> written(const toml::node* node) {
    if (!node) return std::nullopt;
    if (const auto* table = node->as_table()) {
        Table out;
        for (const auto& [key, inner] : *table)
            if (auto value = written(&inner)) out.add(std::string{key.str()}, std::move(*value));
        return Value::of(std::move(out));
    }
    if (const auto* list = node->as_array(); list && list->is_array_of_tables()) {
        std::vector<Table> tables;
        for (const auto& element : *list)
            tables.push_back(std::move(written(&element)->tables.front()));
        return Value::of(std::move(tables));
    }
    if (const auto* text = node->as_string()) return Value::of(quote(text->get()));
    std::ostringstream out;
    if (const auto* list = node->as_array())
        out << toml::toml_formatter{*list};
    else
        node->visit([&](const auto& value) {
            if constexpr (toml::is_value<decltype(value)>) out << toml::toml_formatter{value};
        });
    return Value::of(out.str());
}

template <typename Kind>
constexpr std::string_view own_key{};
template <>
constexpr std::string_view own_key<TapConfig> = "config";
template <>
constexpr std::string_view own_key<TapStreams> = "stream";

}  // namespace

template <typename Kind>
bool OwnText<Kind>::read(const toml::node& node, std::shared_ptr<const sources::SourceText>& out,
                         const Spot& spot) {
    constexpr bool wants_table = std::is_same_v<Kind, TapConfig>;
    if (wants_table ? !node.is_table() : !node.is_array_of_tables()) {
        spot.wrong_type(node, wants_table ? "a table" : "a list of tables",
                        wants_table ? "write [source.config]" : "write [[source.stream]]");
        return false;
    }
    if (out) return true;
    const auto& reading = spot.reading;
    const auto path = reading.folder / std::filesystem::path{reading.file}.filename();
    if (auto table = read_toml(path, reading.file, reading.problems))
        out = std::make_shared<const sources::SourceText>(
            sources::SourceText{std::move(*table), reading.file});
    return out != nullptr;
}

template <typename Kind>
std::optional<Value> OwnText<Kind>::write(const std::shared_ptr<const sources::SourceText>& text) {
    const auto* source = text ? text->table.get_as<toml::table>("source") : nullptr;
    return source ? written(source->get(own_key<Kind>)) : std::nullopt;
}

template <typename Kind>
Shape OwnText<Kind>::shape() {
    const auto table = Shape::table_of({});
    if constexpr (std::is_same_v<Kind, TapConfig>)
        return table;
    else
        return Shape::list_of(table);
}

template struct OwnText<TapConfig>;
template struct OwnText<TapStreams>;

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

Shape Codec<MapEntry>::shape() {
    return Shape::either({Shape::text(), Shape::list_of(Shape::text()), table_shape<MapEntry>()});
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

Shape Codec<FieldMapping>::shape() {
    auto shape = Shape::table_of(Codec<MapEntry>::shape());
    shape.add("extra", {{},
                        "fields of your own, by the names that you choose",
                        {},
                        false,
                        Shape::table_of(Codec<MapEntry>::shape())});
    return shape;
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
    } else if (name == "singer") {
        SingerSourceOptions singer;
        singer.folder = spot.reading.folder.string();
        read_table(*table, spot, out, singer);
        out.connector_options = std::move(singer);
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

namespace {

template <typename Options>
Shape shape_of_connector(std::string_view name) {
    auto shape = table_shape<SourceOptions, Options>();
    for (auto& key : shape.keys)
        if (key.name == "connector") key.shape = Shape::one_of({std::string{name}});
    return shape;
}

}  // namespace

Shape Codec<SourceOptions>::shape() {
    return Shape::either({shape_of_connector<HttpSourceOptions>("http"),
                          shape_of_connector<CsvSourceOptions>("csv"),
                          shape_of_connector<SingerSourceOptions>("singer")});
}

std::optional<Value> Codec<SourceOptions>::write(const SourceOptions& source) {
    Table table;
    write_fields(source, table);
    if (const auto* http = std::get_if<HttpSourceOptions>(&source.connector_options))
        write_fields(*http, table);
    if (const auto* csv = std::get_if<CsvSourceOptions>(&source.connector_options))
        write_fields(*csv, table);
    if (const auto* singer = std::get_if<SingerSourceOptions>(&source.connector_options))
        write_fields(*singer, table);
    return Value::of(std::move(table));
}

}  // namespace nudged::config
