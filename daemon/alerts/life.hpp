// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/options.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/warehouse/findings.hpp"

#include <span>
#include <vector>

namespace nudged::alerts {

/// What an evaluation has changed.
struct FindingChanges {
    int opened = 0;
    int reopened = 0;  // came back soon enough to go on with their episode
    int kept = 0;
    int resolved = 0;
    int held = 0;                                // not found, but not judged either
    std::vector<warehouse::FindingId> ended;     // the resolved ones
    std::vector<warehouse::FindingId> returned;  // the reopened ones
};

/// Makes the stored findings say what a whole evaluation found: new ones open, known ones go on,
/// and those that are gone are resolved, unless their check was held: absence of evidence resolves
/// nothing, nor does what has been gone for less than a rule's hold. Writer's thread, inside its
/// transaction.
FindingChanges apply_findings(warehouse::Database& database, const checks::Evaluation& evaluation,
                              Instant now, const AlertOptions& options);

/// True when the check of a finding like this one was not judged.
bool is_held(const warehouse::Finding& finding, std::span<const checks::Held> held);

/// Findings with the episodes they belong to; one that the daemon has not taken up yet has
/// FindingId{0} and is news. In the order given.
std::vector<warehouse::StoredFinding> join_episodes(const warehouse::Reader& reader,
                                                    const warehouse::Findings& findings);

}  // namespace nudged::alerts
