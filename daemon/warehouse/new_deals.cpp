// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/new_deals.hpp"

namespace nudged::warehouse {
namespace {

// A row for each change of owner, and one for a deal without any. What a CRM tells of a creation as
// a change has no old value: then the deal began with the new one.
constexpr std::string_view new_sql = R"sql(
WITH came AS MATERIALIZED (
  SELECT o.source_id, o.external_id, o.account, o.created_at, o.owner,
         COALESCE(o.pipeline, st.pipeline) AS pipeline,
         COALESCE((SELECT COALESCE(c.old, c.new) FROM opportunity_change c
                    WHERE c.source_id = o.source_id AND c.opportunity = o.external_id
                      AND c.field = 'stage' AND c.deleted_at IS NULL
                    ORDER BY c.changed_at, c.id LIMIT 1), o.stage) AS stage,
         CASE WHEN COALESCE(o.is_closed, st.is_closed, o.is_won, st.is_won, 0)
              THEN COALESCE(o.closed_at, strftime('%s', o.close_date) * 1000, o.created_at) END
           AS closed
    FROM opportunity o
    LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
   WHERE o.created_at BETWEEN ?1 AND ?2 AND (o.deleted_at IS NULL OR o.deleted_at > ?2)
)
SELECT s.name, n.external_id, n.account, n.created_at, n.pipeline, COALESCE(p.name, n.pipeline),
       n.stage, COALESCE(st.name, n.stage), CASE WHEN n.closed <= ?2 THEN n.closed END,
       owner.person_id, c.changed_at, before.person_id, after.person_id
  FROM came n
  JOIN source s ON s.id = n.source_id
  LEFT JOIN pipeline p ON p.source_id = n.source_id AND p.external_id = n.pipeline
  LEFT JOIN stage st ON st.source_id = n.source_id AND st.external_id = n.stage
  LEFT JOIN user owner ON owner.source_id = n.source_id AND owner.external_id = n.owner
  LEFT JOIN opportunity_change c ON c.source_id = n.source_id AND c.opportunity = n.external_id
       AND c.field = 'owner' AND c.changed_at IS NOT NULL AND c.deleted_at IS NULL
  LEFT JOIN user before ON before.source_id = n.source_id AND before.external_id = c.old
  LEFT JOIN user after ON after.source_id = n.source_id AND after.external_id = c.new
 ORDER BY n.source_id, n.external_id, c.changed_at, c.id)sql";

std::string text(const Statement& row, int column) {
    return std::string{row.text(column)};
}

NewDeal new_deal(const Statement& row) {
    NewDeal deal;
    deal.key = {text(row, 0), text(row, 1)};
    deal.account_id = text(row, 2);
    deal.created = from_millis(row.integer(3));
    deal.pipeline_id = text(row, 4);
    deal.pipeline = text(row, 5);
    deal.stage_id = text(row, 6);
    deal.stage = text(row, 7);
    deal.closed = row.maybe_instant(8);
    const bool changed_hands = row.maybe_instant(10).has_value();
    deal.had.push_back({PersonId{row.integer(changed_hands ? 11 : 9)}, deal.created});
    return deal;
}

}  // namespace

std::vector<NewDeal> read_new_deals(const Reader& reader, Instant from, Instant as_of) {
    auto rows = reader.database().prepare(new_sql);
    rows.bind(1, from).bind(2, as_of);
    std::vector<NewDeal> deals;
    while (rows.step()) {
        const bool is_next = deals.empty() || deals.back().key.source != rows.text(0) ||
                             deals.back().key.id != rows.text(1);
        if (is_next) deals.push_back(new_deal(rows));
        const auto changed = rows.maybe_instant(10);
        if (changed && *changed <= as_of)
            deals.back().had.push_back({PersonId{rows.integer(12)}, *changed});
    }
    return deals;
}

}  // namespace nudged::warehouse
