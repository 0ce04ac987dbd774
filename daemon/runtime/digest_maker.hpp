// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/answer_link.hpp"
#include "daemon/alerts/digest.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/checks/scorecard.hpp"
#include "daemon/config/config.hpp"

namespace nudged::runtime {

/// The digest of one team, or what else `due` says, from what the checks have found, and `basis`
/// made of that: the same for the daemon, which sends it with links that answer, and for
/// `nudged digest`, `brief`, `card` and `scrum`, which show it. A worker; reads the scene's
/// snapshot.
alerts::Digest make_digest(const config::Config& config, const checks::Scene& scene,
                           const checks::Evaluation& evaluation,
                           const checks::ScorecardBasis& basis, const warehouse::Team& team,
                           const alerts::DigestDue& due,
                           const alerts::LinkSigner* signer = nullptr);

}  // namespace nudged::runtime
