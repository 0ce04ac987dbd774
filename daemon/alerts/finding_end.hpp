// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/life.hpp"
#include "daemon/alerts/options.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/people.hpp"

#include <set>
#include <string>

namespace nudged::alerts {

struct EndScene {
    const std::set<std::string>& channels;  // those that keep account of what they were told
    const warehouse::Roster& roster;
    const AlertOptions& options;
};

/// Tells those channels of the findings that have just been resolved, and of those that are back:
/// one message for each that told them, with an item a finding, which reads as it was told then.
/// Where a channel was told several times, by what arrived last. Returns how many are queued. To be
/// called in the transaction that resolves them, on the writer's thread.
int enqueue_ends(warehouse::Database& database, const FindingChanges& changes,
                 const EndScene& scene, Instant now);

}  // namespace nudged::alerts
