// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/options.hpp"
#include "daemon/config/field.hpp"

/// sources.d/*.toml.
namespace nudged::config {

template <>
inline constexpr auto fields<sources::MapEntry> = std::tuple{
    field("from", &sources::MapEntry::from, "columns; the first one that is not empty wins"),
    field("as", &sources::MapEntry::as, "how the text is converted; default: by the field's type"),
    field("format", &sources::MapEntry::format, "how dates and times are written: \"%d.%m.%Y\""),
    field("zone", &sources::MapEntry::zone, "of times that carry none; default: the source's"),
    field("constant", &sources::MapEntry::constant, "the same text for every row, instead of from"),
    field("join", &sources::MapEntry::join, "several columns in one text: \"{agent}/{day}\""),
    field("values", &sources::MapEntry::values, "what the CRM's values are called here"),
    field("otherwise", &sources::MapEntry::otherwise, "for values that `values` does not name"),
};

/// A column's name alone is short for `from`; so is a list of them.
template <>
struct Codec<sources::MapEntry> {
    static bool read(const toml::node& node, sources::MapEntry& out, const Spot& spot);
    static std::optional<Value> write(const sources::MapEntry& entry);
    static Shape shape();
};

template <>
inline constexpr auto fields<sources::WhereEntry> = std::tuple{
    field("column", &sources::WhereEntry::column, "the column that decides", required),
    field("in", &sources::WhereEntry::in, "rows with one of these values are kept"),
    field("except", &sources::WhereEntry::except, "rows with one of these values are left out"),
};

/// Our fields by their names, and the admin's own in the table `extra`.
template <>
struct Codec<sources::FieldMapping> {
    static bool read(const toml::node& node, sources::FieldMapping& out, const Spot& spot);
    static std::optional<Value> write(const sources::FieldMapping& mapping);
    static Shape shape();
};

template <>
inline constexpr auto fields<sources::HttpSourceOptions> = std::tuple{
    field("manifest", &sources::HttpSourceOptions::manifest,
          "what teaches the connector the CRM: a shipped name, or a path", required, not_blank),
    field("streams", &sources::HttpSourceOptions::streams,
          "the entities to pull; empty: all that the manifest knows"),
    field("settings", &sources::HttpSourceOptions::settings,
          "the manifest's variables, such as base_url"),
    field("credentials", &sources::HttpSourceOptions::credentials,
          "the manifest's credentials, such as token"),
    field(
        "auth", &sources::HttpSourceOptions::auth,
        "which of the manifest's ways to authenticate; empty: the first that the credentials fit"),
    field("fields", &sources::HttpSourceOptions::fields,
          "by entity: fields beside the manifest's, or instead of them"),
};

template <>
inline constexpr auto fields<sources::CsvTable> = std::tuple{
    field("file", &sources::CsvTable::file,
          "a path, relative to the file that names it, or an http(s) URL", required, not_blank),
    field("entity", &sources::CsvTable::entity, "what a row is: call, task, opportunity, …",
          required),
    field("delimiter", &sources::CsvTable::delimiter, "what stands between fields"),
    field("encoding", &sources::CsvTable::encoding, "the file's character encoding"),
    field("complete", &sources::CsvTable::complete,
          "true: the file holds every record, so that rows which vanish are deleted"),
    // Of records; rows of commitments and leave go without, which compiling the table decides.
    field("id", &sources::CsvTable::id, "what tells a record from all others"),
    field("modified", &sources::CsvTable::modified, "when a record was last changed"),
    field("map", &sources::CsvTable::map, "our fields, and the columns that they come from"),
    field("extra", &sources::CsvTable::extra, "fields of your own, and their columns"),
    field("where", &sources::CsvTable::where, "which rows are kept; default: all"),
};

template <>
inline constexpr auto fields<sources::CsvSourceOptions> = std::tuple{
    field("table", &sources::CsvSourceOptions::tables, "one [[source.table]] a file", required),
};

/// A table of [source] that the connector reads by rules of its own. It keeps the whole text, since
/// values have their places only there.
template <typename Kind>
struct OwnText {
    static bool read(const toml::node& node, std::shared_ptr<const sources::SourceText>& out,
                     const Spot& spot);
    static std::optional<Value> write(const std::shared_ptr<const sources::SourceText>& text);
    static Shape shape();
};
struct TapConfig;
struct TapStreams;

template <>
inline constexpr auto fields<sources::SingerSourceOptions> = std::tuple{
    field("command", &sources::SingerSourceOptions::command,
          "the tap and its arguments; no shell is between", required),
    field<OwnText<TapConfig>>("config", &sources::SingerSourceOptions::text,
                              "the tap's configuration; \"{credential.NAME}\" stands for a secret"),
    field("config_file", &sources::SingerSourceOptions::config_file,
          "the same as a JSON file, instead of config"),
    field("catalog", &sources::SingerSourceOptions::catalog, "the file for the tap's --catalog"),
    field("properties", &sources::SingerSourceOptions::properties,
          "the file for the --properties of older taps"),
    field("credentials", &sources::SingerSourceOptions::credentials,
          "what the configuration calls {credential.NAME}"),
    field("timeout", &sources::SingerSourceOptions::timeout,
          "a tap that says nothing for so long is killed",
          between(std::chrono::seconds{1}, std::chrono::seconds{86'400})),
    field("grace", &sources::SingerSourceOptions::grace,
          "how long a tap may take to end by itself when it is asked to",
          between(std::chrono::seconds{1}, std::chrono::seconds{300})),
    field("max_memory_mb", &sources::SingerSourceOptions::max_memory_mb,
          "how much memory each process of the tap may have; 0: no limit"),
    field<OwnText<TapStreams>>("stream", &sources::SingerSourceOptions::text,
                               "one [[source.stream]] for each stream and entity", required),
};

template <>
inline constexpr auto fields<sources::SourceOptions> = std::tuple{
    field("name", &sources::SourceOptions::name, "what commands and the log call the source",
          required, identifier),
    field("connector", &sources::SourceOptions::connector, "how it is read: http, csv or singer",
          required),
    field("poll", &sources::SourceOptions::poll, "how long after a round the next one begins",
          between(std::chrono::seconds{1}, std::chrono::seconds{7 * 86'400})),
    field("zone", &sources::SourceOptions::zone, "of dates and times that carry none"),
};

/// The keys of the connector stand beside those that every source has.
template <>
struct Codec<sources::SourceOptions> {
    static bool read(const toml::node& node, sources::SourceOptions& out, const Spot& spot);
    static std::optional<Value> write(const sources::SourceOptions& source);
    static Shape shape();
};

/// One file of sources.d.
struct SourceFile {
    sources::SourceOptions source;
};
template <>
inline constexpr auto fields<SourceFile> = std::tuple{
    field("source", &SourceFile::source, "the one [source] of this file", required),
};

}  // namespace nudged::config
