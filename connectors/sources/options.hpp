// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/base/secret.hpp"
#include "connectors/base/zone.hpp"
#include "connectors/model/entity.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nudged::sources {

/// How one field of a record is made, as an admin writes it; the same for every connector. In a
/// manifest `from` holds JSON pointers, in a CSV table column names.
struct MapEntry {
    std::vector<std::string> from;        // the first one that is not null wins
    std::string as;                       // conversion; empty: by the field's type
    std::string format;                   // strptime-like, for dates and times as text
    std::string zone;                     // zone of local times without one; empty: the source's
    std::optional<std::string> constant;  // instead of `from`
    std::string join;  // template over columns, "{agent}/{day}"; `from` is for rows without a part
    std::map<std::string, std::string> values;  // the CRM's value → ours; in a join, of each part
    std::optional<std::string> otherwise;       // for values that `values` does not name
    Place place;
};

/// Keeps a row only when the column (or pointer) holds one of the values, or, with `except`, none.
struct WhereEntry {
    std::string column;
    std::vector<std::string> in;
    std::vector<std::string> except;
    Place place;
};

/// Fields of one entity beside those of a manifest, or instead of them.
struct FieldMapping {
    std::map<std::string, MapEntry> map;    // our fields
    std::map<std::string, MapEntry> extra;  // the admin's own, by the names that they choose
    Place place;
};

struct HttpSourceOptions {
    std::string manifest;                         // a shipped one's name, or a path
    std::map<std::string, std::string> settings;  // the manifest's variables, such as base_url
    std::map<std::string, Secret> credentials;    // the manifest's credentials, such as token
    std::string auth;                             // which of the manifest's ways; empty: what fits
    std::vector<std::string> streams;             // entities to pull; empty: all of the manifest
    std::map<std::string, FieldMapping> fields;   // by entity
    bool reads_notes = false;                     // and nothing else: notes.hpp
};

struct CsvTable {
    std::string file;  // path, relative to the source's file, or an http(s) URL
    std::string entity;
    char delimiter = ',';
    std::string encoding = "utf-8";
    bool complete = false;  // rows that vanish from a complete table become tombstones
    MapEntry id;
    MapEntry modified;  // may be empty
    std::map<std::string, MapEntry> map;
    std::map<std::string, MapEntry> extra;  // fields of the admin's own
    std::vector<WhereEntry> where;
    Place place;
};

struct CsvSourceOptions {
    std::vector<CsvTable> tables;
    std::string folder;  // what relative paths begin at
};

struct SourceText;  // singer/source_text.hpp

struct SingerSourceOptions {
    std::vector<std::string> command;  // argv of the tap, without what Singer adds
    std::string config_file;           // instead of `config` in the source's file
    std::string catalog;
    std::string properties;
    std::map<std::string, Secret> credentials;
    std::chrono::seconds timeout{600};       // how long a tap may say nothing
    std::chrono::seconds grace{10};          // between asking it to end and killing it
    std::uint32_t max_memory_mb = 4096;      // address space; 0: no limit
    std::shared_ptr<const SourceText> text;  // holds `config` and `stream`
    std::string folder;                      // what relative paths begin at
};

/// One `[source]`.
struct SourceOptions {
    std::string name;
    std::string connector;           // "http", "csv", "singer": a name in catalog.cpp
    std::chrono::seconds poll{300};  // between the end of one round and the next
    Zone zone = Zone::utc();         // for dates and times that carry none
    std::variant<std::monostate, HttpSourceOptions, CsvSourceOptions, SingerSourceOptions>
        connector_options;
    Place place;
};

}  // namespace nudged::sources
