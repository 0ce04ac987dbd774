// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/time_off.hpp"

#include "daemon/warehouse/persons.hpp"

#include <algorithm>

namespace nudged::warehouse {

AwayId store_away(Database& database, PersonId person, std::chrono::local_days from,
                  std::chrono::local_days to, double share, Instant now, std::string_view origin) {
    const auto first = format_date(from);
    const auto last = format_date(to);
    auto row = database.prepare(
        "INSERT INTO away (person_id, from_day, to_day, share, stored_at, origin) VALUES (?1, ?2, "
        "?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET share = excluded.share, origin = CASE WHEN "
        "excluded.origin = '' THEN '' ELSE origin END RETURNING id");
    row.bind(1, person).bind(2, first).bind(3, last).bind(4, share).bind(5, now).bind(6, origin);
    row.step();
    return AwayId{row.integer(0)};
}

bool remove_away(Database& database, AwayId id) {
    return database.prepare("DELETE FROM away WHERE id = ?1").bind(1, id).run() > 0;
}

std::vector<Away> read_away(const Database& database) {
    auto rows = database.prepare("SELECT a.id, a.person_id, p.name, a.from_day, a.to_day, a.share, "
                                 "a.origin FROM away a JOIN person p ON p.id = a.person_id "
                                 "ORDER BY a.from_day, a.id");
    std::vector<Away> all;
    while (rows.step()) {
        const auto from = parse_date(rows.text(3));
        const auto to = parse_date(rows.text(4));
        if (!from || !to) continue;
        all.push_back({AwayId{rows.integer(0)}, counted_as(database, PersonId{rows.integer(1)}),
                       std::string{rows.text(2)}, *from, *to, rows.real(5),
                       std::string{rows.text(6)}});
    }
    return all;
}

std::map<PersonId, std::map<std::chrono::local_days, double>> read_days_off(
    const Database& database) {
    std::map<PersonId, std::map<std::chrono::local_days, double>> off;
    for (const auto& away : read_away(database))
        for (auto day = away.from; day <= away.to; day += std::chrono::days{1}) {
            auto& share = off[away.person][day];
            share = std::max(share, away.share);
        }
    return off;
}

}  // namespace nudged::warehouse
