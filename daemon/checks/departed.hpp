// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"

namespace nudged::checks {

/// Whether this stay in a team is over where the rep lives. Another one of theirs may go on.
bool has_left(const warehouse::Rep& stay, Instant as_of);

/// The reps of whom no stay goes on, with the first day on which they were gone.
Departed departed_of(const Scene& scene);

/// Takes out what is said of them: their work is over, and nobody is to hear of it. What they leave
/// behind is the team's (opp.owner_inactive, rep.left_accounts).
void leave_out_departed(const Scene& scene, Evaluation& evaluation);

}  // namespace nudged::checks
