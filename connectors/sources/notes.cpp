// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/notes.hpp"

#include "connectors/sources/catalog.hpp"
#include "connectors/sources/coaching_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

/// What notes travel as.
constexpr std::string_view carrier = "task";

using Extra = std::map<std::string, MapEntry>;

bool has(const Extra& extra, std::string_view name) {
    return extra.contains(std::string{name});
}

bool has_text(const Extra& extra) {
    return has(extra, agreed_text) || has(extra, coaching_text) || has(extra, talk_text);
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

void require_text(const Extra& extra, const Place& place, Diagnostics& problems) {
    if (!has_text(extra))
        problems.error(place, "nothing says where the text of a note stands",
                       fmt::format("add extra.{}, or leave the notes out", agreed_text));
    if (has(extra, talk_text))
        problems.warning(place, "1:1s are read from the CRM's notes, which are no secret there",
                         "find out who may read the notes of this CRM, and say so to the reps; "
                         "without extra.one_on_one none are read");
}

void forbid_talks(const Extra& extra, const Place& place, Diagnostics& problems) {
    if (has(extra, talk_text))
        problems.error(place,
                       "a 1:1 cannot stand in a task: tasks are stored, and shown to "
                       "whoever may query",
                       fmt::format("map extra.{} of notes", talk_text));
}

/// Tasks may hold the other records, and no 1:1.
void check_tasks(const SourceOptions& source, Diagnostics& problems) {
    if (const auto* csv = std::get_if<CsvSourceOptions>(&source.connector_options))
        for (const auto& table : csv->tables)
            if (table.entity == carrier) forbid_talks(table.extra, table.place, problems);
    if (const auto* http = std::get_if<HttpSourceOptions>(&source.connector_options))
        if (const auto own = http->fields.find(std::string{carrier}); own != http->fields.end())
            forbid_talks(own->second.extra, own->second.place, problems);
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

std::map<std::string, std::string> texts_of_note(const model::Record& note) {
    auto cells = cells_of(note);
    std::erase_if(cells, [](const auto& cell) {
        return cell.first != agreed_text && cell.first != coaching_text && cell.first != talk_text;
    });
    return cells;
}

void check_notes(const SourceOptions& source, const std::string& manifest_folder,
                 Diagnostics& problems) {
    check_tasks(source, problems);
    const auto notes = notes_source(source);
    if (!notes) return;
    const auto errors = [&] {
        return std::ranges::count(problems.items(), Diagnostic::Severity::error,
                                  &Diagnostic::severity);
    };
    const auto before = errors();
    if (const auto* csv = std::get_if<CsvSourceOptions>(&notes->connector_options))
        for (const auto& table : csv->tables) require_text(table.extra, table.place, problems);
    if (const auto* http = std::get_if<HttpSourceOptions>(&notes->connector_options))
        for (const auto& [name, own] : http->fields) require_text(own.extra, own.place, problems);
    if (errors() == before)
        find_connector(source.connector)->check(*notes, manifest_folder, problems);
}

}  // namespace nudged::sources
