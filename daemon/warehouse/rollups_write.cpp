// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/rollups_write.hpp"

#include "daemon/warehouse/tables.hpp"

namespace nudged::warehouse {
namespace {

std::string_view stage_of(const model::Record& record) {
    static const std::size_t stage = *model::field_index(model::Entity::opportunity, "stage");
    return record.entity == model::Entity::opportunity ? record.text_at(stage) : std::string_view{};
}

/// The cached answer of `read`, which is asked once per key.
template <typename T, typename Read>
const T& remembered(std::map<std::string, T, std::less<>>& cache, std::string_view key, Read read) {
    auto found = cache.find(key);
    if (found == cache.end()) found = cache.emplace(std::string{key}, read()).first;
    return found->second;
}

/// Days have four digits of year; a CRM's epoch may say anything.
bool has_day(Instant instant) {
    constexpr Instant first = std::chrono::sys_days{std::chrono::year{2} / 1 / 1};
    constexpr Instant last = std::chrono::sys_days{std::chrono::year{9998} / 1 / 1};
    return first <= instant && instant < last;
}

std::optional<bool> flag(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.integer(column) != 0;
}

}  // namespace

void add_counts(const model::Record& record, const Zone& zone, const StageFlags& stage, int sign,
                RollupSums& sums) {
    const auto owner = owner_of(record);
    if (owner.empty()) return;
    const auto all = measures();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].entity != record.entity) continue;
        const auto counted = all[i].count(record, stage);
        if (!counted || counted->value == 0) continue;
        const auto* instant = std::get_if<Instant>(&counted->when);
        if (instant && !has_day(*instant)) continue;
        const auto day =
            instant ? zone.local_day(*instant) : std::get<std::chrono::local_days>(counted->when);
        sums[{std::string{owner}, i, day}] += sign * counted->value;
    }
}

Zone day_zone_of(const Database& database, SourceId source, std::string_view user) {
    auto row =
        database.prepare("SELECT day_zone FROM user WHERE source_id = ?1 AND external_id = ?2");
    row.bind(1, source).bind(2, user);
    return row.step() ? Zone::find(row.text(0)).value_or(Zone::utc()) : Zone::utc();
}

StageFlags stage_flags_of(const Database& database, SourceId source, std::string_view stage) {
    auto row = database.prepare(
        "SELECT is_closed, is_won FROM stage WHERE source_id = ?1 AND external_id = ?2");
    row.bind(1, source).bind(2, stage);
    if (!row.step()) return {};
    return {.is_closed = flag(row, 0), .is_won = flag(row, 1)};
}

void RollupChanges::count(const model::Record& record, int sign) {
    const auto owner = owner_of(record);
    if (owner.empty()) return;
    const auto& zone =
        remembered(zones_, owner, [&] { return day_zone_of(database_, source_, owner); });
    const auto stage = stage_of(record);
    StageFlags flags;
    if (!stage.empty())
        flags =
            remembered(stages_, stage, [&] { return stage_flags_of(database_, source_, stage); });
    add_counts(record, zone, flags, sign, sums_);
}

void RollupChanges::count_stage(std::string_view stage, int sign) {
    const auto& table = table_of(model::Entity::opportunity);
    static const std::string sql =
        fmt::format("SELECT {} FROM opportunity WHERE source_id = ?1 AND stage = ?2 AND "
                    "deleted_at IS NULL AND (is_closed IS NULL OR is_won IS NULL)",
                    table.columns);
    auto rows = database_.prepare(sql);
    rows.bind(1, source_).bind(2, stage);
    model::Record record;
    record.entity = model::Entity::opportunity;
    while (rows.step()) {
        read_values(rows, 0, record);
        count(record, sign);
    }
}

void RollupChanges::add_stage(std::string_view stage) {
    stages_.clear();
    count_stage(stage, +1);
}

void RollupChanges::flush() {
    auto add = database_.prepare(
        "INSERT INTO rollup (source_id, user, day, measure, value) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT DO UPDATE SET value = value + excluded.value RETURNING value");
    auto drop = database_.prepare("DELETE FROM rollup WHERE source_id = ?1 AND user = ?2 AND "
                                  "day = ?3 AND measure = ?4");
    for (const auto& [key, sum] : sums_) {
        if (sum == 0) continue;
        const auto& [user, measure, local_day] = key;
        const std::string day = format_date(local_day);
        const auto name = measures()[measure].name;
        add.bind(1, source_).bind(2, user).bind(3, day).bind(4, name).bind(5, sum);
        const bool is_zero = add.step() && add.integer(0) == 0;
        add.reset();
        if (is_zero) drop.bind(1, source_).bind(2, user).bind(3, day).bind(4, name).run();
    }
    sums_.clear();
}

}  // namespace nudged::warehouse
