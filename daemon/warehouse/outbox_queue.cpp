// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/outbox_queue.hpp"

namespace nudged::warehouse {

OutboxQueue read_queue(const Database& database, std::string_view channel) {
    auto row = database.prepare(R"sql(
        SELECT count(*), min(due_at) FROM outbox
        WHERE channel = ?1 AND state IN ('pending', 'claimed')
    )sql");
    row.bind(1, channel).step();
    return {.waiting = row.integer(0), .oldest = row.maybe_instant(1)};
}

}  // namespace nudged::warehouse
