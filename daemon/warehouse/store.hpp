// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/page.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/measures.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nudged::warehouse {

class StoreRules;

/// Row of the table `source`.
enum class SourceId : std::int64_t {};

/// The row of a source, made when missing; `connector` is kept up to date unless it is empty.
SourceId ensure_source(Database& database, const std::string& name, const std::string& connector);

/// What storing pages of one stream came to.
struct Stored {
    std::uint64_t pages = 0;
    std::uint64_t records = 0;
    std::uint64_t changed = 0;  // inserted, updated or deleted
    std::uint64_t malformed = 0;
    std::uint64_t kept = 0;  // that a snapshot no longer told, and which were too many to believe
    std::vector<std::string> to_reread{};  // ids that a snapshot no longer told, and which stay

    Stored& operator+=(const Stored& other);
};

/// Stores the records of a page with all that follows from them: history, rollups, links to
/// persons, tombstones of a finished snapshot, and the cursor. Inside a write transaction of the
/// caller's.
///
/// Which version of a record wins: one with a lower source version loses; of equal or unknown
/// versions the later fetch wins (of the same fetch, the one stored later). Under `full` the later
/// fetch wins whatever the versions; the results of a job may be of an earlier one, and win over
/// the same version unless that very record was written since.
/// A tombstone yields only to a fetch that began after the one that told it. A row whose values,
/// version and mapping revision are the same is not written again: page_store.hpp.
///
/// A finished snapshot makes tombstones of what it did not tell, unless that is more than a fifth
/// of more than twenty live records and not `full`: then they are `kept`, since a broken export
/// looks the same. Where the snapshot says what vanished records have become (`closes`), they get
/// these values instead; where they are to be read by their ids, they stay, and are `to_reread`.
/// What `rules` keep out is not stored; none: everything is. `wanted` are the measures whose
/// rollups are kept. `now`: by the clock that timed the fetch; none: when that began.
Stored store_page(Database& database, SourceId source, model::Stream stream,
                  const model::Page& page, bool full, StoreRules* rules = nullptr,
                  std::span<const Measure> wanted = {}, std::optional<Instant> now = std::nullopt);

/// The same for records fetched by id, which move no cursor.
Stored store_records(Database& database, SourceId source, const model::Page& page,
                     StoreRules* rules = nullptr, std::span<const Measure> wanted = {});

}  // namespace nudged::warehouse
