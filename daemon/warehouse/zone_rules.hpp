// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "daemon/warehouse/database.hpp"

namespace nudged::warehouse {

/// Notes by which rules days are counted in `zone` from now on, unless that is known. Inside a
/// write transaction.
void note_zone_rules(Database& database, const Zone& zone);

/// Begins to count anew whoever's days were counted by other rules than the system's zone database
/// has now: a changed past would be taken away by other days than it was added to. Inside a write
/// transaction.
void recount_changed_zones(Database& database);

}  // namespace nudged::warehouse
