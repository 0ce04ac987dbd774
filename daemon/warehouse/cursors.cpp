// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/cursors.hpp"

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

}  // namespace nudged::warehouse
