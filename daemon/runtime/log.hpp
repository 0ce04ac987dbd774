// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/event.hpp"
#include "connectors/base/instant.hpp"

#include <span>
#include <string>

namespace nudged::runtime {

enum class LogFormat {
    text,     // time, level, event, fields: for a terminal
    journal,  // fields of the journal (journal.hpp); a line with "<6>" before it where it takes
              // none
    json,     // one object a line
};

struct LogOptions {
    Level level = Level::info;
    LogFormat format = LogFormat::text;
};

/// "auto" is journal where standard error leads there, as under systemd, else text.
LogFormat log_format_of(const std::string& name);

/// Sends every event to the journal from here on, or to standard error through spdlog.
void start_logging(const LogOptions& options);

/// One event as a line of the given form, without its line end; text of fields is quoted where
/// needed.
std::string format_event(LogFormat format, Instant now, const EventKind& kind,
                         std::span<const EventField> fields);

}  // namespace nudged::runtime
