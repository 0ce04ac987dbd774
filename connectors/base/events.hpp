// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/event.hpp"

#include <array>

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
inline constexpr EventKind job_refused{
    "job.refused", Level::notice,
    "The CRM has no job for a first load, or gave it up; it goes by windows of time, which takes "
    "longer.",
    "Nothing; where the account should have bulk jobs, give the credential the right to them."};
inline constexpr EventKind lookup_refused{"lookup.refused", Level::notice,
                                          "The CRM does not show the credential a list that tells "
                                          "more of its records; they come without.",
                                          "Give the credential the right to read it, if it is to "
                                          "be read; docs/connectors.md says which."};
inline constexpr EventKind record_malformed{
    "record.malformed", Level::warning,
    "A value of the source did not fit its field; the field is left empty, or the row is skipped.",
    "Correct the row at its source, or its mapping in the source's file."};
inline constexpr EventKind evaluation_done{"evaluation.done", Level::info,
                                           "All checks have been run over the warehouse.", ""};
inline constexpr EventKind evaluation_failed{
    "evaluation.failed", Level::error, "The checks could not be run; findings stay as they were.",
    "See the text; it is tried again at the next evaluation."};
inline constexpr EventKind recount_begun{
    "recount.begun", Level::notice,
    "Sums are counted anew in the background: a measure's definition, a person's time zone or a "
    "zone's rules have changed, or a rebuild was asked for. They read as not proven until then.",
    ""};
inline constexpr EventKind recount_done{"recount.done", Level::notice,
                                        "What was counted anew can be read again.", ""};
inline constexpr EventKind recount_failed{
    "recount.failed", Level::error,
    "Sums could not be counted anew; it is tried again, and they stay not proven until then.",
    "See the text: it is about the warehouse's file."};
inline constexpr EventKind check_held{
    "check.held", Level::info,
    "A rule about absence was not judged, since the data that would prove it is not there.",
    "See `nudged status` for the source that is behind."};
inline constexpr EventKind digest_queued{"digest.queued", Level::info,
                                         "A manager's digest has been put into the outbox.", ""};
inline constexpr EventKind line_queued{
    "line.queued", Level::info,
    "A message to a rep, a manager's manager or whomever a route names has been put into the "
    "outbox.",
    ""};
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
inline constexpr EventKind message_late{
    "message.late", Level::notice,
    "A message could not be sent before the quiet hours of its day; the next one tells what still "
    "holds.",
    "See what the channel answers with `nudged status`."};
inline constexpr EventKind message_edit_given_up{
    "message.edit_given_up", Level::notice,
    "A message could not be edited to say what has come of it since; it stays as it was told.",
    "Nothing, unless it is so with each: then see the reason."};
inline constexpr EventKind mail_address_refused{
    "mail.address_refused", Level::error,
    "A mail server says that one of a channel's addresses takes no mail; the others got theirs. "
    "The address is left out until nudged is started or reloaded.",
    "Look for a typo in the channel's `to`, then run `nudged reload`."};
inline constexpr EventKind channel_broken{
    "channel.broken", Level::error,
    "A channel refuses every message until a person acts, or has answered nothing but failure for "
    "an hour; its messages go by its fallback, or wait.",
    "See the reason. Make a new webhook, or mend the path, login or address, put it where the "
    "configuration says, and restart; where it cannot be reached, `nudged doctor` shows why."};
inline constexpr EventKind messages_passed_on{
    "messages.passed_on", Level::warning,
    "Messages of a channel that does not work go by its fallback.",
    "Mend the channel; `nudged status` says what is wrong with it."};
inline constexpr EventKind channel_mended{"channel.mended", Level::notice,
                                          "A channel that was broken takes messages again.", ""};
inline constexpr EventKind socket_connected{
    "socket.connected", Level::info,
    "A channel's connection by which people answer (Slack's Socket Mode) stands.", ""};
inline constexpr EventKind socket_lost{
    "socket.lost", Level::warning,
    "That connection broke, or could not be opened; it is tried again by itself.",
    "Nothing at first; if it lasts, see whether this machine reaches wss-primary.slack.com."};
inline constexpr EventKind socket_broken{
    "socket.broken", Level::error,
    "That connection is refused until a person acts: people cannot answer in the channel.",
    "Mend what the text names, put the token where the configuration says, and restart."};
inline constexpr EventKind answer_failed{
    "answer.failed", Level::warning,
    "What somebody clicked or typed in a channel could not be done, or was not understood.",
    "Nothing, unless it lasts: whoever it was has been told, and can try again."};
inline constexpr EventKind delivery_failed{
    "delivery.failed", Level::error,
    "A channel's queue could not be read or written; it is tried again soon.",
    "See the text: it is about the warehouse's file."};
inline constexpr EventKind snapshot_refused{
    "snapshot.refused", Level::warning,
    "A complete list no longer told more than a fifth of the records of before; none was deleted.",
    "Look whether the list is whole, and the account still sees all. If so, run `nudged sync "
    "--source NAME --full`."};
inline constexpr EventKind warehouse_failing{
    "warehouse.failing", Level::error,
    "Nothing can be committed to the warehouse; what was committed is safe, the rest is tried "
    "again.",
    "Do what the text says; when the cause is gone, all goes on by itself."};
inline constexpr EventKind warehouse_mended{"warehouse.mended", Level::notice,
                                            "The warehouse can be written again.", ""};
inline constexpr EventKind warehouse_log_held{
    "warehouse.log_held", Level::warning,
    "A program keeps an old read of the warehouse open, so that its write-ahead log grows.",
    "End that read, or let the program read in short transactions; `nudged status` names it."};
inline constexpr EventKind warehouse_migrated{
    "warehouse.migrated", Level::notice,
    "The warehouse has been brought to this program's schema; a copy of before stands beside it.",
    "Keep the copy until all is well; the next migration, or a month, removes it."};
inline constexpr EventKind index_failed{
    "index.failed", Level::error,
    "An index that a first load left out could not be built; checks are slow until it is.",
    "See the text; it is tried again whenever a stream has been pulled."};
inline constexpr EventKind index_put_off{
    "index.put_off", Level::notice,
    "Urgent work came between again and again while an index that a first load left out was built; "
    "checks are slower until it is.",
    "It is tried again whenever a stream has been pulled."};
inline constexpr EventKind web_listening{"web.listening", Level::notice,
                                         "Health and metrics are served on this address.", ""};
inline constexpr EventKind backup_done{"backup.done", Level::notice,
                                       "A backup of the warehouse is whole and verified.", ""};
inline constexpr EventKind backup_failed{
    "backup.failed", Level::error,
    "A backup could not be made, or an old one not removed; the next try is in an hour.",
    "See the text: it is about the folder of [backup], or about the warehouse's file."};
inline constexpr EventKind retention_done{"retention.done", Level::info,
                                          "What was past its time has been removed.", ""};
inline constexpr EventKind retention_failed{
    "retention.failed", Level::error,
    "What is past its time could not be removed; the next try is in an hour.",
    "See the text: it is about the warehouse's file."};

inline constexpr EventKind sheet_taken{
    "sheet.taken", Level::info, "Commitments or leave of a sheet were stored, changed or removed.",
    ""};
inline constexpr EventKind sheet_refused{
    "sheet.refused", Level::warning,
    "Rows of a sheet of commitments or leave were not taken; the others were.",
    "`nudged commit refused` shows each, why, and what to write instead."};
inline constexpr EventKind sheet_failed{
    "sheet.failed", Level::error,
    "A sheet of commitments or leave could not be read; what was taken before stays, and it is "
    "tried again at the next poll.",
    "See the text: it is about the file, the link, or who may read the sheet."};
inline constexpr EventKind heartbeat_failed{
    "heartbeat.failed", Level::warning,
    "The URL of [heartbeat] could not be told that all is well; whoever watches it will ask soon.",
    "See the text: it is about the network, or about that URL."};
inline constexpr EventKind heartbeat_mended{"heartbeat.mended", Level::notice,
                                            "The URL of [heartbeat] can be told again.", ""};

/// An event with the names of its fields, as the source tells them (tests/architecture compares).
struct ListedEvent {
    const EventKind* kind;
    std::string_view fields;
};
/// All of them, in the order above: docs/events.md is printed from it.
inline constexpr std::array all{
    ListedEvent{&daemon_ready, "version, sources, warehouse"},
    ListedEvent{&daemon_stopping, ""},
    ListedEvent{&daemon_failed, "why"},
    ListedEvent{&config_reloaded, "file"},
    ListedEvent{&config_refused, "problems"},
    ListedEvent{&stream_synced, "source, stream, pages, records, changed, malformed, ms"},
    ListedEvent{&stream_failed, "source, stream, kind, why"},
    ListedEvent{&stream_needs_person, "source, stream, kind, why"},
    ListedEvent{&field_dropped, "request, field"},
    ListedEvent{&fields_hidden, "source, stream, fields"},
    ListedEvent{&fields_shown, "source, stream, fields"},
    ListedEvent{&fields_unknown, "source, stream"},
    ListedEvent{&job_refused, "source, stream, why"},
    ListedEvent{&lookup_refused, "source, lookup"},
    ListedEvent{&record_malformed, "source, stream, where, what"},
    ListedEvent{&evaluation_done, "findings, opened, resolved, held, ms"},
    ListedEvent{&evaluation_failed, "kind, why"},
    ListedEvent{&recount_begun, "measures, users"},
    ListedEvent{&recount_done, ""},
    ListedEvent{&recount_failed, "kind, why"},
    ListedEvent{&check_held, "check, source, reason"},
    ListedEvent{&digest_queued, "team, channel, kind, day, told"},
    ListedEvent{&line_queued, "team, line, channel, told"},
    ListedEvent{&message_sent, "message, channel, outcome, attempts"},
    ListedEvent{&message_deferred, "message, channel, outcome, reason, wait_s"},
    ListedEvent{&message_refused, "message, channel, reason"},
    ListedEvent{&message_unknown, "message, channel, reason"},
    ListedEvent{&message_dead, "message, channel, attempts, outcome"},
    ListedEvent{&message_late, "message, channel"},
    ListedEvent{&message_edit_given_up, "message, channel, reason"},
    ListedEvent{&mail_address_refused, "channel, address, reason"},
    ListedEvent{&channel_broken, "channel, reason"},
    ListedEvent{&messages_passed_on, "channel, fallback, messages"},
    ListedEvent{&channel_mended, "channel"},
    ListedEvent{&socket_connected, "channel"},
    ListedEvent{&socket_lost, "channel, kind, reason"},
    ListedEvent{&socket_broken, "channel, reason"},
    ListedEvent{&answer_failed, "channel, kind, why"},
    ListedEvent{&delivery_failed, "channel, reason"},
    ListedEvent{&snapshot_refused, "source, entity, records"},
    ListedEvent{&warehouse_failing, "kind, why"},
    ListedEvent{&warehouse_mended, "path"},
    ListedEvent{&warehouse_log_held, "holder, bytes, path"},
    ListedEvent{&warehouse_migrated, "path, from, to, copy"},
    ListedEvent{&index_failed, "why"},
    ListedEvent{&index_put_off, "interruptions"},
    ListedEvent{&web_listening, "address, port"},
    ListedEvent{&backup_done, "file, bytes"},
    ListedEvent{&backup_failed, "why"},
    ListedEvent{&retention_done, "rows"},
    ListedEvent{&retention_failed, "why"},
    ListedEvent{&sheet_taken, "source, rows, stored, changed, removed"},
    ListedEvent{&sheet_refused, "source, rows, refused"},
    ListedEvent{&sheet_failed, "source, rows, kind, why"},
    ListedEvent{&heartbeat_failed, "reason"},
    ListedEvent{&heartbeat_mended, ""},
};

}  // namespace nudged::events
