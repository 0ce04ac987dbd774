// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/coverage_weeks.hpp"

namespace nudged::warehouse {

std::string_view to_string(CoverageObject object) {
    return object == CoverageObject::account ? "account" : "opportunity";
}

std::vector<CoverageWeek> read_coverage_news(const Reader& reader,
                                             std::vector<CoverageWeek> weeks) {
    auto noted = reader.database().prepare("SELECT covered, in_scope, seen_on FROM coverage_week "
                                           "WHERE person_id = ?1 AND object = ?2 AND week = ?3");
    std::erase_if(weeks, [&](const CoverageWeek& one) {
        const auto week = one.week.str();
        noted.reset();
        noted.bind(1, one.person).bind(2, to_string(one.object)).bind(3, week);
        if (!noted.step()) return one.in_scope == 0;
        return noted.integer(0) == one.covered && noted.integer(1) == one.in_scope &&
               noted.text(2) >= format_date(one.seen_on);
    });
    return weeks;
}

void note_coverage(Database& database, std::span<const CoverageWeek> weeks) {
    auto upsert = database.prepare(
        "INSERT INTO coverage_week (person_id, object, week, covered, in_scope, seen_on, seen_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (person_id, object, week) DO UPDATE SET "
        "covered = excluded.covered, in_scope = excluded.in_scope, seen_on = excluded.seen_on, "
        "seen_at = excluded.seen_at WHERE excluded.seen_at >= coverage_week.seen_at");
    for (const auto& one : weeks) {
        const auto week = one.week.str();
        const auto seen_on = format_date(one.seen_on);
        upsert.bind(1, one.person).bind(2, to_string(one.object)).bind(3, week);
        upsert.bind(4, one.covered).bind(5, one.in_scope).bind(6, seen_on).bind(7, one.seen_at);
        upsert.run();
    }
}

std::vector<CoverageWeek> read_coverage_weeks(const Reader& reader, CoverageObject object,
                                              IsoWeek first, Instant until) {
    auto rows = reader.database().prepare(
        "SELECT person_id, week, covered, in_scope, seen_on, seen_at FROM coverage_week "
        "WHERE object = ?1 AND week >= ?2 AND seen_at <= ?3");
    const auto from = first.str();
    rows.bind(1, to_string(object)).bind(2, from).bind(3, until);
    std::vector<CoverageWeek> weeks;
    while (rows.step()) {
        const auto week = IsoWeek::parse(rows.text(1));
        const auto seen_on = parse_date(rows.text(4));
        if (!week || !seen_on) continue;
        weeks.push_back({PersonId{rows.integer(0)}, object, *week, rows.integer(2), rows.integer(3),
                         *seen_on, from_millis(rows.integer(5))});
    }
    return weeks;
}

}  // namespace nudged::warehouse
