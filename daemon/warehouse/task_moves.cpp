// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/task_moves.hpp"

#include <charconv>

namespace nudged::warehouse {
namespace {

std::optional<Instant> instant_of(std::string_view millis) {
    std::int64_t number = 0;
    const auto* end = millis.data() + millis.size();
    const auto [stop, error] = std::from_chars(millis.data(), end, number);
    if (millis.empty() || error != std::errc{} || stop != end) return std::nullopt;
    return from_millis(number);
}

std::optional<std::chrono::local_days> day_of(const std::optional<std::chrono::local_days>& day,
                                              const std::optional<Instant>& at, const Zone& zone) {
    if (day) return day;
    return at ? std::optional{zone.local_day(*at)} : std::nullopt;
}

}  // namespace

std::optional<std::chrono::local_days> TaskMove::from(const Zone& zone) const {
    return day_of(from_day, from_at, zone);
}

std::optional<std::chrono::local_days> TaskMove::to(const Zone& zone) const {
    return day_of(to_day, to_at, zone);
}

std::vector<TaskMove> read_task_moves(const Reader& reader, Instant as_of) {
    // The branches of read_open_activities(), each with its partial index.
    auto rows = reader.database().prepare(R"sql(
WITH open AS (
  SELECT source_id, external_id FROM task
   WHERE is_done IS NOT 1 AND is_cancelled IS NOT 1 AND is_series IS NOT 1
  UNION ALL
  SELECT source_id, external_id FROM task
   WHERE is_done = 1 AND completed_at > ?1 AND is_cancelled IS NOT 1 AND is_series IS NOT 1
)
SELECT s.name, o.external_id, c.changed_at, c.field, c.old, c.new
  FROM open o
 CROSS JOIN task_change c
 CROSS JOIN source s
 WHERE c.source_id = o.source_id AND c.task = o.external_id AND c.field IN ('due_on', 'due_at')
   AND c.changed_at <= ?1 AND s.id = o.source_id
 ORDER BY o.source_id, o.external_id, c.changed_at, c.field DESC)sql");
    rows.bind(1, to_millis(as_of));
    std::vector<TaskMove> moves;
    while (rows.step()) {
        TaskMove move;
        move.task = {std::string{rows.text(0)}, std::string{rows.text(1)}};
        move.at = from_millis(rows.integer(2));
        if (rows.text(3) == "due_on") {
            move.from_day = parse_date(rows.text(4));
            move.to_day = parse_date(rows.text(5));
        } else {
            move.from_at = instant_of(rows.text(4));
            move.to_at = instant_of(rows.text(5));
        }
        if (!moves.empty() && moves.back().task == move.task && moves.back().at == move.at)
            continue;  // the time beside its date
        moves.push_back(std::move(move));
    }
    return moves;
}

}  // namespace nudged::warehouse
