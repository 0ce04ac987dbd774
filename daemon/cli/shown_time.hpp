// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"

#include <string>

namespace nudged::cli {

/// The zone of whoever types the command: $TZ, where the system's database has it; else the
/// machine's. What is meant for scripts and for the journal stays in UTC.
Zone user_zone();

/// "2026-11-20 09:15:00 CET", to the second: for people.
std::string shown_time(Instant instant);

/// "2026-11-20 09:15 CET", where lines are short.
std::string shown_minute(Instant instant);

}  // namespace nudged::cli
