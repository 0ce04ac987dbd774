// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/digest.hpp"
#include "daemon/alerts/texts.hpp"

#include <string>
#include <vector>

namespace nudged::alerts {

/// Puts a summary of what had gathered before a manager was told anything into their first message,
/// a line a check, so that a first sync is no flood. Nothing where all of it has room in the
/// message. `findings` are those that the message was composed from.
void sum_up_backlog(Digest& digest, const std::vector<warehouse::StoredFinding>& findings,
                    int max_items, const Texts& texts);

/// The message goes to the admin alone, and says so.
void mark_as_shadow(model::Message& message, const std::string& team);

}  // namespace nudged::alerts
