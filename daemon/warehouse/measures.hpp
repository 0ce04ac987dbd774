// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "connectors/model/record.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace nudged::warehouse {

/// What the stage of an opportunity says about it; empty where the stage, or its flag, is unknown.
struct StageFlags {
    std::optional<bool> is_closed;
    std::optional<bool> is_won;
    friend bool operator==(const StageFlags&, const StageFlags&) = default;
};

/// How an opportunity ended: its own fields decide, then its stage. `closed` is one of which it is
/// not known whether it was won.
enum class Ending { open, won, lost, closed };
Ending ending_of(const model::Record& opportunity, const StageFlags& stage);

/// What one record adds to a measure, and when: an instant belongs to the local day of its owner, a
/// date is one already.
struct Count {
    std::variant<Instant, std::chrono::local_days> when;
    std::int64_t value = 1;
    /// It only counts if this moment is on that day at the latest, where the owner lives.
    std::optional<Instant> done_at{};
};

class MeasureRule;

/// One thing that is counted per user and local day. The rollup rows of `name` hold whole numbers
/// of 1/`parts` of the unit.
struct Measure {
    std::string_view name;  // in kpis.toml and in the views
    std::string_view unit;
    std::string_view meaning;
    model::Entity entity;  // whose records count, for the user in their field `owner`
    std::int64_t parts;
    /// Of the definition, by which a stored sum is known to be of this one: grows whenever `count`
    /// comes to say something else. Records are counted anew then, and the measure reads as not
    /// proven until they are.
    std::int64_t revision;
    std::optional<Count> (*count)(const model::Record& record, const StageFlags& stage);
    bool by_stage = false;  // what the stage says may decide
    bool below_zero = false;
    /// Whether its first day tells since when records of the entity are known: not where it counts
    /// on a day that somebody plans, nor where it leaves most of them out.
    bool shows_begin = true;
    /// Whether it counts plans, which are results once their day is over where the owner lives.
    /// What a record says does not change then, so the sums hold plans too, and readers stop before
    /// today.
    bool is_planned_ahead = false;
    const MeasureRule* rule =
        nullptr;  // in the place of `count`: an admin's own (own_measures.hpp)

    std::optional<Count> counted(const model::Record& record, const StageFlags& stage) const;
    /// Things that happen, one by one: only these scatter as counts do. Seconds and amounts do not.
    bool is_count() const { return parts == 1 && unit != "seconds"; }
};

/// Those that nudged ships. A warehouse may have others beside them (own_measures.hpp), so whoever
/// keeps or counts sums is handed a list.
std::span<const Measure> measures();
const Measure* find_measure(std::string_view name);

/// The day on which an opportunity ended: the moment it was closed, else its close date; none where
/// neither is known.
std::optional<Count> count_at_end(const model::Record& opportunity, std::int64_t value);
/// A call's beginning, or when it was logged where the CRM keeps no beginning.
std::optional<Count> count_at_call(const model::Record& call, std::int64_t value);

/// The user for whom a record counts; "" when nobody.
std::string_view owner_of(const model::Record& record);

/// A canonical decimal in hundredths, a third place rounded half away from zero; nullopt beyond
/// ±10^13 units, which no deal is worth and whose sums might not fit.
std::optional<std::int64_t> hundredths(std::string_view decimal);

}  // namespace nudged::warehouse
