// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <map>
#include <string>

namespace nudged::warehouse {

/// What was charged to a quota of a source's CRM, by the moment at which it counts no more.
std::map<Instant, double> read_charges(const Database& database, const std::string& source,
                                       const std::string& quota);

/// Inside a write transaction. Takes the place of what was charged until then; what counts no more
/// at `now` is dropped.
void write_charge(Database& database, const std::string& source, const std::string& quota,
                  Instant until, double charge, Instant now);

}  // namespace nudged::warehouse
