// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/activities.hpp"

namespace nudged::warehouse {
namespace {

// Each branch has its partial index, so that the cost grows with what is open and not with what was
// ever done. The second brings back what was open at ?1 and has been completed since.
constexpr std::string_view open_sql = R"sql(
WITH planned AS (
  SELECT 0 AS kind, source_id, external_id, owner, opportunity, account, contact, subject, url,
         due_on, due_at, created_at, deleted_at, series
    FROM task
   WHERE is_done IS NOT 1 AND is_cancelled IS NOT 1 AND is_series IS NOT 1
  UNION ALL
  SELECT 0, source_id, external_id, owner, opportunity, account, contact, subject, url,
         due_on, due_at, created_at, deleted_at, series
    FROM task
   WHERE is_done = 1 AND completed_at > ?1 AND is_cancelled IS NOT 1 AND is_series IS NOT 1
  UNION ALL
  SELECT 1, source_id, external_id, owner, opportunity, account, contact, subject, url,
         NULL, starts_at, created_at, deleted_at, NULL
    FROM meeting
   WHERE starts_at > ?1 AND COALESCE(outcome, 'scheduled') NOT IN ('cancelled', 'rescheduled')
  UNION ALL
  SELECT 2, source_id, external_id, owner, opportunity, account, contact, subject, url,
         NULL, started_at, created_at, deleted_at, NULL
    FROM call
   WHERE is_planned = 1
)
SELECT p.kind, s.name, p.external_id, u.person_id, COALESCE(u.active, 1), p.opportunity, p.account,
       k.account, p.subject, p.url, p.due_on, p.due_at, p.created_at, p.series
  FROM planned p
  JOIN source s ON s.id = p.source_id
  LEFT JOIN user u ON u.source_id = p.source_id AND u.external_id = p.owner
  LEFT JOIN contact k ON k.source_id = p.source_id AND k.external_id = p.contact
 WHERE (p.deleted_at IS NULL OR p.deleted_at > ?1)
   AND (p.created_at IS NULL OR p.created_at <= ?1)
 ORDER BY p.kind, p.source_id, p.external_id)sql";

std::optional<Instant> maybe_instant(const Statement& row, int column) {
    const auto millis = row.maybe_integer(column);
    return millis ? std::optional{from_millis(*millis)} : std::nullopt;
}

OpenActivity open_activity(const Statement& row) {
    OpenActivity activity;
    activity.kind = static_cast<OpenActivity::Kind>(row.integer(0));
    activity.key = {std::string{row.text(1)}, std::string{row.text(2)}};
    activity.owner = PersonId{row.integer(3)};
    activity.owner_active = row.integer(4) != 0;
    activity.opportunity_id = row.text(5);
    activity.account_id = row.text(6);
    activity.contact_account = row.text(7);
    activity.subject = row.text(8);
    activity.url = row.text(9);
    activity.due_on = parse_date(row.text(10));
    activity.due_at = maybe_instant(row, 11);
    activity.created_at = maybe_instant(row, 12);
    activity.series = row.text(13);
    return activity;
}

}  // namespace

std::string_view to_string(OpenActivity::Kind kind) {
    switch (kind) {
    case OpenActivity::Kind::task: return "task";
    case OpenActivity::Kind::meeting: return "meeting";
    case OpenActivity::Kind::call: return "call";
    }
    return "";
}

std::optional<std::chrono::local_days> OpenActivity::due_day(const Zone& zone) const {
    if (due_on) return due_on;
    return due_at ? std::optional{zone.local_day(*due_at)} : std::nullopt;
}

std::vector<OpenActivity> read_open_activities(const Reader& reader, Instant as_of) {
    auto rows = reader.database().prepare(open_sql);
    rows.bind(1, to_millis(as_of));
    std::vector<OpenActivity> activities;
    while (rows.step()) activities.push_back(open_activity(rows));
    return activities;
}

}  // namespace nudged::warehouse
