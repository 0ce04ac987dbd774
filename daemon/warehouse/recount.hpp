// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/rollup_state.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace nudged::warehouse {

// In all of these `wanted` are the measures that are kept; none: those of the warehouse.

/// So many records are counted anew inside the transaction that made it necessary, before others
/// are left to recount_some(): some hundredths of a second.
inline constexpr std::int64_t records_at_once = 5'000;

/// What a program does once when it has opened the warehouse for writing: begins to count measures
/// that are new or have another revision, and users whose zone has other rules since the system's
/// zone database changed. Inside a write transaction.
void open_rollups(Database& database, std::span<const Measure> wanted = {});

/// Counts about `records` further, or deletes as many sums that nothing needs any more; true when
/// more is left. Inside a write transaction.
bool recount_some(Database& database, std::int64_t records, std::span<const Measure> wanted = {});

/// As far as records_at_once goes; nothing while indexes of a first load are missing, which would
/// have to be built first.
void recount_at_once(Database& database, std::span<const Measure> wanted = {});

/// Begins to count everything anew. Inside a write transaction.
void begin_rebuild(Database& database, std::span<const Measure> wanted = {});

/// What is being counted anew, and reads as not proven until it is.
struct RecountState {
    std::vector<std::string> measures;  // by name
    std::int64_t users = 0;             // whose days have changed
    /// Records that are counted, of those to be: from 0 to 1.
    double share = 1;

    bool has_superseded = false;  // sums that nobody reads are left to be deleted
    /// The next step would build an index that a first load left out, which takes as long as it
    /// takes: the writer does so by itself, in between, once the load is done.
    bool needs_index = false;

    /// Everything can be read.
    bool is_done() const { return measures.empty() && users == 0; }
    /// There is something for recount_some().
    bool is_pending() const { return !is_done() || has_superseded; }
};
RecountState read_recount_state(const Database& database, std::span<const Measure> wanted = {});

}  // namespace nudged::warehouse
