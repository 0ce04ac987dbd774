// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <string>

namespace nudged::warehouse {

/// Whether the clock may decide what is past its time, and so what is removed for good, or never
/// stored. One that leaps ahead by more than 30 days is that of a machine which was off for so
/// long, or is wrong, as on a machine whose battery is empty: it is in doubt for a day, in which
/// somebody can set it right.
///
/// Notes `now` in the warehouse, inside a write transaction. While the clock is in doubt, returns
/// what is to be done, in a sentence; empty when it is believed.
std::string doubt_clock(Database& database, Instant now);

}  // namespace nudged::warehouse
