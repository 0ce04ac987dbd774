// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"

namespace nudged::checks {

/// Whether this stay in a team is over where the rep lives. Another one of theirs may go on.
bool has_left(const warehouse::Rep& stay, Instant as_of);

/// The reps of whom no stay goes on, with the first day on which they were gone.
Departed departed_of(const Scene& scene);

/// The day on which whom the finding is about left; nullopt of one who is there, and of what is the
/// team's, whoever has left: what they leave behind, and a customer's trouble.
std::optional<std::chrono::local_days> left_on(const Departed& departed, const Finding& finding);

/// Takes out what is said of them: their work is over, and nobody is to hear of it.
void leave_out_departed(const Scene& scene, Evaluation& evaluation);

}  // namespace nudged::checks
