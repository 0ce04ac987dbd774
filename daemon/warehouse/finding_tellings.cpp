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
            severity = excluded.severity, message = excluded.message,
            before_at = last_at, before_severity = severity, before_message = message
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
    const auto run = [&](std::string_view sql) { database.prepare(sql).bind(1, message).run(); };
    auto count = database.prepare("SELECT count(*) FROM finding_telling WHERE message = ?1");
    count.bind(1, message).step();
    const auto taken_back = static_cast<int>(count.integer(0));
    run(R"sql(
        UPDATE finding SET notified_at = t.before_at, notified_severity = t.before_severity,
            state = CASE WHEN state = 'notified' AND t.before_at IS NULL THEN 'open'
                         ELSE state END
        FROM finding_telling t
        WHERE t.finding_id = finding.id AND t.message = ?1 AND t.line = 'manager'
    )sql");
    run("DELETE FROM finding_telling WHERE message = ?1 AND before_at IS NULL");
    // As it was told before, and to whom, as far as that message is still kept.
    run(R"sql(
        UPDATE finding_telling SET
            channel = coalesce((SELECT o.channel FROM outbox o WHERE o.key = before_message),
                               channel),
            recipient = coalesce((SELECT o.recipient FROM outbox o WHERE o.key = before_message),
                                 recipient),
            last_at = before_at, severity = before_severity, message = before_message,
            before_at = NULL, before_severity = NULL, before_message = NULL
        WHERE message = ?1
    )sql");
    // A later message has told them since: there is nothing of before that it could fall back to.
    run("UPDATE finding_telling SET before_at = NULL, before_severity = NULL, "
        "before_message = NULL WHERE before_message = ?1");
    run("DELETE FROM finding_event WHERE what = 'settled' AND note = ?1");
    return taken_back;
}

}  // namespace nudged::warehouse
