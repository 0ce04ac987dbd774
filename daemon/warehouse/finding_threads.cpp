// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/finding_threads.hpp"

#include <fmt/format.h>

namespace nudged::warehouse {
namespace {

/// Of a first message `o`: it can be replied to, or will perhaps be.
constexpr std::string_view is_open = "(o.receipt IS NOT NULL OR o.state IN ('pending', 'claimed'))";

std::vector<ThreadStart> read_starts(Statement rows, const Database& database) {
    std::vector<ThreadStart> starts;
    while (rows.step()) {
        if (starts.empty() || starts.back().key != rows.text(0))
            starts.push_back({.key = std::string{rows.text(0)},
                              .channel = std::string{rows.text(1)},
                              .recipient = std::string{rows.text(2)},
                              .message = std::string{rows.text(3)},
                              .members = {}});
        const FindingId id{rows.integer(5)};
        auto stored = read_finding(database, id);
        if (!stored) continue;
        stored->answer = read_answer(database, id);
        starts.back().members.push_back({.id = FindingThreadId{rows.integer(4)},
                                         .stored = std::move(*stored),
                                         .shown = std::string{rows.text(6)}});
    }
    return starts;
}

/// `condition` is on a thread `c` of a finding `f`.
Statement select_starts(const Database& database, std::string_view condition) {
    return database.prepare(fmt::format(R"sql(
        SELECT o.key, o.channel, o.recipient, o.message, t.id, t.finding_id, t.shown
        FROM outbox o JOIN finding_thread t ON t.message = o.key
        WHERE o.receipt IS NOT NULL AND o.key IN (
            SELECT c.message FROM finding_thread c JOIN finding f ON f.id = c.finding_id WHERE {})
        ORDER BY o.id, t.id
    )sql",
                                        condition));
}

}  // namespace

OpenThreads read_open_threads(const Database& database) {
    auto rows = database.prepare(fmt::format(R"sql(
        SELECT t.finding_id, o.channel, o.recipient, o.key
        FROM finding f JOIN finding_thread t ON t.finding_id = f.id
            JOIN outbox o ON o.key = t.message
        WHERE f.state <> 'resolved' AND {} ORDER BY o.id
    )sql",
                                             is_open));
    OpenThreads threads;
    while (rows.step())
        threads.emplace(std::tuple{FindingId{rows.integer(0)}, std::string{rows.text(1)},
                                   std::string{rows.text(2)}},
                        rows.text(3));
    return threads;
}

std::string read_thread(const Database& database, FindingId id, std::string_view channel,
                        std::string_view recipient) {
    auto row = database.prepare(fmt::format(R"sql(
        SELECT o.key FROM finding_thread t JOIN outbox o ON o.key = t.message
        WHERE t.finding_id = ?1 AND o.channel = ?2 AND o.recipient = ?3 AND {}
        ORDER BY o.id LIMIT 1
    )sql",
                                            is_open));
    row.bind(1, id).bind(2, channel).bind(3, recipient);
    return row.step() ? std::string{row.text(0)} : std::string{};
}

std::vector<ThreadStart> read_thread_starts(const Database& database, Instant since) {
    auto rows = select_starts(database, "f.state <> 'resolved' OR f.resolved_at >= ?1");
    rows.bind(1, since);
    return read_starts(std::move(rows), database);
}

std::vector<ThreadStart> read_thread_starts(const Database& database, FindingId id) {
    auto rows = select_starts(database, "f.id = ?1");
    rows.bind(1, id);
    return read_starts(std::move(rows), database);
}

void note_thread(Database& database, std::span<const FindingId> ids, std::string_view message) {
    auto note = database.prepare(fmt::format(R"sql(
        INSERT INTO finding_thread (finding_id, message, shown)
        SELECT ?1, n.key, '' FROM outbox n
        WHERE n.key = ?2 AND NOT EXISTS (
            SELECT 1 FROM finding_thread t JOIN outbox o ON o.key = t.message
            WHERE t.finding_id = ?1 AND o.channel = n.channel AND o.recipient = n.recipient AND {})
    )sql",
                                             is_open));
    for (const auto id : ids) note.bind(1, id).bind(2, message).run();
}

void end_thread(Database& database, std::string_view message) {
    database.prepare("DELETE FROM finding_thread WHERE message = ?1").bind(1, message).run();
}

bool note_shown(Database& database, const ThreadStart::Member& member, std::string_view shown) {
    return database.prepare("UPDATE finding_thread SET shown = ?2 WHERE id = ?1 AND shown = ?3")
               .bind(1, member.id)
               .bind(2, shown)
               .bind(3, std::string_view{member.shown})
               .run() > 0;
}

}  // namespace nudged::warehouse
