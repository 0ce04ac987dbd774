// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/opportunities.hpp"

namespace nudged::warehouse {
namespace {

// Built of two parts, since a raw string may not grow past what a reader can take in.
// `at` is every opportunity that was open at ?1 by today's columns, with the ids of the earliest
// later change of each field; a change found there says what the field held at ?1.
constexpr std::string_view open_sql = R"sql(
WITH at AS (
  SELECT o.*, st.pipeline AS stage_pipeline, s.name AS source_name,
         COALESCE(o.is_closed, st.is_closed, o.is_won, st.is_won, 0) AS closed,
         (SELECT c.id FROM opportunity_change c WHERE c.source_id = o.source_id
            AND c.opportunity = o.external_id AND c.field = 'stage' AND c.changed_at > ?1
            AND c.deleted_at IS NULL ORDER BY c.changed_at, c.id LIMIT 1) AS stage_change,
         (SELECT c.id FROM opportunity_change c WHERE c.source_id = o.source_id
            AND c.opportunity = o.external_id AND c.field = 'amount' AND c.changed_at > ?1
            AND c.deleted_at IS NULL ORDER BY c.changed_at, c.id LIMIT 1) AS amount_change,
         (SELECT c.id FROM opportunity_change c WHERE c.source_id = o.source_id
            AND c.opportunity = o.external_id AND c.field = 'close_date' AND c.changed_at > ?1
            AND c.deleted_at IS NULL ORDER BY c.changed_at, c.id LIMIT 1) AS close_change,
         (SELECT c.id FROM opportunity_change c WHERE c.source_id = o.source_id
            AND c.opportunity = o.external_id AND c.field = 'owner' AND c.changed_at > ?1
            AND c.deleted_at IS NULL ORDER BY c.changed_at, c.id LIMIT 1) AS owner_change,
         (SELECT c.id FROM opportunity_change c WHERE c.source_id = o.source_id
            AND c.opportunity = o.external_id AND c.field = 'forecast_category'
            AND c.changed_at > ?1
            AND c.deleted_at IS NULL ORDER BY c.changed_at, c.id LIMIT 1) AS forecast_change,
         (SELECT c.id FROM opportunity_change c WHERE c.source_id = o.source_id
            AND c.opportunity = o.external_id AND c.field = 'next_step' AND c.changed_at > ?1
            AND c.deleted_at IS NULL ORDER BY c.changed_at, c.id LIMIT 1) AS step_change
    FROM opportunity o
    JOIN source s ON s.id = o.source_id
    LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
   WHERE (o.deleted_at IS NULL OR o.deleted_at > ?1)
     AND (o.created_at IS NULL OR o.created_at <= ?1)
     AND (COALESCE(o.is_closed, st.is_closed, o.is_won, st.is_won, 0) = 0
          OR COALESCE(o.closed_at, strftime('%s', o.close_date) * 1000, 0) > ?1)
), then_was AS (
  SELECT at.*,
         CASE WHEN cs.id IS NOT NULL THEN cs.old WHEN at.closed THEN NULL ELSE at.stage END
           AS stage_then,
         CASE WHEN ca.id IS NOT NULL THEN ca.old ELSE at.amount END AS amount_then,
         CASE WHEN cd.id IS NOT NULL THEN cd.old ELSE at.close_date END AS close_then,
         CASE WHEN co.id IS NOT NULL THEN co.old ELSE at.owner END AS owner_then,
         CASE WHEN cf.id IS NOT NULL THEN cf.old ELSE at.forecast_category END AS forecast_then,
         CASE WHEN cn.id IS NOT NULL THEN cn.old ELSE at.next_step END AS step_then,
         CASE WHEN cs.id IS NULL AND NOT at.closed AND at.stage_since <= ?1 THEN at.stage_since
         ELSE (SELECT max(c.changed_at) FROM opportunity_change c
                WHERE c.source_id = at.source_id AND c.opportunity = at.external_id
                  AND c.field = 'stage' AND c.changed_at <= ?1 AND c.deleted_at IS NULL) END
           AS since_then,
         (SELECT max(c.changed_at) FROM opportunity_change c
           WHERE c.source_id = at.source_id AND c.opportunity = at.external_id
             AND c.field = 'owner' AND c.changed_at <= ?1 AND c.deleted_at IS NULL) AS owned_since
    FROM at
    LEFT JOIN opportunity_change cs ON cs.id = at.stage_change
    LEFT JOIN opportunity_change ca ON ca.id = at.amount_change
    LEFT JOIN opportunity_change cd ON cd.id = at.close_change
    LEFT JOIN opportunity_change co ON co.id = at.owner_change
    LEFT JOIN opportunity_change cf ON cf.id = at.forecast_change
    LEFT JOIN opportunity_change cn ON cn.id = at.step_change
), ranked AS MATERIALIZED (
  SELECT source_id, external_id, name, pipeline, COALESCE(is_closed, is_won, 0) AS closed,
         CASE WHEN position IS NOT NULL THEN row_number() OVER stages END AS rank,
         count(position) OVER (PARTITION BY source_id, pipeline, COALESCE(is_closed, is_won, 0))
           AS stages
    FROM stage WHERE deleted_at IS NULL
  WINDOW stages AS (PARTITION BY source_id, pipeline, COALESCE(is_closed, is_won, 0)
                    ORDER BY position, external_id)
)
SELECT t.source_name, t.external_id, t.name, t.url, t.account, a.name, u.person_id,
       COALESCE(t.pipeline, r.pipeline), t.stage_then, COALESCE(r.name, t.stage_then), r.rank,
       r.stages, t.since_then, t.owned_since, t.created_at, t.amount_then, t.currency,
       t.close_then, t.forecast_then, t.step_then, t.type,
       COALESCE(p.name, t.pipeline, r.pipeline), t.owner_then, u.name, COALESCE(u.is_person, 1),
       COALESCE(u.active, 1) AND u.deleted_at IS NULL, COALESCE(u.deleted_at, u.modified_at)
  FROM then_was t
  LEFT JOIN ranked r ON r.source_id = t.source_id AND r.external_id = t.stage_then
  LEFT JOIN account a ON a.source_id = t.source_id AND a.external_id = t.account
  LEFT JOIN user u ON u.source_id = t.source_id AND u.external_id = t.owner_then
  LEFT JOIN pipeline p ON p.source_id = t.source_id
       AND p.external_id = COALESCE(t.pipeline, r.pipeline)
 WHERE COALESCE(r.closed, 0) = 0
 ORDER BY t.source_id, t.external_id)sql";

std::optional<Instant> maybe_instant(const Statement& row, int column) {
    const auto millis = row.maybe_integer(column);
    return millis ? std::optional{from_millis(*millis)} : std::nullopt;
}

OpenOpportunity open_opportunity(const Statement& row) {
    OpenOpportunity deal;
    deal.key = {std::string{row.text(0)}, std::string{row.text(1)}};
    deal.name = row.text(2);
    deal.url = row.text(3);
    deal.account_id = row.text(4);
    deal.account = row.text(5);
    deal.owner = PersonId{row.integer(6)};
    deal.pipeline_id = row.text(7);
    deal.stage_id = row.text(8);
    deal.stage = row.text(9);
    deal.stage_rank = static_cast<int>(row.integer(10));
    deal.stage_count = static_cast<int>(row.integer(11));
    deal.stage_since = maybe_instant(row, 12);
    deal.owner_since = maybe_instant(row, 13);
    deal.created_at = maybe_instant(row, 14);
    deal.amount = Decimal::parse(row.text(15));
    deal.currency = row.text(16);
    deal.close_date = parse_date(row.text(17));
    deal.forecast_category = row.text(18);
    deal.next_step = row.text(19);
    deal.type = row.text(20);
    deal.pipeline = row.text(21);
    deal.owner_user = row.text(22);
    deal.owner_name = row.text(23);
    deal.owner_is_person = row.integer(24) != 0;
    deal.owner_active = row.integer(25) != 0;
    deal.owner_modified = maybe_instant(row, 26);
    return deal;
}

}  // namespace

std::vector<OpenOpportunity> read_open_opportunities(const Reader& reader, Instant as_of) {
    auto rows = reader.database().prepare(open_sql);
    rows.bind(1, to_millis(as_of));
    std::vector<OpenOpportunity> deals;
    while (rows.step()) deals.push_back(open_opportunity(rows));
    return deals;
}

std::vector<StageStay> read_stage_stays(const Reader& reader, Instant from, Instant as_of) {
    // The entry is the change before, provided that it led to this stage; where there is none, the
    // opportunity began here.
    auto rows = reader.database().prepare(R"sql(
WITH moves AS (
  SELECT c.source_id, c.opportunity, c.old, c.new, c.changed_at,
         lag(c.changed_at) OVER history AS entered, lag(c.new) OVER history AS entered_stage
    FROM main.opportunity_change c
   WHERE c.field = 'stage' AND c.changed_at IS NOT NULL AND c.deleted_at IS NULL
  WINDOW history AS (PARTITION BY c.source_id, c.opportunity ORDER BY c.changed_at, c.id)
)
SELECT s.name, COALESCE(o.pipeline, was.pipeline), m.old,
       COALESCE(m.entered, o.created_at), m.changed_at
  FROM moves m
  JOIN source s ON s.id = m.source_id
  JOIN main.opportunity o ON o.source_id = m.source_id AND o.external_id = m.opportunity
  LEFT JOIN stage was ON was.source_id = m.source_id AND was.external_id = m.old
  LEFT JOIN stage now ON now.source_id = m.source_id AND now.external_id = m.new
 WHERE m.changed_at >= ?1 AND m.changed_at < ?2 AND m.old IS NOT NULL
   AND (m.entered IS NULL OR m.entered_stage = m.old)
   AND COALESCE(m.entered, o.created_at) <= m.changed_at
   AND (COALESCE(now.is_won, CASE WHEN o.stage = m.new THEN o.is_won END) = 1 OR (COALESCE(now.is_closed, 0) = 0 AND now.position > was.position))
 ORDER BY m.source_id, m.opportunity, m.changed_at)sql");
    rows.bind(1, to_millis(from)).bind(2, to_millis(as_of));
    std::vector<StageStay> stays;
    while (rows.step())
        stays.push_back({std::string{rows.text(0)}, std::string{rows.text(1)},
                         std::string{rows.text(2)}, from_millis(rows.integer(3)),
                         from_millis(rows.integer(4))});
    return stays;
}

std::vector<WonCycle> read_won_cycles(const Reader& reader, Instant from, Instant as_of) {
    auto rows = reader.database().prepare(R"sql(
WITH won AS (
  SELECT o.source_id, COALESCE(o.pipeline, st.pipeline) AS pipeline, o.created_at, o.external_id,
         COALESCE(o.closed_at, strftime('%s', o.close_date) * 1000) AS won_at
    FROM main.opportunity o
    LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
   WHERE o.deleted_at IS NULL AND COALESCE(o.is_won, st.is_won, 0) = 1
     AND COALESCE(o.is_closed, st.is_closed, 1) = 1
     AND o.created_at IS NOT NULL
)
SELECT s.name, w.pipeline, w.created_at, w.won_at
  FROM won w JOIN source s ON s.id = w.source_id
 WHERE w.won_at >= ?1 AND w.won_at < ?2 AND w.created_at <= w.won_at
 ORDER BY w.source_id, w.external_id)sql");
    rows.bind(1, to_millis(from)).bind(2, to_millis(as_of));
    std::vector<WonCycle> cycles;
    while (rows.step())
        cycles.push_back({std::string{rows.text(0)}, std::string{rows.text(1)},
                          from_millis(rows.integer(2)), from_millis(rows.integer(3))});
    return cycles;
}

}  // namespace nudged::warehouse
