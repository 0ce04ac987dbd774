// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/outbox.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "daemon/warehouse/outbox_edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nudged::warehouse {
namespace {

constexpr std::string_view late_reason =
    "the quiet hours of its day have begun; the next one tells what holds";

constexpr std::array<std::string_view, 9> state_names{"pending",  "claimed",    "delivered",
                                                      "accepted", "refused",    "unknown",
                                                      "dead",     "superseded", "held"};

/// Rows in the order of read_row(); `rest` is what follows the table's name.
Statement select(const Database& database, std::string_view rest) {
    return database.prepare(fmt::format(R"sql(
        SELECT id, key, channel, recipient, reason, message, payload, state, created_at, due_at,
            expires_at, attempts, ambiguous, first_try_at, last_try_at, last_outcome, last_status,
            last_reason, lease_until, continues, edits, receipt,
            (SELECT b.receipt FROM outbox b WHERE b.key = o.continues AND b.channel = o.channel),
            (SELECT b.receipt FROM outbox b WHERE b.key = o.edits AND b.channel = o.channel),
            quiet_from
        FROM outbox o {}
    )sql",
                                        rest));
}

OutboxRow read_row(const Statement& row) {
    OutboxRow read;
    read.id = OutboxId{row.integer(0)};
    read.key = row.text(1);
    read.channel = row.text(2);
    read.recipient = row.text(3);
    read.reason = row.text(4);
    read.message = row.text(5);
    read.payload = row.maybe_text(6);
    const auto state = parse_outbox_state(row.text(7));
    if (!state) throw Failure(FailureKind::corrupt, "a stored message has an unknown state");
    read.state = *state;
    read.created_at = from_millis(row.integer(8));
    read.due_at = from_millis(row.integer(9));
    read.expires_at = from_millis(row.integer(10));
    read.attempts = static_cast<int>(row.integer(11));
    read.ambiguous = static_cast<int>(row.integer(12));
    read.first_try_at = row.maybe_instant(13);
    read.last_try_at = row.maybe_instant(14);
    read.last_outcome = row.text(15);
    read.last_status = static_cast<int>(row.integer(16));
    read.last_reason = row.text(17);
    read.lease_until = row.maybe_instant(18);
    read.continues = row.text(19);
    read.edits = row.text(20);
    read.receipt = row.text(21);
    read.thread = row.text(22);
    read.target = row.text(23);
    read.quiet_from = row.maybe_instant(24);
    return read;
}

std::vector<OutboxRow> read_rows(Statement statement) {
    std::vector<OutboxRow> rows;
    while (statement.step()) rows.push_back(read_row(statement));
    return rows;
}

bool insert(Database& database, const NewMessage& message, OutboxState state, std::string_view why,
            Instant now) {
    return database
               .prepare(R"sql(
        INSERT INTO outbox (key, channel, recipient, reason, message, state, created_at, due_at,
            expires_at, last_reason, continues, edits, quiet_from)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, nullif(?11, ''), nullif(?12, ''), ?13)
        ON CONFLICT (key) DO NOTHING
    )sql")
               .bind(1, std::string_view{message.key})
               .bind(2, std::string_view{message.channel})
               .bind(3, std::string_view{message.recipient})
               .bind(4, std::string_view{message.reason})
               .bind(5, std::string_view{message.message})
               .bind(6, to_string(state))
               .bind(7, now)
               .bind(8, message.due_at)
               .bind(9, message.expires_at)
               .bind(10, why)
               .bind(11, std::string_view{message.continues})
               .bind(12, std::string_view{message.edits})
               .bind(13, message.quiet_from)
               .run() > 0;
}

/// Of one that nothing has come of in all its time.
std::string why_expired(const Database& database, const OutboxRow& row) {
    constexpr std::size_t longest = 512;
    const auto lived =
        std::chrono::duration_cast<std::chrono::hours>(row.expires_at - row.created_at);
    auto why = fmt::format("not sent within {} h", lived.count());
    const auto broken = read_channel_state(database, row.channel).broken_reason;
    if (row.attempts > 0)
        why += fmt::format(", in {} {}; the last one: {}", row.attempts,
                           row.attempts == 1 ? "try" : "tries",
                           row.last_reason.empty() ? row.last_outcome : row.last_reason);
    else if (!broken.empty())
        why += fmt::format(", since the channel is broken: {}", broken);
    return shorten(why, longest);
}

}  // namespace

std::string_view to_string(OutboxState state) {
    return state_names[static_cast<std::size_t>(state)];
}

std::optional<OutboxState> parse_outbox_state(std::string_view name) {
    const auto state = std::find(state_names.begin(), state_names.end(), name);
    if (state == state_names.end()) return std::nullopt;
    return static_cast<OutboxState>(state - state_names.begin());
}

std::vector<OutboxRow> read_outbox(const Reader& reader, const OutboxFilter& filter) {
    auto statement = select(reader.database(),
                            R"sql(WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR channel = ?2)
        ORDER BY id DESC LIMIT ?3
    )sql");
    if (filter.state) statement.bind(1, to_string(*filter.state));
    if (filter.channel) statement.bind(2, std::string_view{*filter.channel});
    statement.bind(3, filter.limit);
    return read_rows(std::move(statement));
}

std::optional<OutboxRow> read_outbox_row(const Database& database, OutboxId id) {
    auto statement = select(database, "WHERE id = ?1");
    statement.bind(1, id);
    if (!statement.step()) return std::nullopt;
    return read_row(statement);
}

bool has_message(const Database& database, std::string_view key) {
    return database.prepare("SELECT 1 FROM outbox WHERE key = ?1").bind(1, key).step();
}

std::int64_t count_messages(const Database& database, std::string_view channel,
                            std::string_view recipient, std::string_view reason, Instant since) {
    auto count = database.prepare(R"sql(
        SELECT count(*) FROM outbox
        WHERE channel = ?1 AND recipient = ?2 AND reason = ?3 AND created_at >= ?4
    )sql");
    count.bind(1, channel).bind(2, recipient).bind(3, reason).bind(4, since).step();
    return count.integer(0);
}

std::vector<OutboxRow> read_waiting(const Database& database, std::string_view channel) {
    auto statement = select(database, "WHERE channel = ?1 AND state = 'pending' ORDER BY id");
    statement.bind(1, channel);
    return read_rows(std::move(statement));
}

ChannelState read_channel_state(const Database& database, std::string_view channel) {
    auto row = database.prepare(R"sql(
        SELECT paused_until, broken_since, broken_reason, failures, last_success_at, failing_since
        FROM channel_state WHERE channel = ?1
    )sql");
    row.bind(1, channel);
    ChannelState state;
    if (!row.step()) return state;
    state.paused_until = row.maybe_instant(0);
    state.broken_since = row.maybe_instant(1);
    state.broken_reason = row.text(2);
    state.failures = static_cast<int>(row.integer(3));
    state.last_success_at = row.maybe_instant(4);
    state.failing_since = row.maybe_instant(5);
    return state;
}

std::optional<Instant> read_next_due(const Database& database, std::string_view channel) {
    // The lease's end of a claimed row counts too: then its outcome is looked after.
    auto row = database.prepare(R"sql(
        SELECT min(CASE state WHEN 'claimed' THEN lease_until ELSE due_at END)
        FROM outbox WHERE channel = ?1 AND state IN ('pending', 'claimed')
    )sql");
    row.bind(1, channel);
    row.step();
    const auto due = row.maybe_instant(0);
    if (!due) return std::nullopt;
    return std::max(*due, read_channel_state(database, channel).paused_until.value_or(*due));
}

void forget_wrong_clock(Database& database, std::string_view channel, Instant now,
                        std::chrono::milliseconds longest_pause, std::chrono::milliseconds lease) {
    database
        .prepare(R"sql(
        UPDATE channel_state SET paused_until = ?2 WHERE channel = ?1 AND paused_until > ?2
    )sql")
        .bind(1, channel)
        .bind(2, now + longest_pause)
        .run();
    database
        .prepare(R"sql(
        UPDATE outbox SET due_at = due_at - (created_at - ?2),
            expires_at = expires_at - (created_at - ?2), created_at = ?2
        WHERE channel = ?1 AND state IN ('pending', 'claimed') AND state = 'pending'
            AND created_at > ?2
    )sql")
        .bind(1, channel)
        .bind(2, now)
        .run();
    database
        .prepare(R"sql(
        UPDATE outbox SET lease_until = ?2
        WHERE channel = ?1 AND state IN ('pending', 'claimed') AND state = 'claimed'
            AND lease_until > ?2
    )sql")
        .bind(1, channel)
        .bind(2, now + lease)
        .run();
}

bool insert_message(Database& database, const NewMessage& message, Instant now) {
    return insert(database, message, OutboxState::pending, {}, now);
}

bool insert_superseded(Database& database, const NewMessage& message, std::string_view why,
                       Instant now) {
    return insert(database, message, OutboxState::superseded, why, now);
}

void supersede_message(Database& database, OutboxId id, std::string_view why) {
    database
        .prepare("UPDATE outbox SET state = 'superseded', last_reason = ?2 WHERE id = ?1 AND state "
                 "= 'pending'")
        .bind(1, id)
        .bind(2, why)
        .run();
}

std::optional<OutboxRow> claim_next(Database& database, std::string_view channel, Instant now,
                                    std::chrono::milliseconds lease,
                                    const std::function<std::string(const OutboxRow&)>& render) {
    const auto state = read_channel_state(database, channel);
    if (state.paused_until && *state.paused_until > now) return std::nullopt;
    // That it is one of two states lets SQLite take the index of what waits.
    auto statement = select(database, R"sql(WHERE id = (
            SELECT w.id FROM outbox w
            WHERE w.channel = ?1 AND w.state IN ('pending', 'claimed') AND w.state = 'pending'
                AND w.due_at <= ?2 AND w.expires_at > ?2
            ORDER BY w.edits IS NOT NULL, w.id LIMIT 1)
    )sql");
    statement.bind(1, channel).bind(2, now);
    if (!statement.step()) return std::nullopt;
    auto row = read_row(statement);
    if (!row.payload) row.payload = render(row);
    row.state = OutboxState::claimed;
    ++row.attempts;
    row.first_try_at = row.first_try_at.value_or(now);
    row.last_try_at = now;
    row.lease_until = now + lease;
    database
        .prepare(R"sql(
        UPDATE outbox SET state = 'claimed', payload = ?2, attempts = ?3, first_try_at = ?4,
            last_try_at = ?5, lease_until = ?6
        WHERE id = ?1
    )sql")
        .bind(1, row.id)
        .bind(2, std::string_view{*row.payload})
        .bind(3, row.attempts)
        .bind(4, *row.first_try_at)
        .bind(5, *row.last_try_at)
        .bind(6, *row.lease_until)
        .run();
    return row;
}

void record_try(Database& database, OutboxId id, const TryResult& result) {
    auto statement = database.prepare(R"sql(
        UPDATE outbox SET state = ?2, payload = coalesce(?3, payload), ambiguous = ambiguous + ?4,
            last_outcome = ?5, last_status = ?6, last_reason = ?7, lease_until = NULL,
            receipt = coalesce(nullif(?8, ''), receipt), given_up_at = ?9
        WHERE id = ?1 AND state = 'claimed'
    )sql");
    statement.bind(1, id).bind(2, to_string(result.state));
    if (result.payload) statement.bind(3, std::string_view{*result.payload});
    statement.bind(4, result.is_ambiguous)
        .bind(5, std::string_view{result.outcome})
        .bind(6, result.status)
        .bind(7, std::string_view{result.reason})
        .bind(8, std::string_view{result.receipt})
        .bind(9, result.given_up_at)
        .run();
}

std::vector<OutboxRow> read_lost_claims(const Database& database, std::string_view channel,
                                        Instant now) {
    auto statement = select(
        database, R"sql(WHERE channel = ?1 AND state = 'claimed' AND lease_until <= ?2 ORDER BY id
    )sql");
    statement.bind(1, channel).bind(2, now);
    return read_rows(std::move(statement));
}

std::vector<OutboxRow> expire_messages(Database& database, Instant now) {
    auto statement = select(database, R"sql(WHERE state = 'pending' AND expires_at <= ?1 ORDER BY id
    )sql");
    statement.bind(1, now);
    auto rows = read_rows(std::move(statement));
    for (auto& row : rows) {
        if (!row.edits.empty()) {
            give_up_edit(database, row, "it could not be sent before it expired");
            continue;
        }
        row.state = OutboxState::dead;
        row.last_reason = why_expired(database, row);
        database
            .prepare("UPDATE outbox SET state = 'dead', given_up_at = ?2, last_reason = ?3 "
                     "WHERE id = ?1")
            .bind(1, row.id)
            .bind(2, now)
            .bind(3, std::string_view{row.last_reason})
            .run();
    }
    return rows;
}

bool was_superseded_late(const Database& database, std::string_view key) {
    auto row = database.prepare("SELECT 1 FROM outbox WHERE state = 'superseded' AND "
                                "last_reason = ?2 AND (key = ?1 OR key > ?1 || '/by/' AND "
                                "key < ?1 || '/by0') LIMIT 1");
    return row.bind(1, key).bind(2, late_reason).step();
}

std::vector<OutboxRow> supersede_late(Database& database, std::string_view channel, Instant now) {
    auto statement = select(database, R"sql(
        WHERE channel = ?1 AND state IN ('pending', 'claimed') AND state = 'pending'
            AND quiet_from <= ?2 AND ambiguous = 0
        ORDER BY id
    )sql");
    statement.bind(1, channel).bind(2, now);
    auto rows = read_rows(std::move(statement));
    for (auto& row : rows) {
        row.state = OutboxState::superseded;
        row.last_reason = late_reason;
        supersede_message(database, row.id, row.last_reason);
    }
    return rows;
}

void free_key(Database& database, std::string_view key) {
    database
        .prepare("UPDATE outbox SET key = key || '/late/' || id WHERE key = ?1 AND "
                 "state = 'superseded'")
        .bind(1, key)
        .run();
}

void save_channel_state(Database& database, std::string_view channel, const ChannelState& state) {
    database
        .prepare(R"sql(
        INSERT INTO channel_state (channel, paused_until, broken_since, broken_reason, failures,
            last_success_at, failing_since)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (channel) DO UPDATE SET paused_until = excluded.paused_until,
            broken_since = excluded.broken_since, broken_reason = excluded.broken_reason,
            failures = excluded.failures, last_success_at = excluded.last_success_at,
            failing_since = excluded.failing_since
    )sql")
        .bind(1, channel)
        .bind(2, state.paused_until)
        .bind(3, state.broken_since)
        .bind(4, std::string_view{state.broken_reason})
        .bind(5, state.failures)
        .bind(6, state.last_success_at)
        .bind(7, state.failing_since)
        .run();
}

}  // namespace nudged::warehouse
