// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/page.hpp"
#include "connectors/sources/mapping/lookup_tables.hpp"
#include "connectors/sources/mapping/record_plan.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace nudged::sources {

/// Stands for one version of one row.
struct RowKey {
    std::uint64_t id = 0;    // hash of its id; 0: it has none
    std::uint64_t hash = 0;  // of its id and version
    std::optional<Instant> modified;
};

/// What a walk wants to know of the rows of an answer, unusable ones and those that `where` turns
/// away included.
struct Tally {
    std::size_t rows = 0;
    std::string last_id;            // of the last row
    std::vector<RowKey> keys;       // one a row
    std::optional<Instant> oldest;  // of their modified times
    std::optional<Instant> newest;
    std::set<std::size_t> unknown;              // tables that lack a key that a row holds
    std::unordered_set<std::uint64_t> own_ids;  // told by rows whose id the source says how to make
};

/// Turns the rows at `records` into records of `page`, which must keep the answer's texts. Values
/// that do not convert are counted, and null; a row without an id is counted, and left out, as the
/// second one is of an id that the source says how to make. Any thread.
Tally decode(const json::Value& answer, const json::Path& records, const RecordPlan& plan,
             model::Page& page, const LookupTables& tables = {});
/// The tables that the values of a record, or one value, are looked up in.
std::set<std::size_t> lookups_of(const RecordPlan& plan);
std::set<std::size_t> lookups_of(const ValuePlan& value);

/// By value for ids of digits, however long, and by text for others of one length.
bool id_less(std::string_view left, std::string_view right);

}  // namespace nudged::sources
