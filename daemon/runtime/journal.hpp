// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/event.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::runtime {

/// Whether the descriptor leads to systemd's journal: $JOURNAL_STREAM, "device:inode", says which
/// file does (systemd.exec(5)); a variable that was merely inherited names another one.
bool leads_to_journal(int descriptor);

/// One event as the journal keeps it, each entry "NAME=value": MESSAGE, PRIORITY, NUDGED_EVENT, and
/// a field NUDGED_… for each of the event's, in capitals and with its text as it is.
std::vector<std::string> journal_entry(const EventKind& kind, std::span<const EventField> fields,
                                       std::string_view message, int priority);

/// Any thread. False when the journal did not take it.
bool send_to_journal(std::span<const std::string> entry);

}  // namespace nudged::runtime
