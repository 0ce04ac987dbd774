// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/store.hpp"

#include <string>
#include <vector>

namespace nudged::warehouse {

/// More than a fifth of more than twenty: who has lost the right to see records is told so many
/// fewer, and a broken export looks the same.
bool is_too_many(std::size_t vanished, std::size_t live);

/// Notes which records of the snapshot's entity a page told; a page that begins a snapshot forgets
/// the one before.
void note_snapshot(Database& database, SourceId source, model::Entity entity,
                   const model::Page& page);

/// Live records that were there when the snapshot began and that no page of it told.
struct Vanished {
    std::vector<std::string> ids;
    std::uint64_t kept = 0;  // how many there are, when they are too many to believe
};

/// Empty unless the page ends a snapshot whose beginning was seen.
Vanished end_snapshot(Database& database, SourceId source, model::Entity entity,
                      const model::Page& page, bool full);

}  // namespace nudged::warehouse
