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
inline constexpr EventKind config_warning{"config.warning", Level::warning,
                                          "The configuration works, but looks like a mistake.",
                                          "See the text; `nudged config check` prints it too."};
inline constexpr EventKind stream_synced{
    "stream.synced", Level::info, "A stream has been pulled until it had nothing newer.", ""};
inline constexpr EventKind stream_failed{
    "stream.failed", Level::warning, "A stream's turn ended early; it is tried again by itself.",
    "Nothing at first; see `nudged status` if it lasts."};
inline constexpr EventKind stream_needs_person{
    "stream.needs_person", Level::error,
    "A stream cannot go on without a person: a credential, a permission or the configuration.",
    "Mend what the text names, then `nudged reload` (a changed credential needs a restart)."};
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

}  // namespace nudged::events
