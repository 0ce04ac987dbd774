// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/coaching_scene.hpp"

namespace nudged::alerts {

/// The card for a 1:1 with one rep: what is worth praising, what was agreed and came of it, every
/// KPI against its target with its course, and a few points to talk about. It prepares a talk, and
/// tells nothing as new: what is on it comes in the digest as it would have. Nothing for a place
/// that others read (`has_news` is false). Pure.
Digest compose_card(const CoachingScene& scene, const warehouse::Rep& rep,
                    const AlertOptions& options);

}  // namespace nudged::alerts
