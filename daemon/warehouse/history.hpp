// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/store.hpp"

namespace nudged::warehouse {

/// Writes what differs between two versions of an opportunity as 'seen' changes, at the time of the
/// later version, or of its fetch where it has none. Fields whose history the CRM tells itself are
/// left to it.
void write_differences(Database& database, SourceId source, const model::Record& before,
                       const model::Record& after, Instant fetched_at);

/// The CRM told a change itself: what was seen of that opportunity's field gives way, so that
/// nothing is counted twice.
void prefer_told_history(Database& database, SourceId source, const model::Record& change);

}  // namespace nudged::warehouse
