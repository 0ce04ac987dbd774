// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "daemon/warehouse/measures.hpp"
#include "daemon/warehouse/store.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

// How far rollups are counted. A count over many records goes in steps, one transaction each, while
// records go on changing between them. What keeps it exact is one rule: the sums are those of the
// records up to a position, so a change is applied where it lies behind the position, and left to
// the step that comes to it where it lies before. There are two kinds:
//
// * a *measure* is counted over all records of its entity in the order of their rows, when it is
// new,
//   has another revision, or is rebuilt. It gets a new id, so that no old sum can mix in.
// * a *user* is counted for all measures, in the order of the owner index, when their zone changes.
//   While such a count exists, it alone speaks for the user: counts of measures leave the user out,
//   and it is kept as done until no measure is being counted any more.

/// A measure as the warehouse has it.
struct MeasureState {
    const Measure* measure;
    std::int64_t id;
    /// Row of the entity up to which records are counted; empty: all are.
    std::optional<std::int64_t> counted_to;

    bool counts(std::int64_t row) const { return !counted_to || row <= *counted_to; }
};

/// The states of `wanted`, in its order. One that is unknown, or known by another revision, is
/// begun, and one that is not wanted any more ends. Inside a write transaction.
std::vector<MeasureState> adopt_measures(Database& database, std::span<const Measure> wanted);

/// Begins those of `which` anew. Inside a write transaction.
void restart_measures(Database& database, std::span<const Measure> which);

/// Where a record stands in the walk over its user's records: first by entity, then those without a
/// moment, then by moment and row.
struct WalkPosition {
    model::Entity entity;
    std::optional<std::int64_t> moment;
    std::int64_t row = 0;

    friend auto operator<=>(const WalkPosition&, const WalkPosition&) = default;
};
WalkPosition walk_position(const model::Record& record, std::int64_t row);

/// The column by which the owner index of an entity goes on; "" where by row.
std::string_view walk_column(model::Entity entity);

/// Entities whose records may count, in the order of the walk.
std::span<const model::Entity> counted_entities();

/// How far the count of one user is.
struct UserRecount {
    std::optional<WalkPosition> position;  // empty: done

    bool counts(const WalkPosition& record) const { return !position || record <= *position; }
};

/// Begins to count everything of one user anew: their days have changed, or their sums are wrong.
/// Inside a write transaction.
void recount_user(Database& database, SourceId source, std::string_view user);

/// The zone in which a user's days are counted; UTC for a user who is not known (yet).
Zone day_zone_of(const Database& database, SourceId source, std::string_view user);

/// The row of `user` in rollup_user, made when missing.
std::int64_t ensure_rollup_user(Database& database, SourceId source, std::string_view user);

}  // namespace nudged::warehouse
