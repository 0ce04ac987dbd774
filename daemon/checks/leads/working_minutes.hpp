// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/base/zone.hpp"

#include <chrono>

namespace nudged::checks {

/// The hours of a working day, by the clocks of `zone`.
struct WorkingHours {
    std::chrono::minutes opens{9 * 60};
    std::chrono::minutes closes{18 * 60};
};

/// Whole minutes of working hours in [from, until): Friday 17:50 to Monday 09:20 are 30 of 09:00 to
/// 18:00 (sales practice §3). Of a day that is worked for half, the first half counts. Hours are
/// real ones where clocks change.
std::chrono::minutes working_minutes(const Zone& zone, const WorkCalendar& calendar,
                                     const WorkingHours& hours, Instant from, Instant until);

}  // namespace nudged::checks
