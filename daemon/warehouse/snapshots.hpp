// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/store.hpp"

#include <string>
#include <vector>

namespace nudged::warehouse {

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
