// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/digest.hpp"

#include <vector>

namespace nudged::alerts {

/// What a team's findings amount to.
struct Pile {
    std::vector<warehouse::StoredFinding> praise, news;
    std::vector<Told> told;
    std::size_t earlier = 0;  // told before, and nobody has answered
    std::size_t acknowledged = 0;
    std::size_t silent = 0;  // snoozed or dismissed
};
Pile sort_out(const DigestScene& scene, const AlertOptions& options);

/// What went by somebody's doing, rather than by time, since it was told.
std::vector<warehouse::StoredFinding> settled_of(const DigestScene& scene);

}  // namespace nudged::alerts
