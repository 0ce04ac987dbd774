// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/commitments.hpp"

#include <fmt/format.h>

#include <limits>

namespace nudged::warehouse {
namespace {

constexpr std::string_view columns =
    "c.commitment, c.revision, c.person_id, c.kpi, c.state, c.week, c.baseline, c.promised, "
    "c.agreed_by, c.agreed_at, c.acknowledged, c.source, c.origin, c.note, c.worked, c.hard, "
    "c.reason, c.made_at";

CommitmentState state_of(std::string_view name) {
    for (const auto state : {CommitmentState::taken_back, CommitmentState::superseded})
        if (to_string(state) == name) return state;
    return CommitmentState::agreed;
}

Commitment read_row(const Statement& row) {
    const auto week = IsoWeek::parse(row.text(5));
    if (!week)
        throw Failure(FailureKind::corrupt,
                      fmt::format("commitment {} is for the week \"{}\", which is none; restore a "
                                  "backup, or remove that row",
                                  row.integer(0), row.text(5)));
    const auto text = [&](int column) { return std::string{row.text(column)}; };
    return {.id = row.integer(0),
            .revision = static_cast<int>(row.integer(1)),
            .person = PersonId{row.integer(2)},
            .kpi = text(3),
            .state = state_of(row.text(4)),
            .week = *week,
            .baseline = row.real(6),
            .promised = row.real(7),
            .agreed_by = text(8),
            .agreed_at = from_millis(row.integer(9)),
            .acknowledged = row.integer(10) != 0,
            .source = text(11),
            .origin = text(12),
            .note = text(13),
            .worked = text(14),
            .hard = text(15),
            .reason = text(16),
            .made_at = from_millis(row.integer(17))};
}

void insert_row(Database& database, const Commitment& commitment, std::int64_t id, int revision) {
    const auto week = commitment.week.str();
    database
        .prepare("INSERT INTO commitment (commitment, revision, person_id, kpi, state, week, "
                 "baseline, promised, agreed_by, agreed_at, acknowledged, source, origin, note, "
                 "worked, hard, reason, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
                 "?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)")
        .bind(1, id)
        .bind(2, revision)
        .bind(3, commitment.person)
        .bind(4, std::string_view{commitment.kpi})
        .bind(5, to_string(commitment.state))
        .bind(6, std::string_view{week})
        .bind(7, commitment.baseline)
        .bind(8, commitment.promised)
        .bind(9, std::string_view{commitment.agreed_by})
        .bind(10, commitment.agreed_at)
        .bind(11, commitment.acknowledged)
        .bind(12, std::string_view{commitment.source})
        .bind(13, std::string_view{commitment.origin})
        .bind(14, std::string_view{commitment.note})
        .bind(15, std::string_view{commitment.worked})
        .bind(16, std::string_view{commitment.hard})
        .bind(17, std::string_view{commitment.reason})
        .bind(18, commitment.made_at)
        .run();
}

}  // namespace

std::string_view to_string(CommitmentState state) {
    switch (state) {
    case CommitmentState::taken_back: return "void";
    case CommitmentState::superseded: return "superseded";
    case CommitmentState::agreed: break;
    }
    return "agreed";
}

std::vector<Commitment> read_commitments(const Database& database, const CommitmentFilter& filter) {
    // Texts of their own, so that one person's are looked up: OR would lead through everybody's.
    auto rows = database.prepare(fmt::format(
        "SELECT {} FROM commitment c WHERE c.revision = (SELECT max(revision) FROM commitment "
        "WHERE commitment = c.commitment AND made_at <= ?1) AND {} "
        "AND c.week >= ?3 AND c.week <= ?4 ORDER BY c.person_id, c.kpi, c.week, c.commitment",
        columns, filter.person ? "c.person_id = ?2" : "?2 IS NULL"));
    const auto first = filter.first ? filter.first->str() : std::string{};
    const auto last = filter.last ? filter.last->str() : std::string{"9999-W53"};
    rows.bind(1, filter.as_of ? to_millis(*filter.as_of) : std::numeric_limits<std::int64_t>::max())
        .bind(2, filter.person)
        .bind(3, std::string_view{first})
        .bind(4, std::string_view{last});
    std::vector<Commitment> found;
    while (rows.step()) found.push_back(read_row(rows));
    return found;
}

std::optional<Commitment> find_commitment(const Database& database, std::int64_t id) {
    auto rows = database.prepare(fmt::format(
        "SELECT {} FROM commitment c WHERE c.commitment = ?1 ORDER BY c.revision DESC LIMIT 1",
        columns));
    rows.bind(1, id);
    if (!rows.step()) return std::nullopt;
    return read_row(rows);
}

std::vector<Commitment> read_commitment_past(const Database& database, PersonId person,
                                             std::string_view kpi) {
    auto rows = database.prepare(
        fmt::format("SELECT {} FROM commitment c WHERE c.person_id = ?1 AND c.kpi = ?2 "
                    "ORDER BY c.commitment, c.revision",
                    columns));
    rows.bind(1, person).bind(2, kpi);
    std::vector<Commitment> found;
    while (rows.step()) found.push_back(read_row(rows));
    return found;
}

std::int64_t insert_commitment(Database& database, const Commitment& commitment) {
    const auto id =
        1 + database.integer("SELECT max(coalesce((SELECT max(commitment) FROM commitment), 0), "
                             "coalesce((SELECT max(commitment) FROM commitment_verdict), 0))");
    insert_row(database, commitment, id, 1);
    return id;
}

void revise_commitment(Database& database, const Commitment& commitment) {
    auto last = database.prepare("SELECT max(revision) FROM commitment WHERE commitment = ?1");
    last.bind(1, commitment.id);
    const int revision = last.step() ? static_cast<int>(last.integer(0)) + 1 : 1;
    last.reset();
    insert_row(database, commitment, commitment.id, revision);
}

}  // namespace nudged::warehouse
