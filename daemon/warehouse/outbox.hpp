// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/reader.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// Row of the table `outbox`: one message to one channel.
enum class OutboxId : std::int64_t {};

enum class OutboxState {
    pending,     // to be sent when it is due
    claimed,     // being sent; after its lease nobody knows what came of it
    delivered,   // the far end confirmed it
    accepted,    // the far end took it for later work
    refused,     // the far end will never take it
    unknown,     // sent twice without a verdict; a person may look
    dead,        // could not be sent before it expired
    superseded,  // decided, but there was nothing to send, or something newer to send
    held,        // was to be sent when a backup was taken that was restored; a person releases it
};
std::string_view to_string(OutboxState state);
std::optional<OutboxState> parse_outbox_state(std::string_view name);

/// A message that has been decided. `key` is its identity: a second one of the same key is none.
struct NewMessage {
    std::string key;
    std::string channel;
    std::string recipient;  // e-mail of the person it is for
    std::string reason;     // digest, nudge, at_once, escalation, edit, resolved, reopened, test
    std::string message;    // channel-free: model::to_json
    Instant due_at{};
    Instant expires_at{};
    // By the keys of messages to the same channel; empty: none.
    std::string continues{};  // that it replies to, if the channel can and that one has arrived
    std::string edits{};      // in whose place it is put, or else it is given up: never sent as new
    /// From then on the next one tells what still holds; empty: it is told at any hour.
    std::optional<Instant> quiet_from{};
};

struct OutboxRow : NewMessage {
    OutboxId id{};
    OutboxState state = OutboxState::pending;
    std::optional<std::string> payload;  // as it is sent, once it has been claimed
    Instant created_at{};
    int attempts = 0;
    int ambiguous = 0;  // tries that ended without a verdict
    std::optional<Instant> first_try_at;
    std::optional<Instant> last_try_at;
    std::string last_outcome;
    int last_status = 0;
    std::string last_reason;
    std::optional<Instant> lease_until;
    std::string receipt;  // of what was delivered, where the channel gives one
    std::string thread;   // the receipt of what it continues, as far as there is one
    std::string target;   // and of what it edits
};

/// What is known of a channel, whichever process asks.
struct ChannelState {
    std::optional<Instant> paused_until;
    std::optional<Instant> broken_since;
    std::string broken_reason;
    int failures = 0;  // in a row
    std::optional<Instant> last_success_at;
    std::optional<Instant> failing_since;  // nothing but failure has come back; it refuses nothing
};

// Reading: any connection.

struct OutboxFilter {
    std::optional<OutboxState> state;
    std::optional<std::string> channel;
    int limit = 100;
};
/// The newest first.
std::vector<OutboxRow> read_outbox(const Reader& reader, const OutboxFilter& filter = {});
std::optional<OutboxRow> read_outbox_row(const Database& database, OutboxId id);
bool has_message(const Database& database, std::string_view key);
/// Whether it was superseded as supersede_late does, here or where it was passed on to.
bool was_superseded_late(const Database& database, std::string_view key);
/// How many of that reason were decided for one recipient and channel since then.
std::int64_t count_messages(const Database& database, std::string_view channel,
                            std::string_view recipient, std::string_view reason, Instant since);
ChannelState read_channel_state(const Database& database, std::string_view channel);
/// When something of this channel can be tried next, its pause included; empty: nothing waits.
std::optional<Instant> read_next_due(const Database& database, std::string_view channel);

/// Those of a channel that are to be sent, the oldest first.
std::vector<OutboxRow> read_waiting(const Database& database, std::string_view channel);

// Changing: the writer's thread, inside its transaction.

/// False when there is a message of this key already.
bool insert_message(Database& database, const NewMessage& message, Instant now);
/// Keeps that a message was decided on and needs not be sent, and why.
bool insert_superseded(Database& database, const NewMessage& message, std::string_view why,
                       Instant now);

/// It is not to be sent any more, and why.
void supersede_message(Database& database, OutboxId id, std::string_view why);

/// Takes the oldest row that is due, unless its channel is paused: one more attempt, a lease, and
/// the payload that `render` makes of the row where it has none yet. Edits keep no message waiting:
/// they come when there is none.
std::optional<OutboxRow> claim_next(Database& database, std::string_view channel, Instant now,
                                    std::chrono::milliseconds lease,
                                    const std::function<std::string(const OutboxRow&)>& render);

/// What came of a try; an empty payload leaves what is there.
struct TryResult {
    OutboxState state = OutboxState::pending;  // pending: it is tried again
    std::optional<std::string> payload;        // what the next try sends instead
    bool is_ambiguous = false;                 // counts as one without a verdict
    std::string outcome;
    int status = 0;
    std::string reason;
    std::string receipt{};  // empty: leaves what is there
    std::optional<Instant> given_up_at{};
};
/// Nothing for a message that is not claimed any more: somebody in it was forgotten meanwhile, and
/// the try must not bring its content back.
void record_try(Database& database, OutboxId id, const TryResult& result);

/// What was decided, put off or claimed while the clock was ahead waits no longer than if it had
/// been right: what was decided in the future is decided now, and no pause or lease ends later than
/// the longest one there is.
void forget_wrong_clock(Database& database, std::string_view channel, Instant now,
                        std::chrono::milliseconds longest_pause, std::chrono::milliseconds lease);
/// Claimed rows of the channel whose lease is over: their sender is gone and nobody knows.
std::vector<OutboxRow> read_lost_claims(const Database& database, std::string_view channel,
                                        Instant now);
/// Pending rows that are past their time are dead, with the reason, or superseded where they are
/// edits; returns them.
std::vector<OutboxRow> expire_messages(Database& database, Instant now);
/// Pending rows of the channel whose quiet hours have begun are superseded, unless they may have
/// arrived already; returns them.
std::vector<OutboxRow> supersede_late(Database& database, std::string_view channel, Instant now);
/// The key of a message that is not sent any more is free for another one.
void free_key(Database& database, std::string_view key);
void save_channel_state(Database& database, std::string_view channel, const ChannelState& state);

/// What was given up is sent once more, in full again where the channel refused it or it expired;
/// what may have arrived says so, as it did.
struct Replayed {
    std::int64_t replayed = 0;
    std::vector<std::int64_t> not_given_up;  // ids that name no message that was
};
/// Those of `ids`; each is sent within what is `useful` in its channel.
Replayed replay_messages(Database& database, const std::vector<std::int64_t>& ids, Instant now,
                         const std::function<std::chrono::hours(std::string_view)>& useful);

/// In a warehouse that was restored: what was to be sent then may have been sent since, so that
/// nothing is before a person has looked. Returns how many.
std::int64_t hold_messages(Database& database);
struct Released {
    std::int64_t released = 0;
    std::int64_t expired = 0;            // of those: past their time, and never sent
    std::vector<std::int64_t> not_held;  // ids that name no held message
};
/// Held messages are to be sent again: those of `ids`, or all when there are none.
Released release_messages(Database& database, const std::vector<std::int64_t>& ids, Instant now);

}  // namespace nudged::warehouse
