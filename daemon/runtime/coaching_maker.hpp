// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/digest.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/config/config.hpp"

#include <vector>

namespace nudged::runtime {

/// What the team's manager may read of best practices, the latest first. A worker.
std::vector<alerts::BestPractice> read_practices(const checks::Scene& scene,
                                                 const warehouse::Team& team);

/// The brief, the card or the sheet that `digest.due` says. A worker; reads the scene's snapshot.
alerts::Digest make_coaching(const config::Config& config, const checks::Scene& scene,
                             const alerts::DigestScene& digest);

}  // namespace nudged::runtime
