// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/snapshots.hpp"

#include <fmt/format.h>

namespace nudged::warehouse {
namespace {

constexpr std::size_t always_believed = 20;  // live records; of fewer, all may vanish
constexpr std::size_t believed_part = 5;

void forget(Database& database, SourceId source, std::string_view entity) {
    for (const char* sql : {"DELETE FROM snapshot WHERE source_id = ?1 AND entity = ?2",
                            "DELETE FROM snapshot_seen WHERE source_id = ?1 AND entity = ?2"})
        database.prepare(sql).bind(1, source).bind(2, entity).run();
}

std::optional<Instant> began_at(const Database& database, SourceId source,
                                std::string_view entity) {
    auto row =
        database.prepare("SELECT began_at FROM snapshot WHERE source_id = ?1 AND entity = ?2");
    row.bind(1, source).bind(2, entity);
    return row.step() ? row.maybe_instant(0) : std::nullopt;
}

constexpr int first_mark = 4;  // the parameter behind source, time and entity

/// A CRM's list of changes knows nothing of those that nudged saw, and forgets old ones, which
/// happened all the same.
std::string_view told_alone(model::Entity entity) {
    if (entity != model::Entity::opportunity_change) return "";
    return " AND origin = 'crm' AND changed_at >= (SELECT min(c.changed_at) FROM snapshot_seen s "
           "JOIN opportunity_change c ON c.source_id = s.source_id AND "
           "c.external_id = s.external_id WHERE s.source_id = ?1 AND "
           "s.entity = 'opportunity_change')";
}

/// Live records, but for those that were closed before: "… AND NOT (is_done IS ?4)".
std::string live_condition(model::Entity entity, const model::Page::Snapshot& snapshot) {
    std::string marks;
    int parameter = first_mark;
    for (const auto& closing : snapshot.closes)
        if (closing.marks)
            marks += fmt::format("{}{} IS ?{}", marks.empty() ? "" : " AND ",
                                 model::fields_of(entity)[closing.field].name, parameter++);
    return fmt::format("source_id = ?1 AND deleted_at IS NULL{}{}",
                       marks.empty() ? "" : fmt::format(" AND NOT ({})", marks),
                       told_alone(entity));
}

void bind_marks(Statement& statement, const model::Page::Snapshot& snapshot) {
    int parameter = first_mark;
    for (const auto& closing : snapshot.closes) {
        if (!closing.marks) continue;
        if (const auto* number = std::get_if<std::int64_t>(&closing.value))
            statement.bind(parameter++, *number);
        else if (const auto* text = std::get_if<std::string_view>(&closing.value))
            statement.bind(parameter++, *text);
        else
            statement.bind_null(parameter++);
    }
}

std::size_t live_records(const Database& database, SourceId source, model::Entity entity,
                         const model::Page::Snapshot& snapshot) {
    auto row =
        database.prepare(fmt::format("SELECT count(*) FROM {} WHERE {}", model::to_string(entity),
                                     live_condition(entity, snapshot)));
    bind_marks(row, snapshot);
    row.bind(1, source).step();
    return static_cast<std::size_t>(row.integer(0));
}

}  // namespace

bool is_too_many(std::size_t vanished, std::size_t live) {
    return live > always_believed && vanished * believed_part > live;
}

void note_snapshot(Database& database, SourceId source, model::Entity entity,
                   const model::Page& page) {
    const auto name = model::to_string(entity);
    if (page.snapshot->begins) {
        forget(database, source, name);
        database.prepare("INSERT INTO snapshot (source_id, entity, began_at) VALUES (?1, ?2, ?3)")
            .bind(1, source)
            .bind(2, name)
            .bind(3, page.fetched_at)
            .run();
    }
    auto note = database.prepare(
        "INSERT OR IGNORE INTO snapshot_seen (source_id, entity, external_id) VALUES (?1, ?2, ?3)");
    note.bind(1, source).bind(2, name);
    for (const auto& record : page.records)
        if (record.entity == entity && !record.deleted) note.bind(3, record.id).run();
    for (const auto id : page.snapshot->present) note.bind(3, id).run();
}

Vanished end_snapshot(Database& database, SourceId source, model::Entity entity,
                      const model::Page& page, bool full) {
    Vanished vanished;
    if (!page.snapshot->ends) return vanished;
    const auto name = model::to_string(entity);
    const auto since = began_at(database, source, name);
    if (!since) return vanished;
    const auto& snapshot = *page.snapshot;
    const std::size_t live = live_records(database, source, entity, snapshot);
    // A record that another fetch has told since the snapshot began is no older than it.
    auto rows = database.prepare(fmt::format(
        "SELECT external_id FROM {} WHERE {} AND fetched_at <= ?2 AND external_id NOT IN (SELECT "
        "external_id FROM snapshot_seen WHERE source_id = ?1 AND entity = ?3)",
        name, live_condition(entity, snapshot)));
    bind_marks(rows, snapshot);
    rows.bind(1, source).bind(2, *since).bind(3, name);
    while (rows.step()) vanished.ids.emplace_back(rows.text(0));
    // Of those that are read by their ids the answers will be believed, or not.
    const bool is_doubtful = !full && !snapshot.is_reread;
    if (is_doubtful && is_too_many(vanished.ids.size(), live)) {
        vanished.kept = vanished.ids.size();
        vanished.ids.clear();
    }
    forget(database, source, name);
    return vanished;
}

}  // namespace nudged::warehouse
