// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone_period.hpp"
#include "daemon/warehouse/rollup_state.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nudged::warehouse {

/// Sums on their way to the table: many records add to few rows, and each row is written once.
class RollupSums {
public:
    struct Key {
        std::int64_t user;     // in rollup_user
        std::int32_t measure;  // index into the states that flush() is given
        std::int32_t day;      // since 1970-01-01

        friend auto operator<=>(const Key&, const Key&) = default;
        friend std::size_t hash_value(const Key& key);
    };

    void add(const Key& key, std::int64_t value) { sums_[key] += value; }
    void add(const RollupSums& others);
    bool empty() const { return sums_.empty(); }
    void clear() { sums_.clear(); }
    /// Writes and forgets them, in the order of the table. Rows that come to 0 go.
    void flush(Database& database, std::span<const MeasureState> states);

    /// Those that are not 0, in order.
    std::vector<std::pair<Key, std::int64_t>> sorted() const;

private:
    boost::unordered_flat_map<Key, std::int64_t> sums_;
};

/// The local day of one moment after another, mostly of the same few months: a change of clocks is
/// only looked up beyond the period that the last answer was from.
class LocalDays {
public:
    explicit LocalDays(Zone zone) : zone_(zone) {}
    /// Days have four digits of year; nullopt for what a CRM's epoch says beyond.
    std::optional<std::int32_t> day_of(Instant instant);

private:
    Zone zone_;
    ZonePeriod period_;
};

/// What one record adds to each measure of its entity.
class RecordCounts {
public:
    struct Item {
        std::int32_t measure;  // index
        std::int32_t day;
        std::int64_t value;
    };
    explicit RecordCounts(std::span<const Measure> measures);

    bool any(model::Entity entity) const { return !of_[static_cast<std::size_t>(entity)].empty(); }
    /// Valid until the next call.
    std::span<const Item> count(const model::Record& record, LocalDays& days,
                                const StageFlags& stage);

private:
    std::span<const Measure> measures_;
    std::array<std::vector<std::int32_t>, model::entity_count> of_;
    std::vector<Item> items_;
};

StageFlags stage_flags_of(const Database& database, SourceId source, std::string_view stage);
/// Of a record of a stage.
StageFlags flags_of_stage(const model::Record& stage);
/// The stage of an opportunity; "" where there is none, and of other records.
std::string_view stage_of(const model::Record& record);

/// Keeps the rollups of one source true while its records change: what a record counted is taken
/// away before it is written, and what it counts then is added. `row` is the record's row in the
/// table of its entity. Sums are written by flush(), so that a transaction of many pages touches
/// each rollup row once. Inside one write transaction, in which nobody else writes rollups or their
/// state meanwhile. `wanted` outlives it. A page that tells users or stages may cause a recount,
/// which writes what was summed up before: flush() before its savepoint begins.
class RollupChanges {
public:
    RollupChanges(Database& database, SourceId source, std::span<const Measure> wanted);

    void take(const model::Record& record, std::int64_t row) { count(record, row, -1); }
    void add(const model::Record& record, std::int64_t row) { count(record, row, +1); }
    /// What a stage says has changed: the opportunities that go by it are counted again, or, where
    /// they are very many, their measures begin anew.
    void change_stage(std::string_view stage, const StageFlags& before, const StageFlags& now);
    /// A user's days have changed: all their records are counted anew.
    void change_days(std::string_view user);
    /// The changes since the last keep() or drop() stay, or they never were: what the page they
    /// came with has written is being undone.
    void keep();
    void drop();
    /// Writes the sums. Users who were to be counted anew are, as far as few records go; the rest
    /// is left to recount_some(). What other sources' RollupChanges have read before is not to be
    /// relied on after it, but for their own flush().
    void flush();

private:
    struct User {
        std::int64_t id;
        LocalDays days;
        std::optional<UserRecount> recount;
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    template <typename T>
    using ByText = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

    void count(const model::Record& record, std::int64_t row, int sign);
    void count(const model::Record& record, std::int64_t row, const StageFlags& flags, int sign);
    std::span<const MeasureState> states();
    User& user_of(std::string_view owner);
    const StageFlags& flags_of(std::string_view stage);
    void restart_by_stage();

    Database& database_;
    SourceId source_;
    std::span<const Measure> wanted_;
    std::vector<MeasureState> states_;  // empty: not read yet
    RecordCounts counts_;
    RollupSums page_;  // of the present page
    RollupSums sums_;  // of the pages before
    ByText<User> users_;
    ByText<StageFlags> stages_;
    bool recounts_ = false;
};

}  // namespace nudged::warehouse
