// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/outbox.hpp"

// What a person does with messages: sends them once more, holds them, lets them go.

namespace nudged::warehouse {

Replayed replay_messages(Database& database, const std::vector<std::int64_t>& ids, Instant now,
                         const std::function<std::chrono::hours(std::string_view)>& useful) {
    Replayed result;
    for (const auto id : ids) {
        const auto row = read_outbox_row(database, OutboxId{id});
        const auto expires_at = row ? now + useful(row->channel) : now;
        // What nobody has an answer for is the same bytes again: they say that it may be a repeat.
        const auto replayed = database
                                  .prepare(R"sql(
            UPDATE outbox SET state = 'pending', due_at = ?2, expires_at = ?3, first_try_at = NULL,
                given_up_at = NULL, quiet_from = NULL,
                payload = CASE state WHEN 'unknown' THEN payload END
            WHERE id = ?1 AND state IN ('dead', 'refused', 'unknown')
        )sql")
                                  .bind(1, id)
                                  .bind(2, now)
                                  .bind(3, expires_at)
                                  .run();
        if (replayed == 0)
            result.not_given_up.push_back(id);
        else
            ++result.replayed;
    }
    return result;
}

std::int64_t hold_messages(Database& database) {
    return database
        .prepare("UPDATE outbox SET state = 'held', lease_until = NULL "
                 "WHERE state IN ('pending', 'claimed')")
        .run();
}

Released release_messages(Database& database, const std::vector<std::int64_t>& ids, Instant now) {
    auto wanted = ids;
    if (wanted.empty()) {
        auto held = database.prepare("SELECT id FROM outbox WHERE state = 'held' ORDER BY id");
        while (held.step()) wanted.push_back(held.integer(0));
    }
    Released result;
    for (const auto id : wanted) {
        auto release = database.prepare(R"sql(
            UPDATE outbox SET state = 'pending', quiet_from = NULL WHERE id = ?1 AND state = 'held'
            RETURNING expires_at <= ?2
        )sql");
        release.bind(1, id).bind(2, now);
        if (!release.step()) {
            result.not_held.push_back(id);
            continue;
        }
        ++result.released;
        result.expired += release.integer(0);
    }
    return result;
}

}  // namespace nudged::warehouse
