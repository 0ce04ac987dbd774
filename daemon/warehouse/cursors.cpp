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

}  // namespace nudged::warehouse
