// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/precision.hpp"

namespace nudged::warehouse {

std::vector<ToldEpisode> read_told_episodes(const Database& database, Instant from, Instant until) {
    auto rows = database.prepare(R"sql(
        WITH told AS (
            SELECT finding_id, min(at) AS at FROM finding_event WHERE what = 'told'
            GROUP BY finding_id HAVING min(at) >= ?1 AND min(at) < ?2)
        SELECT f.check_id, f.team, told.at, f.resolved_at,
            (SELECT min(e.at) FROM finding_event e WHERE e.finding_id = f.id AND e.at >= told.at
                AND e.what IN ('acknowledged', 'snoozed', 'dismissed', 'disputed')),
            a.kind, a.reason,
            (SELECT e.what FROM finding_event e WHERE e.finding_id = f.id
                AND e.what IN ('acknowledged', 'snoozed', 'dismissed', 'disputed', 'taken_back')
                ORDER BY e.id DESC LIMIT 1)
        FROM told JOIN finding f ON f.id = told.finding_id
        LEFT JOIN finding_answer a ON a.finding_id = f.id
        WHERE NOT f.is_praise
        ORDER BY f.check_id, f.team, f.id
    )sql");
    rows.bind(1, from).bind(2, until);
    std::vector<ToldEpisode> episodes;
    while (rows.step()) {
        ToldEpisode episode{.check = std::string{rows.text(0)},
                            .team = std::string{rows.text(1)},
                            .told_at = from_millis(rows.integer(2)),
                            .resolved_at = rows.maybe_instant(3),
                            .answered_at = rows.maybe_instant(4),
                            .answer = std::string{rows.text(5)},
                            .reason = std::string{rows.text(6)}};
        // An answer that went with its episode is still known by what happened.
        if (const auto last = rows.text(7); episode.answer.empty() && last != "taken_back")
            episode.answer = last;
        episodes.push_back(std::move(episode));
    }
    return episodes;
}

}  // namespace nudged::warehouse
