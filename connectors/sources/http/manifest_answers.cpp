// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/manifest_compiler.hpp"

#include <fmt/format.h>

namespace nudged::sources {

using std::chrono::seconds;

void ManifestCompiler::read_nulls(TomlTable& connector) {
    if (connector.has("nulls")) records_.set_nulls(Nulls{connector.texts("nulls")});
}

void ManifestCompiler::read_shape(TomlTable& table, RequestPlan& request) {
    auto& shape = request.shape;
    const auto answer = table.text("answer", "json");
    shape.csv = answer == "csv";
    if (!shape.csv && answer != "json")
        table.error("answer", fmt::format("unknown kind of answer \"{}\"", answer),
                    hint(answer, {"json", "csv"}, "kinds"));
    const auto rows = table.text("rows", "objects");
    shape.header = rows == "header";
    if (!shape.header && rows != "objects")
        table.error("rows", fmt::format("unknown kind of rows \"{}\"", rows),
                    hint(rows, {"objects", "header"}, "kinds"));
    shape.columns = read_optional_path(table, "columns");
    if (shape.header && shape.columns)
        table.error("columns", "the columns are named twice", "keep one of rows and columns");
    shape.packed = read_optional_path(table, "packed");
    if (shape.csv && shape.packed)
        table.error("packed", "a table has no JSON in it", "leave out packed, or answer");
    const bool has_arrays = shape.header || shape.columns;
    if (shape.csv && (has_arrays || !request.records.is_whole()))
        table.error("answer", "CSV is nothing but a header and rows",
                    "leave out records, rows and columns");
    if (has_arrays && !request.records.is_single())
        table.error("records", "there can be one list of rows with columns",
                    "name its place without * and [ ]");
}

void ManifestCompiler::read_lookups(TomlTable& top) {
    auto table = top.table("lookup");
    if (!table) return;
    std::vector<RecordCompiler::Lookup> lookups;
    table->each([&](const std::string& name, const toml::node& node) {
        const auto* inner = node.as_table();
        if (!inner) {
            table->error(name, fmt::format("the lookup \"{}\" is not a table", name));
            return;
        }
        auto lookup = read_lookup(name, TomlTable{*inner, table->file(), problems_});
        lookups.push_back(
            {name, lookup.columns.empty() ? std::nullopt : std::optional{lookup.columns.front()}});
        manifest_.lookups.push_back(std::move(lookup));
    });
    records_.set_lookups(std::move(lookups));
}

/// Streams say what they read of a lookup's rows.
void ManifestCompiler::connect_lookups() {
    for (std::size_t i = 0; i < manifest_.lookups.size(); ++i) {
        auto& lookup = manifest_.lookups[i];
        lookup.columns = records_.lookup_columns(i);
        if (!manifest_.requests.empty()) ask_for_fields(lookup.call, lookup.columns);
    }
}

LookupPlan ManifestCompiler::read_lookup(const std::string& name, TomlTable table) {
    LookupPlan lookup;
    lookup.name = name;
    lookup.key = read_path(table, "key", "/id");
    if (const auto label = read_optional_path(table, "value")) lookup.columns.push_back(*label);
    lookup.every = std::chrono::duration_cast<seconds>(duration(table, "every", lookup.every));
    lookup.again = std::chrono::duration_cast<seconds>(duration(table, "again", lookup.again));
    lookup.is_optional = table.flag("optional");
    const std::set<std::string> given{"page.token", "page.number", "page.offset", "keyset.last_id"};
    lookup.call = read_call(table, {}, given, {lookup.key});
    lookup.records = records_of(table, lookup.call);
    table.finish();
    return lookup;
}

}  // namespace nudged::sources
