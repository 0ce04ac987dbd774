// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/commitment_verdicts.hpp"

#include <limits>

namespace nudged::warehouse {
namespace {

std::optional<double> maybe_real(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.real(column);
}

}  // namespace

std::vector<StoredVerdict> read_verdicts(const Database& database, const CommitmentFilter& filter) {
    auto rows = database.prepare(
        "SELECT commitment, revision, promise, person_id, week, status, value, working_days, due, "
        "baseline, progress, decided_at, rests_on FROM commitment_verdict WHERE decided_at <= ?1 "
        "AND (?2 IS NULL OR person_id = ?2) AND week >= ?3 AND week <= ?4 "
        "ORDER BY commitment, revision");
    const auto first = filter.first ? filter.first->str() : std::string{};
    const auto last = filter.last ? filter.last->str() : std::string{"9999-W53"};
    rows.bind(1, filter.as_of ? to_millis(*filter.as_of) : std::numeric_limits<std::int64_t>::max())
        .bind(2, filter.person)
        .bind(3, std::string_view{first})
        .bind(4, std::string_view{last});
    std::vector<StoredVerdict> found;
    while (rows.step()) {
        const auto week = IsoWeek::parse(rows.text(4));
        if (!week) continue;
        found.push_back({.commitment = rows.integer(0),
                         .revision = static_cast<int>(rows.integer(1)),
                         .promise = static_cast<int>(rows.integer(2)),
                         .person = PersonId{rows.integer(3)},
                         .week = *week,
                         .status = std::string{rows.text(5)},
                         .value = maybe_real(rows, 6),
                         .working_days = rows.real(7),
                         .due = rows.real(8),
                         .baseline = rows.real(9),
                         .progress = maybe_real(rows, 10),
                         .decided_at = from_millis(rows.integer(11)),
                         .rests_on = std::string{rows.text(12)}});
    }
    return found;
}

void insert_verdict(Database& database, const StoredVerdict& verdict) {
    auto last =
        database.prepare("SELECT max(revision) FROM commitment_verdict WHERE commitment = ?1");
    last.bind(1, verdict.commitment);
    const int revision = last.step() ? static_cast<int>(last.integer(0)) + 1 : 1;
    last.reset();
    const auto week = verdict.week.str();
    database
        .prepare("INSERT INTO commitment_verdict (commitment, revision, promise, person_id, week, "
                 "status, value, working_days, due, baseline, progress, decided_at, rests_on) "
                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")
        .bind(1, verdict.commitment)
        .bind(2, revision)
        .bind(3, verdict.promise)
        .bind(4, verdict.person)
        .bind(5, std::string_view{week})
        .bind(6, std::string_view{verdict.status})
        .bind(7, verdict.value)
        .bind(8, verdict.working_days)
        .bind(9, verdict.due)
        .bind(10, verdict.baseline)
        .bind(11, verdict.progress)
        .bind(12, verdict.decided_at)
        .bind(13, std::string_view{verdict.rests_on})
        .run();
}

}  // namespace nudged::warehouse
