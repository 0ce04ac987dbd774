// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/team_weeks.hpp"

namespace nudged::warehouse {

void note_team_weeks(Database& database, std::span<const TeamWeek> weeks, Instant now) {
    auto insert = database.prepare(
        "INSERT OR IGNORE INTO team_week (team, measure, week, value, people, noted_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    for (const auto& one : weeks) {
        const auto week = one.week.str();
        insert.bind(1, one.team).bind(2, one.measure).bind(3, week).bind(4, one.value);
        insert.bind(5, one.people).bind(6, now).run();
    }
}

std::vector<TeamWeek> read_team_weeks(const Reader& reader, IsoWeek first) {
    auto rows = reader.database().prepare(
        "SELECT team, measure, week, value, people FROM team_week WHERE week >= ?1 "
        "ORDER BY team, measure, week");
    const auto from = first.str();
    rows.bind(1, from);
    std::vector<TeamWeek> weeks;
    while (rows.step())
        weeks.push_back({std::string{rows.text(0)}, std::string{rows.text(1)},
                         IsoWeek::parse(rows.text(2)).value_or(first), rows.real(3),
                         static_cast<int>(rows.integer(4))});
    return weeks;
}

}  // namespace nudged::warehouse
