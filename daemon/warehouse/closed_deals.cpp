// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/closed_deals.hpp"

namespace nudged::warehouse {
namespace {

std::string text(const Statement& row, int column) {
    return std::string{row.text(column)};
}

}  // namespace

std::vector<StageToWin> read_stages_to_win(const Reader& reader, Instant from, Instant until) {
    // The first stage is what the first change left; it was entered at the creation.
    auto rows = reader.database().prepare(R"sql(
WITH ended AS (
  SELECT o.source_id, COALESCE(o.pipeline, st.pipeline) AS pipeline, o.created_at, o.external_id,
         COALESCE(o.closed_at, strftime('%s', o.close_date) * 1000) AS won_at
    FROM main.opportunity o
    LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
   WHERE o.deleted_at IS NULL AND COALESCE(o.is_won, st.is_won, 0) = 1
     AND COALESCE(o.is_closed, st.is_closed, 1) = 1
), won AS MATERIALIZED (
  SELECT * FROM ended WHERE won_at >= ?1 AND won_at < ?2
), entries AS (
  SELECT w.source_id, w.external_id, c.new AS stage, c.changed_at AS entered
    FROM won w
    JOIN opportunity_change c ON c.source_id = w.source_id AND c.opportunity = w.external_id
         AND c.field = 'stage' AND c.changed_at <= w.won_at AND c.deleted_at IS NULL
   UNION ALL
  SELECT w.source_id, w.external_id,
         (SELECT c.old FROM opportunity_change c
           WHERE c.source_id = w.source_id AND c.opportunity = w.external_id
             AND c.field = 'stage' AND c.deleted_at IS NULL ORDER BY c.changed_at, c.id LIMIT 1),
         w.created_at
    FROM won w WHERE w.created_at <= w.won_at
)
SELECT s.name, w.pipeline, e.stage, max(e.entered), w.won_at
  FROM entries e
  JOIN won w ON w.source_id = e.source_id AND w.external_id = e.external_id
  JOIN source s ON s.id = e.source_id
 WHERE e.stage IS NOT NULL
 GROUP BY e.source_id, e.external_id, e.stage
 ORDER BY e.source_id, e.external_id, e.stage)sql");
    rows.bind(1, to_millis(from)).bind(2, to_millis(until));
    std::vector<StageToWin> wins;
    while (rows.step())
        wins.push_back({text(rows, 0), text(rows, 1), text(rows, 2), from_millis(rows.integer(3)),
                        from_millis(rows.integer(4))});
    return wins;
}

std::vector<WonAmount> read_won_amounts(const Reader& reader, Instant from, Instant until) {
    auto rows = reader.database().prepare(R"sql(
WITH ended AS (
  SELECT o.source_id, o.external_id, o.owner, o.currency, o.amount,
         COALESCE(o.closed_at, strftime('%s', o.close_date) * 1000) AS won_at
    FROM opportunity o
    LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
   WHERE o.deleted_at IS NULL AND COALESCE(o.is_won, st.is_won, 0) = 1
     AND COALESCE(o.is_closed, st.is_closed, 1) = 1 AND o.amount IS NOT NULL
)
SELECT u.person_id, e.currency, e.amount
  FROM ended e
  JOIN user u ON u.source_id = e.source_id AND u.external_id = e.owner
 WHERE e.won_at >= ?1 AND e.won_at < ?2 AND u.person_id IS NOT NULL
 ORDER BY e.source_id, e.external_id)sql");
    rows.bind(1, to_millis(from)).bind(2, to_millis(until));
    std::vector<WonAmount> amounts;
    while (rows.step())
        if (const auto amount = Decimal::parse(rows.text(2));
            amount && !amount->is_zero() && !amount->is_negative())
            amounts.push_back({PersonId{rows.integer(0)}, text(rows, 1), *amount});
    return amounts;
}

std::vector<DealCycle> read_deal_cycles(const Reader& reader, Instant from, Instant until) {
    auto rows = reader.database().prepare(R"sql(
WITH ended AS (
  SELECT o.source_id, o.external_id, o.owner, o.created_at,
         COALESCE(o.is_won, st.is_won) AS is_won,
         COALESCE(o.closed_at, strftime('%s', o.close_date) * 1000) AS closed_at
    FROM opportunity o
    LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
   WHERE o.deleted_at IS NULL AND COALESCE(o.is_won, st.is_won) IS NOT NULL
     AND COALESCE(o.is_closed, st.is_closed, o.is_won, st.is_won, 0) = 1
)
SELECT u.person_id, e.is_won, e.created_at, e.closed_at
  FROM ended e
  JOIN user u ON u.source_id = e.source_id AND u.external_id = e.owner
 WHERE e.closed_at >= ?1 AND e.closed_at < ?2 AND e.created_at <= e.closed_at
   AND u.person_id IS NOT NULL
 ORDER BY e.source_id, e.external_id)sql");
    rows.bind(1, to_millis(from)).bind(2, to_millis(until));
    std::vector<DealCycle> cycles;
    while (rows.step())
        cycles.push_back({PersonId{rows.integer(0)}, rows.integer(1) != 0,
                          from_millis(rows.integer(2)), from_millis(rows.integer(3))});
    return cycles;
}

std::vector<LostDeal> read_lost_deals(const Reader& reader, Instant from, Instant until) {
    auto rows = reader.database().prepare(R"sql(
WITH ended AS (
  SELECT o.*, st.name AS stage_name, COALESCE(o.pipeline, st.pipeline) AS in_pipeline,
         COALESCE(o.closed_at, strftime('%s', o.close_date) * 1000) AS lost_at
    FROM opportunity o
    LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
   WHERE o.deleted_at IS NULL AND COALESCE(o.is_won, st.is_won) = 0
     AND COALESCE(o.is_closed, st.is_closed, 0) = 1
)
SELECT s.name, e.external_id, e.name, e.url, a.name, u.person_id, e.in_pipeline,
       COALESCE(p.name, e.in_pipeline), e.stage, COALESCE(e.stage_name, e.stage), e.lost_at,
       e.amount, e.currency, e.lost_reason
  FROM ended e
  JOIN source s ON s.id = e.source_id
  LEFT JOIN account a ON a.source_id = e.source_id AND a.external_id = e.account
  LEFT JOIN user u ON u.source_id = e.source_id AND u.external_id = e.owner
  LEFT JOIN pipeline p ON p.source_id = e.source_id AND p.external_id = e.in_pipeline
 WHERE e.lost_at >= ?1 AND e.lost_at < ?2
 ORDER BY e.source_id, e.external_id)sql");
    rows.bind(1, to_millis(from)).bind(2, to_millis(until));
    std::vector<LostDeal> deals;
    while (rows.step())
        deals.push_back({{text(rows, 0), text(rows, 1)},
                         text(rows, 2),
                         text(rows, 3),
                         text(rows, 4),
                         PersonId{rows.integer(5)},
                         text(rows, 6),
                         text(rows, 7),
                         text(rows, 8),
                         text(rows, 9),
                         from_millis(rows.integer(10)),
                         Decimal::parse(rows.text(11)),
                         text(rows, 12),
                         text(rows, 13)});
    return deals;
}

std::set<std::string> read_sources_with_reasons(const Reader& reader) {
    auto rows = reader.database().prepare(R"sql(
SELECT s.name FROM source s
 WHERE EXISTS (SELECT 1 FROM main.opportunity o
                WHERE o.source_id = s.id AND o.lost_reason IS NOT NULL))sql");
    std::set<std::string> sources;
    while (rows.step()) sources.insert(text(rows, 0));
    return sources;
}

}  // namespace nudged::warehouse
