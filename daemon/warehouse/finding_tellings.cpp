// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/finding_tellings.hpp"

#include "connectors/base/failure.hpp"

#include <fmt/format.h>

namespace nudged::warehouse {
namespace {

constexpr std::string_view telling_columns =
    "t.line, t.channel, t.recipient, t.first_at, t.last_at, t.severity, t.message";

/// Columns as telling_columns, from `first` on.
FindingTelling read_telling_at(const Statement& row, int first) {
    const auto severity = severity_of(row.text(first + 5));
    if (!severity) throw Failure(FailureKind::corrupt, "who was told of a finding cannot be read");
    return {.line = std::string{row.text(first)},
            .channel = std::string{row.text(first + 1)},
            .recipient = std::string{row.text(first + 2)},
            .first_at = from_millis(row.integer(first + 3)),
            .last_at = from_millis(row.integer(first + 4)),
            .severity = *severity,
            .message = std::string{row.text(first + 6)}};
}

}  // namespace

std::vector<FindingTelling> read_finding_tellings(const Database& database, FindingId id) {
    auto rows = database.prepare(
        fmt::format("SELECT {} FROM finding_telling t WHERE t.finding_id = ?1 ORDER BY t.first_at, "
                    "t.id",
                    telling_columns));
    rows.bind(1, id);
    std::vector<FindingTelling> tellings;
    while (rows.step()) tellings.push_back(read_telling_at(rows, 0));
    return tellings;
}

Tellings read_live_tellings(const Database& database) {
    auto rows = database.prepare(
        fmt::format("SELECT t.finding_id, {} FROM finding_telling t JOIN finding f ON f.id = "
                    "t.finding_id WHERE f.state <> 'resolved' ORDER BY t.first_at, t.id",
                    telling_columns));
    Tellings tellings;
    while (rows.step()) tellings[FindingId{rows.integer(0)}].push_back(read_telling_at(rows, 1));
    return tellings;
}

void note_telling(Database& database, std::span<const FindingId> ids, const Addressee& addressee,
                  Instant now, std::string_view message) {
    auto note = database.prepare(R"sql(
        INSERT INTO finding_telling (finding_id, line, channel, recipient, first_at, last_at,
            severity, message)
        SELECT id, ?2, ?3, ?4, ?5, ?5, severity, ?6 FROM finding WHERE id = ?1
        ON CONFLICT (finding_id, line) DO UPDATE SET channel = excluded.channel,
            recipient = excluded.recipient, last_at = excluded.last_at,
            severity = excluded.severity, message = excluded.message
    )sql");
    for (const auto id : ids)
        note.bind(1, id)
            .bind(2, std::string_view{addressee.line})
            .bind(3, std::string_view{addressee.channel})
            .bind(4, std::string_view{addressee.recipient})
            .bind(5, now)
            .bind(6, message)
            .run();
}

int take_back_tellings(Database& database, std::string_view message) {
    database
        .prepare(R"sql(
        UPDATE finding SET notified_at = NULL, notified_severity = NULL,
            state = CASE state WHEN 'notified' THEN 'open' ELSE state END
        WHERE id IN (SELECT finding_id FROM finding_telling
                      WHERE message = ?1 AND line = 'manager')
    )sql")
        .bind(1, message)
        .run();
    return static_cast<int>(
        database.prepare("DELETE FROM finding_telling WHERE message = ?1").bind(1, message).run());
}

}  // namespace nudged::warehouse
