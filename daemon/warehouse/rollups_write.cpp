// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/rollups_write.hpp"

#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/tables.hpp"

#include <boost/container_hash/hash.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace nudged::warehouse {
namespace {

/// Opportunities of one stage that are counted again at once, when its meaning changes; some
/// hundredths of a second.
constexpr std::int64_t most_of_a_stage = 10'000;

constexpr Instant first_day = std::chrono::sys_days{std::chrono::year{2} / 1 / 1};
constexpr Instant end_of_days = std::chrono::sys_days{std::chrono::year{9998} / 1 / 1};

std::optional<bool> flag(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.integer(column) != 0;
}

std::optional<WalkPosition> position_at(const Statement& row, int column) {
    const auto entity = model::entity_of(row.text(column));
    if (!entity) return std::nullopt;
    return WalkPosition{*entity, row.maybe_integer(column + 1), row.integer(column + 2)};
}

}  // namespace

std::size_t hash_value(const RollupSums::Key& key) {
    std::size_t seed = static_cast<std::size_t>(key.user);
    boost::hash_combine(seed, (std::int64_t{key.measure} << 32) + key.day);
    return seed;
}

void RollupSums::add(const RollupSums& others) {
    for (const auto& [key, sum] : others.sums_) sums_[key] += sum;
}

std::vector<std::pair<RollupSums::Key, std::int64_t>> RollupSums::sorted() const {
    std::vector<std::pair<Key, std::int64_t>> rows;
    rows.reserve(sums_.size());
    for (const auto& [key, sum] : sums_)
        if (sum != 0) rows.emplace_back(key, sum);
    std::sort(rows.begin(), rows.end());
    return rows;
}

void RollupSums::flush(Database& database, std::span<const MeasureState> states) {
    auto add = database.prepare(
        "INSERT INTO rollup (user_id, measure_id, day, value) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT DO UPDATE SET value = value + excluded.value");
    auto drop_zero = database.prepare(
        "DELETE FROM rollup WHERE user_id = ?1 AND measure_id = ?2 AND day = ?3 AND value = 0");
    for (const auto& [key, sum] : sorted()) {
        const auto& state = states[static_cast<std::size_t>(key.measure)];
        add.bind(1, key.user).bind(2, state.id).bind(3, key.day).bind(4, sum).run();
        if (sum < 0 || state.measure->below_zero)
            drop_zero.bind(1, key.user).bind(2, state.id).bind(3, key.day).run();
    }
    sums_.clear();
}

std::optional<std::int32_t> LocalDays::day_of(Instant instant) {
    if (instant < first_day || instant >= end_of_days) return std::nullopt;
    if (!period_.contains(instant)) period_ = period_of(zone_, instant);
    const auto local = instant.time_since_epoch() + period_.offset;
    return static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(local).count());
}

RecordCounts::RecordCounts(std::span<const Measure> measures) : measures_(measures) {
    for (std::size_t i = 0; i < measures.size(); ++i)
        of_[static_cast<std::size_t>(measures[i].entity)].push_back(static_cast<std::int32_t>(i));
}

std::span<const RecordCounts::Item> RecordCounts::count(const model::Record& record,
                                                        LocalDays& days, const StageFlags& stage) {
    items_.clear();
    for (const auto index : of_[static_cast<std::size_t>(record.entity)]) {
        const auto counted = measures_[static_cast<std::size_t>(index)].counted(record, stage);
        if (!counted || counted->value == 0) continue;
        std::optional<std::int32_t> day;
        if (const auto* instant = std::get_if<Instant>(&counted->when))
            day = days.day_of(*instant);
        else
            day = static_cast<std::int32_t>(
                std::get<std::chrono::local_days>(counted->when).time_since_epoch().count());
        if (!day) continue;
        if (counted->done_at) {
            const auto done = days.day_of(*counted->done_at);
            if (!done || *done > *day) continue;
        }
        items_.push_back({index, *day, counted->value});
    }
    return items_;
}

StageFlags stage_flags_of(const Database& database, SourceId source, std::string_view stage) {
    auto row = database.prepare(
        "SELECT is_closed, is_won FROM stage WHERE source_id = ?1 AND external_id = ?2");
    row.bind(1, source).bind(2, stage);
    if (!row.step()) return {};
    return {.is_closed = flag(row, 0), .is_won = flag(row, 1)};
}

StageFlags flags_of_stage(const model::Record& stage) {
    static const std::size_t is_closed = *model::field_index(model::Entity::stage, "is_closed");
    static const std::size_t is_won = *model::field_index(model::Entity::stage, "is_won");
    const auto flag_at = [&](std::size_t field) -> std::optional<bool> {
        if (std::holds_alternative<std::monostate>(stage.values[field])) return std::nullopt;
        return stage.integer_at(field, 0) != 0;
    };
    return {.is_closed = flag_at(is_closed), .is_won = flag_at(is_won)};
}

std::string_view stage_of(const model::Record& record) {
    static const std::size_t stage = *model::field_index(model::Entity::opportunity, "stage");
    return record.entity == model::Entity::opportunity ? record.text_at(stage) : std::string_view{};
}

RollupChanges::RollupChanges(Database& database, SourceId source, std::span<const Measure> wanted)
    : database_(database), source_(source), wanted_(wanted), counts_(wanted) {}

RollupChanges::User& RollupChanges::user_of(std::string_view owner) {
    const auto found = users_.find(owner);
    if (found != users_.end()) return found->second;
    const auto id = ensure_rollup_user(database_, source_, owner);
    std::optional<UserRecount> recount;
    auto row = database_.prepare(
        "SELECT entity, walked, record_id FROM rollup_recount WHERE user_id = ?1");
    if (row.bind(1, id).step()) recount = UserRecount{position_at(row, 0)};
    return users_
        .emplace(owner, User{id, LocalDays{day_zone_of(database_, source_, owner)}, recount})
        .first->second;
}

const StageFlags& RollupChanges::flags_of(std::string_view stage) {
    static const StageFlags none;
    if (stage.empty()) return none;
    const auto found = stages_.find(stage);
    if (found != stages_.end()) return found->second;
    return stages_.emplace(stage, stage_flags_of(database_, source_, stage)).first->second;
}

void RollupChanges::count(const model::Record& record, std::int64_t row, int sign) {
    count(record, row, flags_of(stage_of(record)), sign);
}

void RollupChanges::count(const model::Record& record, std::int64_t row, const StageFlags& flags,
                          int sign) {
    if (!counts_.any(record.entity)) return;
    const auto owner = owner_of(record);
    if (owner.empty()) return;
    auto& user = user_of(owner);
    if (user.recount && !user.recount->counts(walk_position(record, row))) return;
    for (const auto& item : counts_.count(record, user.days, flags)) {
        const auto& state = states()[static_cast<std::size_t>(item.measure)];
        if (user.recount || state.counts(row))
            page_.add({user.id, item.measure, item.day}, sign * item.value);
    }
}

void RollupChanges::keep() {
    sums_.add(page_);
    page_.clear();
}

void RollupChanges::drop() {
    page_.clear();
    // What was read or made for the page is not there any more once that is undone.
    users_.clear();
    stages_.clear();
    states_.clear();
    recounts_ = false;
}

std::span<const MeasureState> RollupChanges::states() {
    if (states_.empty()) states_ = adopt_measures(database_, wanted_);
    return states_;
}

void RollupChanges::change_stage(std::string_view stage, const StageFlags& before,
                                 const StageFlags& now) {
    if (before == now) return;
    const auto& table = table_of(model::Entity::opportunity);
    static const std::string sql =
        fmt::format("SELECT id, {} FROM opportunity WHERE source_id = ?1 AND stage = ?2 AND "
                    "deleted_at IS NULL AND (is_closed IS NULL OR is_won IS NULL) LIMIT ?3",
                    table.columns);
    auto rows = database_.prepare(sql);
    rows.bind(1, source_).bind(2, stage).bind(3, most_of_a_stage + 1);
    model::Record record;
    record.entity = model::Entity::opportunity;
    std::int64_t counted = 0;
    for (; counted <= most_of_a_stage && rows.step(); ++counted) {
        read_values(rows, 1, record);
        count(record, rows.integer(0), before, -1);
        count(record, rows.integer(0), now, +1);
    }
    rows.reset();
    stages_.insert_or_assign(std::string{stage}, now);
    if (counted > most_of_a_stage) restart_by_stage();
}

void RollupChanges::restart_by_stage() {
    keep();
    sums_.flush(database_, states());
    std::vector<Measure> which;
    std::copy_if(wanted_.begin(), wanted_.end(), std::back_inserter(which),
                 [](const Measure& measure) { return measure.by_stage; });
    restart_measures(database_, which);
    states_.clear();
    users_.clear();
    recounts_ = true;
}

void RollupChanges::change_days(std::string_view user) {
    keep();
    sums_.flush(database_, states());
    recount_user(database_, source_, user);
    if (const auto known = users_.find(user); known != users_.end()) users_.erase(known);
    recounts_ = true;
}

void RollupChanges::flush() {
    keep();
    sums_.flush(database_, states());
    if (!std::exchange(recounts_, false)) return;
    recount_at_once(database_, wanted_);
    states_.clear();
    users_.clear();
}

}  // namespace nudged::warehouse
