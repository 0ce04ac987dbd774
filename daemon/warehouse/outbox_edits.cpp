// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/outbox_edits.hpp"

#include <string>
#include <utility>

namespace nudged::warehouse {

bool still_says(const Database& database, std::string_view key, std::string_view message) {
    auto row = database.prepare("SELECT 1 FROM outbox WHERE key = ?1 AND message = ?2");
    return row.bind(1, key).bind(2, message).step();
}

void supersede_edits(Database& database, std::string_view edited) {
    database
        .prepare("UPDATE outbox SET state = 'superseded', last_reason = 'a later edit says more' "
                 "WHERE edits = ?1 AND state = 'pending'")
        .bind(1, edited)
        .run();
}

std::vector<OutboxRow> drop_edits(Database& database, std::string_view channel, bool can_edit) {
    std::vector<std::pair<OutboxId, std::string>> vain;
    {
        auto rows = database.prepare(R"sql(
            SELECT id, why FROM (
                SELECT o.id AS id, CASE
                    WHEN NOT ?2 THEN 'this channel cannot edit what it has delivered'
                    WHEN EXISTS (SELECT 1 FROM outbox n WHERE n.edits = o.edits AND n.id > o.id)
                        THEN 'a later edit says more'
                    WHEN NOT EXISTS (SELECT 1 FROM outbox b WHERE b.key = o.edits
                            AND b.channel = o.channel AND b.receipt IS NOT NULL)
                        THEN 'it is not known where the message stands that it edits'
                    END AS why
                FROM outbox o
                WHERE o.channel = ?1 AND o.edits IS NOT NULL AND o.state = 'pending')
            WHERE why IS NOT NULL ORDER BY id
        )sql");
        rows.bind(1, channel).bind(2, std::int64_t{can_edit});
        while (rows.step()) vain.emplace_back(OutboxId{rows.integer(0)}, rows.text(1));
    }
    std::vector<OutboxRow> dropped;
    for (const auto& [id, why] : vain) {
        auto row = read_outbox_row(database, id);
        give_up_edit(database, *row, why);
        dropped.push_back(std::move(*row));
    }
    return dropped;
}

void give_up_edit(Database& database, OutboxRow& row, std::string_view why) {
    supersede_message(database, row.id, why);
    row.state = OutboxState::superseded;
    row.last_reason = why;
}

}  // namespace nudged::warehouse
