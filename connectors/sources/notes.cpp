// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/notes.hpp"

#include "connectors/sources/catalog.hpp"
#include "connectors/sources/coaching_rows.hpp"

#include <fmt/format.h>

namespace nudged::sources {
namespace {

/// What notes travel as.
constexpr std::string_view carrier = "task";

bool has_text(const std::map<std::string, MapEntry>& extra) {
    return extra.contains(std::string{agreed_text});
}

std::optional<HttpSourceOptions> notes_of(const HttpSourceOptions& http) {
    const auto own = http.fields.find(std::string{notes_stream});
    if (own == http.fields.end()) return std::nullopt;
    auto notes = http;
    notes.streams.clear();
    notes.reads_notes = true;
    notes.fields = {{std::string{carrier}, own->second}};
    return notes;
}

std::optional<CsvSourceOptions> notes_of(const CsvSourceOptions& csv) {
    CsvSourceOptions notes{.tables = {}, .folder = csv.folder};
    for (auto table : csv.tables) {
        if (table.entity != notes_stream) continue;
        table.entity = carrier;
        table.complete = false;
        notes.tables.push_back(std::move(table));
    }
    if (notes.tables.empty()) return std::nullopt;
    return notes;
}

void require_text(const std::map<std::string, MapEntry>& extra, const Place& place,
                  Diagnostics& problems) {
    if (!has_text(extra))
        problems.error(place, "nothing says where the text of a note stands",
                       fmt::format("add extra.{}, or leave the notes out", agreed_text));
}

}  // namespace

std::optional<SourceOptions> notes_source(const SourceOptions& source) {
    auto some = source;
    const auto take = [&](const auto* options) {
        auto notes = options ? notes_of(*options) : std::nullopt;
        if (notes) some.connector_options = std::move(*notes);
        return notes.has_value();
    };
    const bool is_on = take(std::get_if<HttpSourceOptions>(&source.connector_options)) ||
                       take(std::get_if<CsvSourceOptions>(&source.connector_options));
    return is_on ? std::optional{std::move(some)} : std::nullopt;
}

std::string text_of_note(const model::Record& note) {
    auto cells = cells_of(note);
    return std::move(cells[std::string{agreed_text}]);
}

void check_notes(const SourceOptions& source, const std::string& manifest_folder,
                 Diagnostics& problems) {
    const auto notes = notes_source(source);
    if (!notes) return;
    const auto before = problems.items().size();
    if (const auto* csv = std::get_if<CsvSourceOptions>(&notes->connector_options))
        for (const auto& table : csv->tables) require_text(table.extra, table.place, problems);
    if (const auto* http = std::get_if<HttpSourceOptions>(&notes->connector_options))
        for (const auto& [name, own] : http->fields) require_text(own.extra, own.place, problems);
    if (problems.items().size() == before)
        find_connector(source.connector)->check(*notes, manifest_folder, problems);
}

}  // namespace nudged::sources
