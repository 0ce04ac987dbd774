// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/deal_changes.hpp"

namespace nudged::warehouse {

std::string_view to_string(DealField field) {
    switch (field) {
    case DealField::stage: return "stage";
    case DealField::amount: return "amount";
    case DealField::close_date: return "close_date";
    case DealField::owner: return "owner";
    }
    return "";
}

std::vector<DealChange> read_deal_changes(const Reader& reader, DealField field, Instant as_of) {
    // CROSS JOIN keeps the order: what is open first, then the few changes of each by their index.
    auto rows = reader.database().prepare(R"sql(
SELECT s.name, o.external_id, c.changed_at, c.old, c.new, c.changed_by
  FROM opportunity o
  LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
 CROSS JOIN opportunity_change c
 CROSS JOIN source s
 WHERE c.source_id = o.source_id AND c.opportunity = o.external_id AND c.field = ?2
   AND c.changed_at <= ?1 AND c.deleted_at IS NULL AND s.id = o.source_id
   AND (o.deleted_at IS NULL OR o.deleted_at > ?1)
   AND (o.created_at IS NULL OR o.created_at <= ?1)
   AND (COALESCE(o.is_closed, st.is_closed, o.is_won, st.is_won, 0) = 0
        OR COALESCE(o.closed_at, strftime('%s', o.close_date) * 1000, 0) > ?1)
 ORDER BY o.source_id, o.external_id, c.changed_at, c.id)sql");
    rows.bind(1, to_millis(as_of)).bind(2, to_string(field));
    std::vector<DealChange> changes;
    while (rows.step())
        changes.push_back({{std::string{rows.text(0)}, std::string{rows.text(1)}},
                           from_millis(rows.integer(2)),
                           std::string{rows.text(3)},
                           std::string{rows.text(4)},
                           std::string{rows.text(5)}});
    return changes;
}

bool tells_who_moves_dates(const Reader& reader, const std::string& source) {
    auto row = reader.database().prepare(R"sql(
SELECT EXISTS (SELECT 1 FROM main.opportunity_change c JOIN source s ON s.id = c.source_id
                WHERE s.name = ?1 AND c.field = 'close_date' AND c.changed_by IS NOT NULL
                  AND c.deleted_at IS NULL))sql");
    return row.bind(1, source).step() && row.integer(0) != 0;
}

std::map<std::pair<std::string, std::string>, StageInfo> read_stages(const Reader& reader) {
    auto rows = reader.database().prepare(R"sql(
SELECT s.name, st.external_id, COALESCE(st.name, st.external_id), st.pipeline, st.position,
       COALESCE(st.is_closed, st.is_won, 0)
  FROM stage st JOIN source s ON s.id = st.source_id
 WHERE st.deleted_at IS NULL)sql");
    std::map<std::pair<std::string, std::string>, StageInfo> stages;
    while (rows.step())
        stages[{std::string{rows.text(0)}, std::string{rows.text(1)}}] = {
            std::string{rows.text(2)}, std::string{rows.text(3)}, rows.maybe_integer(4),
            rows.integer(5) != 0};
    return stages;
}

std::map<std::pair<std::string, std::string>, UserInfo> read_users(const Reader& reader) {
    auto rows = reader.database().prepare(R"sql(
SELECT s.name, u.external_id, u.name, u.person_id, COALESCE(u.is_person, 1)
  FROM user u JOIN source s ON s.id = u.source_id)sql");
    std::map<std::pair<std::string, std::string>, UserInfo> users;
    while (rows.step())
        users[{std::string{rows.text(0)}, std::string{rows.text(1)}}] = {
            std::string{rows.text(2)}, PersonId{rows.integer(3)}, rows.integer(4) != 0};
    return users;
}

std::map<std::string, Instant> read_watch_begins(const Reader& reader) {
    auto rows = reader.database().prepare(R"sql(
SELECT s.name, min(r.started_at)
  FROM source s JOIN run r ON r.kind = 'sync' AND r.source_id = s.id AND r.stream = 'opportunity'
 WHERE r.failure_kind IS NULL
 GROUP BY s.id)sql");
    std::map<std::string, Instant> begins;
    while (rows.step()) begins[std::string{rows.text(0)}] = from_millis(rows.integer(1));
    return begins;
}

}  // namespace nudged::warehouse
