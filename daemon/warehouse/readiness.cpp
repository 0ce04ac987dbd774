// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/readiness.hpp"

#include <fmt/format.h>

#include <array>

namespace nudged::warehouse {
namespace {

/// As many of the newest records tell what an account shows; all of them would tell it no better.
constexpr std::int64_t looked_at = 2'000;
/// Fewer records prove nothing about a field.
constexpr std::int64_t least_records = 20;

void add_logged(const Reader& reader, const char* sql, Instant from, Instant until,
                std::int64_t Logged::*count, std::int64_t Logged::*without,
                std::map<PersonId, Logged>& logged) {
    auto row = reader.database().prepare(sql);
    row.bind(1, from).bind(2, until);
    while (row.step()) {
        auto& one = logged[PersonId{row.integer(0)}];
        one.*count = row.integer(1);
        one.*without = row.integer(2);
    }
}

struct WatchedField {
    const char* entity;
    const char* field;
};
constexpr std::array watched{
    WatchedField{"call", "owner"},
    WatchedField{"call", "outcome"},
    WatchedField{"call", "direction"},
    WatchedField{"call", "duration_s"},
    WatchedField{"task", "owner"},
    WatchedField{"task", "due_on"},
    WatchedField{"meeting", "outcome"},
    WatchedField{"opportunity", "owner"},
    WatchedField{"opportunity", "stage"},
    WatchedField{"opportunity", "amount"},
    WatchedField{"opportunity", "account"},
    WatchedField{"opportunity", "close_date"},
    WatchedField{"opportunity", "next_step"},
    WatchedField{"opportunity", "lost_reason"},
    WatchedField{"user", "email"},
    WatchedField{"user", "manager"},
};

}  // namespace

std::map<PersonId, Logged> read_logged(const Reader& reader, Instant from, Instant until) {
    std::map<PersonId, Logged> logged;
    add_logged(reader, R"(
SELECT a.person_id, count(*), sum(c.outcome IS NULL)
  FROM attribution a JOIN call c ON c.source_id = a.source_id AND c.owner = a.user
 WHERE c.started_at >= ?1 AND c.started_at < ?2 AND c.deleted_at IS NULL AND c.is_planned IS NOT 1
   AND date(c.started_at / 1000, 'unixepoch') >= a.from_day
   AND date(c.started_at / 1000, 'unixepoch') < a.until_day
 GROUP BY a.person_id)",
               from, until, &Logged::calls, &Logged::calls_without_outcome, logged);
    add_logged(reader, R"(
SELECT a.person_id, count(*), sum(m.outcome IS NULL OR m.outcome = 'scheduled')
  FROM attribution a JOIN meeting m ON m.source_id = a.source_id AND m.owner = a.user
 WHERE m.starts_at >= ?1 AND m.starts_at < ?2 AND m.deleted_at IS NULL
   AND date(m.starts_at / 1000, 'unixepoch') >= a.from_day
   AND date(m.starts_at / 1000, 'unixepoch') < a.until_day
 GROUP BY a.person_id)",
               from, until, &Logged::meetings, &Logged::meetings_without_outcome, logged);
    return logged;
}

std::vector<VagueStage> read_vague_stages(const Reader& reader) {
    auto row = reader.database().prepare(R"(
SELECT s.name, coalesce(g.name, o.stage, '(none)'),
       CASE WHEN o.stage IS NULL THEN 'no stage at all'
            WHEN g.id IS NULL THEN 'not in the CRM''s list of stages'
            ELSE 'without a place in its pipeline' END,
       count(*)
  FROM opportunity o JOIN source s ON s.id = o.source_id
  LEFT JOIN stage g ON g.source_id = o.source_id AND g.external_id = o.stage AND g.deleted_at IS NULL
 WHERE o.deleted_at IS NULL AND coalesce(o.is_closed, g.is_closed, 0) = 0
   AND (g.id IS NULL OR g.position IS NULL)
 GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2)");
    std::vector<VagueStage> stages;
    while (row.step())
        stages.push_back({std::string{row.text(0)}, std::string{row.text(1)},
                          std::string{row.text(2)}, row.integer(3)});
    return stages;
}

std::vector<EmptyField> read_empty_fields(const Reader& reader) {
    std::vector<EmptyField> fields;
    for (const auto& [entity, field] : watched) {
        auto row = reader.database().prepare(fmt::format(R"(
SELECT s.name, (SELECT count(*) FROM (SELECT 1 FROM {0} WHERE source_id = s.id AND deleted_at IS NULL
                                       ORDER BY id DESC LIMIT ?1)),
       (SELECT count({1}) FROM (SELECT {1} FROM {0} WHERE source_id = s.id AND deleted_at IS NULL
                                 ORDER BY id DESC LIMIT ?1))
  FROM source s ORDER BY s.name)",
                                                         entity, field));
        row.bind(1, looked_at);
        while (row.step())
            if (row.integer(1) >= least_records && row.integer(2) == 0)
                fields.push_back({std::string{row.text(0)}, entity, field, row.integer(1)});
    }
    return fields;
}

}  // namespace nudged::warehouse
