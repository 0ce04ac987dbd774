// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/removal.hpp"

#include "connectors/base/calendar.hpp"
#include "daemon/warehouse/tables.hpp"

#include <fmt/format.h>

namespace nudged::warehouse {
namespace {

using model::Entity;

constexpr int first_value = 5;  // of stored_columns()

StageFlags flags_of(const Database& database, SourceId source, const model::Record& record) {
    static const std::size_t stage = *model::field_index(Entity::opportunity, "stage");
    if (record.entity != Entity::opportunity) return {};
    return stage_flags_of(database, source, record.text_at(stage));
}

/// The team of a user on a day, by the roster; "" when there is none, or it is too small.
std::string team_on(const Database& database, SourceId source, std::string_view user,
                    std::string_view day) {
    auto row = database.prepare(R"sql(
SELECT t.name, (SELECT count(*) FROM team_member o WHERE o.team_id = t.id
                   AND o.from_day <= ?3 AND ?3 < o.until_day)
  FROM attribution u
  JOIN team_member m ON m.person_id = u.person_id AND m.from_day <= ?3 AND ?3 < m.until_day
  JOIN team t ON t.id = m.team_id
 WHERE u.source_id = ?1 AND u.user = ?2 AND u.from_day <= ?3 AND ?3 < u.until_day
 ORDER BY t.id LIMIT 1)sql");
    row.bind(1, source).bind(2, user).bind(3, day);
    if (!row.step() || row.integer(1) < smallest_team) return {};
    return std::string{row.text(0)};
}

/// Tables that say something more about a record by (source, entity, id).
std::vector<std::string> tables_beside(const Database& database) {
    auto rows = database.prepare(R"sql(
SELECT s.name FROM sqlite_schema s WHERE s.type = 'table'
   AND 3 = (SELECT count(*) FROM pragma_table_info(s.name) c
             WHERE c.name IN ('source_id', 'entity', 'external_id')))sql");
    std::vector<std::string> tables;
    while (rows.step()) tables.emplace_back(rows.text(0));
    return tables;
}

/// "opportunity_change" of an opportunity: the history of a record, by its id in a column of its
/// entity's name; "" where there is none.
std::string find_history(const Database& database, std::string_view entity) {
    const std::string table = fmt::format("{}_change", entity);
    auto row = database.prepare("SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2");
    row.bind(1, std::string_view{table}).bind(2, entity);
    return row.step() ? table : "";
}

}  // namespace

std::string stored_columns(Entity entity) {
    return fmt::format("id, source_id, external_id, modified_at, deleted_at, {}",
                       table_of(entity).columns);
}

StoredRecord read_stored(const Statement& row, Entity entity) {
    StoredRecord stored;
    stored.row = row.integer(0);
    stored.source = SourceId{row.integer(1)};
    stored.record.entity = entity;
    stored.record.id = row.text(2);
    stored.record.modified = row.maybe_instant(3);
    stored.record.deleted = !row.is_null(4);
    read_values(row, first_value, stored.record);
    return stored;
}

Removal::Removal(Database& database)
    : database_(database),
      measures_(read_measures(database)),
      tables_beside_(tables_beside(database)) {}

const std::string& Removal::history_of(Entity entity) {
    auto found = histories_.find(entity);
    if (found == histories_.end())
        found = histories_.emplace(entity, find_history(database_, to_string(entity))).first;
    return found->second;
}

RollupChanges& Removal::rollups_of(SourceId source) {
    return rollups_.try_emplace(source, database_, source, measures_.all()).first->second;
}

void Removal::fold(const StoredRecord& stored, const model::Record& record, int sign) {
    const auto owner = owner_of(record);
    if (owner.empty()) return;
    LocalDays days{day_zone_of(database_, stored.source, owner)};
    for (const auto& item : counts_.count(record, days, flags_of(database_, stored.source, record)))
        sums_[stored.source][{std::string{owner}, item.measure,
                              std::chrono::local_days{std::chrono::days{item.day}}}] +=
            sign * item.value;
}

void Removal::remove(const StoredRecord& stored) {
    const auto entity = stored.record.entity;
    if (!stored.record.deleted) {
        fold(stored, stored.record, +1);
        rollups_of(stored.source).take(stored.record, stored.row);
    }
    remove_beside(stored);
    const auto name = to_string(entity);
    database_.prepare(fmt::format("DELETE FROM {} WHERE id = ?1", name)).bind(1, stored.row).run();
    ++removed_[std::string{name}];
}

void Removal::remove_beside(const StoredRecord& stored) {
    const auto entity = to_string(stored.record.entity);
    for (const auto& table : tables_beside_)
        database_
            .prepare(fmt::format("DELETE FROM {} WHERE source_id = ?1 AND entity = ?2 AND "
                                 "external_id = ?3",
                                 table))
            .bind(1, stored.source)
            .bind(2, entity)
            .bind(3, stored.record.id)
            .run();
    const auto& history = history_of(stored.record.entity);
    if (history.empty()) return;
    const auto removed = database_
                             .prepare(fmt::format("DELETE FROM {} WHERE source_id = ?1 AND {} = ?2",
                                                  history, entity))
                             .bind(1, stored.source)
                             .bind(2, stored.record.id)
                             .run();
    if (removed > 0) removed_[history] += removed;
}

void Removal::replace(const StoredRecord& stored, const model::Record& changed) {
    const auto entity = stored.record.entity;
    if (!stored.record.deleted) {
        fold(stored, stored.record, +1);
        fold(stored, changed, -1);
        rollups_of(stored.source).take(stored.record, stored.row);
    }
    std::string assignments;
    const auto fields = model::fields_of(entity);
    for (std::size_t i = 0; i < fields.size(); ++i)
        assignments += fmt::format("{}{} = ?{}", i ? ", " : "", fields[i].name, i + 2);
    auto update = database_.prepare(
        fmt::format("UPDATE {} SET {} WHERE id = ?1", to_string(entity), assignments));
    update.bind(1, stored.row);
    bind_values(update, 2, changed);
    update.run();
    if (!stored.record.deleted) rollups_of(stored.source).add(changed, stored.row);
}

void Removal::flush() {
    auto add = database_.prepare(
        "INSERT INTO team_sum (team, monday, measure, value) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT DO UPDATE SET value = value + excluded.value");
    for (const auto& [source, sums] : sums_)
        for (const auto& [key, sum] : sums) {
            if (sum == 0) continue;
            const auto& [user, measure, day] = key;
            const auto team = team_on(database_, source, user, format_date(day));
            const auto monday = format_date(IsoWeek::of(day).monday());
            add.bind(1, team)
                .bind(2, monday)
                .bind(3, measures_.all()[static_cast<std::size_t>(measure)].name)
                .bind(4, sum)
                .run();
        }
    sums_.clear();
    for (auto& [source, rollups] : rollups_) rollups.flush();
    rollups_.clear();
}

}  // namespace nudged::warehouse
