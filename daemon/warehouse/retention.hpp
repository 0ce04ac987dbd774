// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/own_measures.hpp"
#include "daemon/warehouse/removal.hpp"
#include "daemon/warehouse/store_rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// Removes what is past its time as of `now`, in steps that are short whatever the size of the
/// warehouse; what it counted goes to the sums of teams. Between two steps others may write, and
/// what they write is seen or left for the next pass.
class RetentionPass {
public:
    enum class Mode { remove, only_count };
    RetentionPass(const RetentionOptions& options, Instant now, Mode mode = Mode::remove);

    /// The next step; inside a write transaction, unless it only counts. False when all is done.
    bool step(Database& database);

    /// So far, per table.
    const RowCounts& past() const { return past_; }

private:
    void step_records(Database& database, model::Entity entity);
    void step_simple(Database& database);
    void step_commitments(Database& database);
    void step_team_sums(Database& database);
    void step_weeks(Database& database);
    std::int64_t count_or_remove(Database& database, const std::string& table,
                                 const std::string& key, const std::string& past,
                                 std::string_view first, std::string_view second);

    RetentionOptions options_;
    Instant now_;
    Mode mode_;
    std::size_t stage_ = 0;                // entities, and then the other tables
    std::int64_t walked_to_ = 0;           // row of the present entity
    std::optional<MeasureList> measures_;  // of the warehouse
    RowCounts past_;
};

}  // namespace nudged::warehouse
