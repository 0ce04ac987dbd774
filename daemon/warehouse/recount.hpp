// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// Counts all days of one user again, in the user's present zone: the user became known, or moved.
/// Inside a write transaction.
void recount_user(Database& database, SourceId source, std::string_view user);

/// Counts everything again. Inside a write transaction.
void rebuild_rollups(Database& database);

/// A rollup row that is not what its records come to; 0 where there is no row, or no record.
struct RollupDifference {
    std::string source;
    std::string user;
    std::string day;
    std::string measure;
    std::int64_t stored = 0;
    std::int64_t counted = 0;
};

/// Computes every rollup from its records and compares; empty when all is well.
std::vector<RollupDifference> verify_rollups(const Database& database);

}  // namespace nudged::warehouse
