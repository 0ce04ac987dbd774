// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "daemon/warehouse/measures.hpp"
#include "daemon/warehouse/store.hpp"

#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace nudged::warehouse {

/// User's external id, measure (index into measures()) and local day.
using RollupKey = std::tuple<std::string, std::size_t, std::chrono::local_days>;
using RollupSums = std::map<RollupKey, std::int64_t>;

/// Adds `sign` times what a record counts to the sums of its owner.
void add_counts(const model::Record& record, const Zone& zone, const StageFlags& stage, int sign,
                RollupSums& sums);

/// The zone in which a user's days are counted; UTC for a user who is not known (yet).
Zone day_zone_of(const Database& database, SourceId source, std::string_view user);
StageFlags stage_flags_of(const Database& database, SourceId source, std::string_view stage);

/// Keeps the rollups of one source true while its records change: what a record counted is taken
/// away before it is written, and what it counts then is added. Sums are written in the order of
/// their key by flush(), so that a page touches each rollup row once.
class RollupChanges {
public:
    RollupChanges(Database& database, SourceId source) : database_(database), source_(source) {}

    void take(const model::Record& record) { count(record, -1); }
    void add(const model::Record& record) { count(record, +1); }
    void flush();

    /// A user was written: the zone may be another.
    void forget_zones() { zones_.clear(); }
    /// Around a change of a stage's flags: the opportunities that go by them are counted again.
    void take_stage(std::string_view stage) { count_stage(stage, -1); }
    void add_stage(std::string_view stage);

private:
    void count(const model::Record& record, int sign);
    void count_stage(std::string_view stage, int sign);

    Database& database_;
    SourceId source_;
    std::map<std::string, Zone, std::less<>> zones_;
    std::map<std::string, StageFlags, std::less<>> stages_;
    RollupSums sums_;
};

}  // namespace nudged::warehouse
