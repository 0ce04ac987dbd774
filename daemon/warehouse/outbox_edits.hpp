// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/outbox.hpp"

#include <string_view>
#include <vector>

namespace nudged::warehouse {

// Rows that are put in the place of a message that was delivered (`edits`). Nobody misses one: the
// message stays as it is. The writer's thread, inside its transaction.

/// Whether that message still says what an edit was made from: somebody in it may have been
/// forgotten since.
bool still_says(const Database& database, std::string_view key, std::string_view message);
/// What waits to edit that message is not to be sent: a later edit says more.
void supersede_edits(Database& database, std::string_view edited);
/// Gives up those of the channel that wait in vain: all of them unless `can_edit`, else what edits
/// a message without a receipt, and what a later edit of the same message has overtaken (a restore
/// held it, or its claim was lost). Returns them.
std::vector<OutboxRow> drop_edits(Database& database, std::string_view channel, bool can_edit);
/// The row with it.
void give_up_edit(Database& database, OutboxRow& row, std::string_view why);

}  // namespace nudged::warehouse
