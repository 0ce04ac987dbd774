// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/record_facts.hpp"

namespace nudged::warehouse {

std::vector<RecordFacts> read_record_facts(const Reader& reader, std::string_view source,
                                           std::string_view id) {
    auto rows = reader.database().prepare(R"sql(
SELECT 'opportunity', o.name, o.url, o.deleted_at, o.created_at,
       CASE WHEN coalesce(o.is_closed, st.is_closed, o.is_won, st.is_won, 0) = 0 THEN ''
            WHEN coalesce(o.is_won, st.is_won) IS NULL THEN 'closed'
            WHEN coalesce(o.is_won, st.is_won) THEN 'won' ELSE 'lost' END
  FROM opportunity o JOIN source s ON s.id = o.source_id
  LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
 WHERE s.name = ?1 AND o.external_id = ?2
 UNION ALL
SELECT 'account', a.name, a.url, a.deleted_at, a.created_at, ''
  FROM account a JOIN source s ON s.id = a.source_id WHERE s.name = ?1 AND a.external_id = ?2
 UNION ALL
SELECT 'contact', c.name, '', c.deleted_at, c.created_at, ''
  FROM contact c JOIN source s ON s.id = c.source_id WHERE s.name = ?1 AND c.external_id = ?2
 UNION ALL
SELECT 'task', t.subject, t.url, t.deleted_at, t.created_at,
       CASE WHEN t.is_done THEN 'done' WHEN t.is_cancelled THEN 'cancelled' ELSE '' END
  FROM task t JOIN source s ON s.id = t.source_id WHERE s.name = ?1 AND t.external_id = ?2
 UNION ALL
SELECT 'meeting', m.subject, m.url, m.deleted_at, m.created_at, ''
  FROM meeting m JOIN source s ON s.id = m.source_id WHERE s.name = ?1 AND m.external_id = ?2
 UNION ALL
SELECT 'call', c.subject, c.url, c.deleted_at, c.created_at, ''
  FROM call c JOIN source s ON s.id = c.source_id WHERE s.name = ?1 AND c.external_id = ?2
)sql");
    rows.bind(1, source).bind(2, id);
    std::vector<RecordFacts> found;
    while (rows.step())
        found.push_back({std::string{rows.text(0)}, std::string{source}, std::string{id},
                         std::string{rows.text(1)}, std::string{rows.text(2)},
                         rows.maybe_instant(3), rows.maybe_instant(4), std::string{rows.text(5)}});
    return found;
}

}  // namespace nudged::warehouse
