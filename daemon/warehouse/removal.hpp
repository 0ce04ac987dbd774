// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/own_measures.hpp"
#include "daemon/warehouse/rollups_write.hpp"
#include "daemon/warehouse/store.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace nudged::warehouse {

/// How many rows of which table.
using RowCounts = std::map<std::string, std::int64_t>;

/// A team is summed up by itself from this many members on; of fewer, what one of them did could be
/// told from the sum, which is the organisation's then.
inline constexpr int smallest_team = 3;

/// A stored record with where it stands; its text lives until the statement that read it is
/// stepped.
struct StoredRecord {
    std::int64_t row = 0;
    SourceId source{};
    model::Record record;  // `deleted` for a tombstone, with the values of before
};

/// Removes records for good, with their history and all that is kept beside them by their id, and
/// lets what they counted for their owner go to the sums of the owner's team (table team_sum). One
/// use per transaction, inside it: flush() before it ends.
class Removal {
public:
    explicit Removal(Database& database);

    void remove(const StoredRecord& stored);
    /// Writes `changed` in the place of `stored`; what its owner no longer counts, the team does.
    void replace(const StoredRecord& stored, const model::Record& changed);
    void flush();

    const RowCounts& removed() const { return removed_; }

private:
    const std::string& history_of(model::Entity entity);
    RollupChanges& rollups_of(SourceId source);
    void fold(const StoredRecord& stored, const model::Record& record, int sign);
    void remove_beside(const StoredRecord& stored);

    Database& database_;
    MeasureList measures_;
    std::map<SourceId, RollupChanges> rollups_;
    /// Sums on their way to teams, by owner, index of the measure and day.
    using OwnerSums =
        std::map<std::tuple<std::string, std::int32_t, std::chrono::local_days>, std::int64_t>;
    std::map<SourceId, OwnerSums> sums_;
    RecordCounts counts_{measures_.all()};
    std::vector<std::string> tables_beside_;
    std::map<model::Entity, std::string> histories_;
    RowCounts removed_;
};

/// The select list of an entity's table for read_stored().
std::string stored_columns(model::Entity entity);
StoredRecord read_stored(const Statement& row, model::Entity entity);

}  // namespace nudged::warehouse
