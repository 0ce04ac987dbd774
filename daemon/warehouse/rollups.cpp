// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/rollups.hpp"

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/measures.hpp"

#include <algorithm>

namespace nudged::warehouse {

std::map<PersonId, WeekSums> read_weeks(const Reader& reader, std::string_view measure,
                                        std::span<const PersonId> people,
                                        std::chrono::local_days from,
                                        std::chrono::local_days until) {
    const std::string first = format_date(from);
    const std::string end = format_date(until);
    std::map<PersonId, WeekSums> sums;
    for (const PersonId person : people) {
        auto rows = reader.database().prepare(R"sql(
SELECT r.day, r.value
  FROM user u
  JOIN rollup r ON r.source_id = u.source_id AND r.user = u.external_id
 WHERE u.person_id = ?1 AND r.measure = ?2 AND r.day >= ?3 AND r.day < ?4)sql");
        rows.bind(1, static_cast<std::int64_t>(person)).bind(2, measure);
        rows.bind(3, first).bind(4, end);
        while (rows.step())
            if (const auto day = parse_date(rows.text(0)))
                sums[person][IsoWeek::of(*day)] += rows.integer(1);
    }
    return sums;
}

std::set<PersonId> read_people_with_data(const Reader& reader, std::span<const PersonId> people,
                                         std::chrono::local_days last) {
    const std::string day = format_date(last);
    std::set<PersonId> known;
    for (const PersonId person : people) {
        // OR stops at the first that holds, so the tables are only searched for people without
        // sums.
        auto rows = reader.database().prepare(R"sql(
SELECT 1 FROM user u
 WHERE u.person_id = ?1
   AND (EXISTS (SELECT 1 FROM rollup r WHERE r.source_id = u.source_id
                  AND r.user = u.external_id AND r.day <= ?2)
     OR EXISTS (SELECT 1 FROM opportunity o WHERE o.source_id = u.source_id
                  AND o.owner = u.external_id AND o.deleted_at IS NULL)
     OR EXISTS (SELECT 1 FROM account a WHERE a.source_id = u.source_id
                  AND a.owner = u.external_id AND a.deleted_at IS NULL)
     OR EXISTS (SELECT 1 FROM task t WHERE t.source_id = u.source_id
                  AND t.owner = u.external_id AND t.deleted_at IS NULL))
 LIMIT 1)sql");
        rows.bind(1, static_cast<std::int64_t>(person)).bind(2, day);
        if (rows.step()) known.insert(person);
    }
    return known;
}

std::map<PersonId, std::chrono::local_days> read_first_days(const Reader& reader,
                                                            model::Entity entity,
                                                            std::span<const PersonId> people) {
    std::map<PersonId, std::chrono::local_days> first;
    for (const PersonId person : people)
        for (const auto& measure : measures()) {
            if (measure.entity != entity) continue;
            auto rows = reader.database().prepare(R"sql(
SELECT (SELECT min(r.day) FROM rollup r
         WHERE r.source_id = u.source_id AND r.user = u.external_id AND r.measure = ?2)
  FROM user u WHERE u.person_id = ?1)sql");
            rows.bind(1, static_cast<std::int64_t>(person)).bind(2, measure.name);
            while (rows.step()) {
                const auto day = parse_date(rows.text(0));
                if (!day) continue;
                const auto [known, is_new] = first.emplace(person, *day);
                if (!is_new) known->second = std::min(known->second, *day);
            }
        }
    return first;
}

}  // namespace nudged::warehouse
