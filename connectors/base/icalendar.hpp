// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"

#include <chrono>
#include <set>
#include <string>
#include <string_view>

namespace nudged {

/// The days of the all-day events of an iCalendar file (RFC 5545): holidays, or somebody's leave.
/// What events are called is not looked at. Understood are DTSTART and DTEND (exclusive) as dates,
/// DURATION in days or weeks, and RRULEs that are yearly, by a date or by "the fourth Thursday of
/// November"; they are followed to the year 2099. Everything else that would change which days are
/// meant is a problem with its line, rather than a day too many or too few.
std::set<std::chrono::local_days> parse_icalendar(std::string_view text, const std::string& file,
                                                  Diagnostics& problems);

}  // namespace nudged
