// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/rollup_state.hpp"

#include <functional>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// A rollup row that is not what its records come to; 0 where there is no row, or no record.
struct RollupDifference {
    std::string source;
    std::string user;
    std::string day;
    std::string measure;  // "" for sums of a measure that nobody knows
    std::int64_t stored = 0;
    std::int64_t counted = 0;
};
using DifferenceSink = std::function<void(const RollupDifference&)>;

/// Computes every rollup from its records and compares; nothing is told when all is well. What is
/// being counted anew is compared with the records that are counted so far. `database` is read in
/// a transaction per user and entity, unless it is in one of the caller's: a running daemon's log
/// is held no longer than that, and memory is that of one user's sums. `begins` is called before
/// each of these transactions: it may set its deadline. `wanted`: none are those of the warehouse.
/// Returns how many users were compared.
std::int64_t verify_rollups(const Database& database, const DifferenceSink& differs,
                            std::span<const Measure> wanted = {},
                            const std::function<void()>& begins = {});

/// The same at once.
std::vector<RollupDifference> verify_rollups(const Database& database,
                                             std::span<const Measure> wanted = {});

}  // namespace nudged::warehouse
