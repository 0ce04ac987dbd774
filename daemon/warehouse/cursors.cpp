// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/cursors.hpp"

#include "daemon/warehouse/row_text.hpp"
#include "daemon/warehouse/store.hpp"

namespace nudged::warehouse {

model::Cursor read_cursor(const Database& database, const std::string& source,
                          model::Stream stream) {
    auto row = database.prepare(
        "SELECT c.floor, c.position FROM cursor c JOIN source s ON s.id = c.source_id "
        "WHERE s.name = ?1 AND c.entity = ?2 AND c.lane = ?3");
    row.bind(1, source).bind(2, model::to_string(stream.entity));
    if (!row.bind(3, model::to_string(stream.lane)).step()) return {};
    return {.floor = std::string{row.text(0)}, .position = std::string{row.text(1)}};
}

std::map<model::Stream, Instant> read_completed(const Database& database,
                                                const std::string& source) {
    auto rows = database.prepare(
        "SELECT c.entity, c.lane, c.complete_at FROM cursor c JOIN source s ON s.id = c.source_id "
        "WHERE s.name = ?1 AND c.complete_at IS NOT NULL");
    rows.bind(1, source);
    std::map<model::Stream, Instant> completed;
    while (rows.step()) {
        const auto entity = model::entity_of(rows.text(0));
        const auto lane = model::lane_of(rows.text(1));
        if (entity && lane) completed[{*entity, *lane}] = from_millis(rows.integer(2));
    }
    return completed;
}

void declare_streams(Database& database, const std::string& source, const std::string& connector,
                     const std::vector<ToldStream>& told) {
    const auto id = ensure_source(database, source, connector);
    auto insert = database.prepare(
        "INSERT OR IGNORE INTO cursor (source_id, entity, lane, floor, position, updated_at) "
        "VALUES (?1, ?2, ?3, '', '', 0) RETURNING 1");
    // What it does not read for links any more is not to be waited for.
    std::vector<std::string> relinked;
    for (const auto& one : told)
        if (one.stream.lane == model::Lane::relink)
            relinked.emplace_back(model::to_string(one.stream.entity));
    database
        .prepare("DELETE FROM cursor WHERE source_id = ?1 AND lane = 'relink' "
                 "AND entity NOT IN (SELECT value FROM json_each(?2))")
        .bind(1, id)
        .bind(2, json_array(relinked))
        .run();
    auto begin_again =
        database.prepare("UPDATE cursor SET floor = '', position = '', complete_at = NULL "
                         "WHERE source_id = ?1 AND entity = ?2 AND lane = 'backfill'");
    for (const auto& one : told) {
        insert.reset();
        insert.bind(1, id).bind(2, model::to_string(one.stream.entity));
        const bool is_new = insert.bind(3, model::to_string(one.stream.lane)).step();
        if (!is_new || one.by == one.stream.entity) continue;
        if (one.stream.lane != model::Lane::backfill) continue;
        begin_again.reset();
        begin_again.bind(1, id).bind(2, model::to_string(one.by)).run();
    }
}

void begin_full_load(Database& database, const std::string& source) {
    database
        .prepare("UPDATE cursor SET floor = '', position = '', complete_at = NULL, full = 1 "
                 "WHERE source_id = (SELECT id FROM source WHERE name = ?1)")
        .bind(1, source)
        .run();
}

bool is_full_load(const Database& database, const std::string& source, model::Stream stream) {
    auto row = database.prepare("SELECT c.full FROM cursor c JOIN source s ON s.id = c.source_id "
                                "WHERE s.name = ?1 AND c.entity = ?2 AND c.lane = ?3");
    row.bind(1, source).bind(2, model::to_string(stream.entity));
    return row.bind(3, model::to_string(stream.lane)).step() && row.integer(0) != 0;
}

void begin_again(Database& database, const std::string& source,
                 const std::vector<model::Entity>& entities) {
    auto update = database.prepare(
        "UPDATE cursor SET floor = '', position = '', complete_at = NULL "
        "WHERE source_id = (SELECT id FROM source WHERE name = ?1) AND entity = ?2 "
        "AND lane IN ('incremental', 'backfill')");
    for (const auto entity : entities) {
        update.reset();
        update.bind(1, source).bind(2, model::to_string(entity)).run();
    }
}

void clear_position(Database& database, const std::string& source, model::Stream stream) {
    database
        .prepare("UPDATE cursor SET position = '' WHERE source_id = (SELECT id FROM source WHERE "
                 "name = ?1) AND entity = ?2 AND lane = ?3")
        .bind(1, source)
        .bind(2, model::to_string(stream.entity))
        .bind(3, model::to_string(stream.lane))
        .run();
}

}  // namespace nudged::warehouse
