// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/event.hpp"

/// Every event that nudged tells, one row each: name, level, meaning, remedy.
namespace nudged::events {

inline constexpr EventKind daemon_ready{
    "daemon.ready", Level::notice, "Start-up is complete and every source is being polled.", ""};
inline constexpr EventKind daemon_stopping{
    "daemon.stopping", Level::notice, "A stop was asked for; what was in hand is being committed.",
    ""};
inline constexpr EventKind daemon_failed{
    "daemon.failed", Level::error, "A part of the daemon ended that never should; it stops.",
    "The service manager starts it again; report the text of this event."};
inline constexpr EventKind config_reloaded{"config.reloaded", Level::notice,
                                           "The new configuration is in force.", ""};
inline constexpr EventKind config_refused{
    "config.refused", Level::error, "The new configuration has errors; the old one stays in force.",
    "Run `nudged config check`, mend what it names, and reload again."};
inline constexpr EventKind stream_synced{
    "stream.synced", Level::info, "A stream has been pulled until it had nothing newer.", ""};
inline constexpr EventKind stream_failed{
    "stream.failed", Level::warning, "A stream's turn ended early; it is tried again by itself.",
    "Nothing at first; see `nudged status` if it lasts."};
inline constexpr EventKind stream_needs_person{
    "stream.needs_person", Level::error,
    "A stream cannot go on without a person: a credential, a permission or the configuration.",
    "Mend what the text names, then `nudged reload` (a changed credential needs a restart)."};
inline constexpr EventKind field_dropped{
    "field.dropped", Level::warning,
    "The CRM does not have a field, or does not show it to us; it is left empty from now on.",
    "Nothing if nobody misses it; else give the credential the right to read it, and restart."};
inline constexpr EventKind fields_hidden{
    "fields.hidden", Level::warning,
    "The CRM does not show us fields that the mapping names; they are left empty.",
    "Correct their names in the source's file, or give the credential the right to read them."};
inline constexpr EventKind fields_shown{
    "fields.shown", Level::notice,
    "Fields that were hidden are there now; records that change from now on have them.",
    "For the records of before, run `nudged sync --source NAME --full`."};
inline constexpr EventKind fields_unknown{
    "fields.unknown", Level::notice,
    "The CRM does not tell which fields it has; all that the mapping names are asked for.", ""};
inline constexpr EventKind record_malformed{
    "record.malformed", Level::warning,
    "A value of the source did not fit its field; the field is left empty, or the row is skipped.",
    "Correct the row at its source, or its mapping in the source's file."};
inline constexpr EventKind evaluation_done{"evaluation.done", Level::info,
                                           "All checks have been run over the warehouse.", ""};
inline constexpr EventKind evaluation_failed{
    "evaluation.failed", Level::error, "The checks could not be run; findings stay as they were.",
    "See the text; it is tried again at the next evaluation."};
inline constexpr EventKind check_held{
    "check.held", Level::info,
    "A rule about absence was not judged, since the data that would prove it is not there.",
    "See `nudged status` for the source that is behind."};
inline constexpr EventKind digest_queued{"digest.queued", Level::info,
                                         "A manager's digest has been put into the outbox.", ""};
inline constexpr EventKind message_sent{"message.sent", Level::info,
                                        "A channel has taken a message.", ""};
inline constexpr EventKind message_deferred{
    "message.deferred", Level::notice, "A message was not taken; it is tried again by itself.", ""};
inline constexpr EventKind message_refused{
    "message.refused", Level::error, "A channel will never take this message; it is kept.",
    "See it with `nudged outbox show`; its channel's limits or nudged's rendering are at fault."};
inline constexpr EventKind message_unknown{
    "message.unknown", Level::warning,
    "A message was sent twice without an answer; nobody knows whether it arrived. It is kept.",
    "Look into the channel; see the message with `nudged outbox show`."};
inline constexpr EventKind message_dead{
    "message.dead", Level::error, "A message could not be sent before it expired; it is kept.",
    "See it with `nudged outbox show`, and the channel's state with `nudged status`."};
inline constexpr EventKind channel_broken{
    "channel.broken", Level::error,
    "A channel refuses every message until a person acts; its messages are held.",
    "Make a new webhook or mend the path, put it where the configuration says, and restart."};
inline constexpr EventKind channel_mended{"channel.mended", Level::notice,
                                          "A channel that was broken takes messages again.", ""};
inline constexpr EventKind delivery_failed{
    "delivery.failed", Level::error,
    "A channel's queue could not be read or written; it is tried again soon.",
    "See the text: it is about the warehouse's file."};
inline constexpr EventKind snapshot_refused{
    "snapshot.refused", Level::warning,
    "A complete list no longer told more than a fifth of the records of before; none was deleted.",
    "Look whether the list is whole, and the account still sees all. If so, run `nudged sync "
    "--source NAME --full`."};
inline constexpr EventKind web_listening{"web.listening", Level::notice,
                                         "Health and metrics are served on this address.", ""};

}  // namespace nudged::events
