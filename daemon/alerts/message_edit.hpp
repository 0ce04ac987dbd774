// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"
#include "daemon/alerts/options.hpp"
#include "daemon/warehouse/finding_threads.hpp"
#include "daemon/warehouse/people.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace nudged::alerts {

/// What has been resolved for longer is not looked at any more.
inline constexpr std::chrono::days edited_for{3};

/// How a message of its own has to read now that its findings have been resolved, answered, or have
/// come back.
struct MessageEdit {
    warehouse::ThreadStart start;
    std::vector<std::string> shown;  // of each of its members: what the message then says
    model::Message message;
};

/// Of those that do not say by now what has come of their findings. Pure.
std::vector<MessageEdit> compose_edits(std::vector<warehouse::ThreadStart> starts,
                                       const warehouse::Roster& roster, const Catalogue& texts,
                                       Instant now);

/// Puts it into the outbox, in the place of an edit of the same message that waits still; false
/// when the message has been edited meanwhile. Writer's thread, inside its transaction.
bool enqueue_edit(warehouse::Database& database, const MessageEdit& edit, Instant now,
                  const AlertOptions& options);

}  // namespace nudged::alerts
