// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/snapshots.hpp"

#include <fmt/format.h>

namespace nudged::warehouse {
namespace {

constexpr std::size_t always_believed = 20;  // live records; of fewer, all may vanish
// Of more, a fifth: who has lost the right to see records gets a shorter list without a word.
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

std::size_t live_records(const Database& database, SourceId source, std::string_view entity) {
    auto row = database.prepare(
        fmt::format("SELECT count(*) FROM {} WHERE source_id = ?1 AND deleted_at IS NULL", entity));
    row.bind(1, source).step();
    return static_cast<std::size_t>(row.integer(0));
}

}  // namespace

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
    const std::size_t live = live_records(database, source, name);
    // A record that another fetch has told since the snapshot began is no older than it.
    auto rows = database.prepare(fmt::format(
        "SELECT external_id FROM {} WHERE source_id = ?1 AND deleted_at IS NULL AND "
        "fetched_at <= ?2 AND external_id NOT IN (SELECT external_id FROM snapshot_seen WHERE "
        "source_id = ?1 AND entity = ?3)",
        name));
    rows.bind(1, source).bind(2, *since).bind(3, name);
    while (rows.step()) vanished.ids.emplace_back(rows.text(0));
    if (!full && live > always_believed && vanished.ids.size() * believed_part > live) {
        vanished.kept = vanished.ids.size();
        vanished.ids.clear();
    }
    forget(database, source, name);
    return vanished;
}

}  // namespace nudged::warehouse
