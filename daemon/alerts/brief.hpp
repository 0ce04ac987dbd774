// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/coaching_scene.hpp"

namespace nudged::alerts {

/// The brief of a week for one team's manager (sales practice §12.3): what went well, a line a rep,
/// what is worth a conversation, what was agreed for the week, and how the coaching itself goes.
/// The week before may still change on a Monday: its figures are told with a star, and no trend and
/// no verdict that is not a good one. A place that others read gets counts. Pure.
Digest compose_brief(const CoachingScene& scene, const AlertOptions& options);

/// The sheet for a scrum: one line a rep, the running week against its targets (on its first day
/// the week before), and what is agreed for it. Pure.
Digest compose_scrum(const CoachingScene& scene, const AlertOptions& options);

}  // namespace nudged::alerts
