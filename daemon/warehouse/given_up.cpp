// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/given_up.hpp"

namespace nudged::warehouse {

std::vector<GivenUp> read_given_up(const Database& database, Instant after,
                                   std::optional<std::string_view> channel) {
    auto row = database.prepare(R"sql(
        SELECT channel, sum(state = 'dead'), sum(state = 'refused'), sum(state = 'unknown'),
            min(given_up_at)
        FROM outbox
        WHERE given_up_at > ?1 AND (?2 IS NULL OR channel = ?2)
            AND substr(key, 1, length(?3)) <> ?3 AND state IN ('dead', 'refused', 'unknown')
        GROUP BY channel ORDER BY channel
    )sql");
    row.bind(1, after);
    if (channel) row.bind(2, *channel);
    row.bind(3, given_up_notice);
    std::vector<GivenUp> all;
    while (row.step())
        all.push_back({.channel = std::string{row.text(0)},
                       .expired = row.integer(1),
                       .refused = row.integer(2),
                       .unknown = row.integer(3),
                       .first = from_millis(row.integer(4))});
    return all;
}

std::vector<std::int64_t> find_expired(const Database& database, const GivenUpFilter& filter) {
    auto row = database.prepare(R"sql(
        SELECT id FROM outbox
        WHERE state = 'dead' AND (?1 = '' OR channel = ?1) AND (?2 IS NULL OR created_at >= ?2)
            AND (?3 IS NULL OR created_at < ?3)
        ORDER BY id
    )sql");
    row.bind(1, std::string_view{filter.channel}).bind(2, filter.since).bind(3, filter.until);
    std::vector<std::int64_t> ids;
    while (row.step()) ids.push_back(row.integer(0));
    return ids;
}

}  // namespace nudged::warehouse
