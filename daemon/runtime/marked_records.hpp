// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"
#include "daemon/runtime/sheet.hpp"

#include <vector>

namespace nudged::runtime {

/// What tasks and notes of a CRM record beside commitments, by the mark of each row ("1:1", "plan",
/// "best", "esc", "praise"): a note, a plan or an escalation, as the commands for them make them.
/// The same task or note again changes nothing; one that says something else is a further revision
/// of its note, or an update of the escalation. One that is gone takes nothing back. What is
/// refused is told without a word of the text.
asio::awaitable<SheetTaken> take_records(const CareContext& context, std::vector<SheetRow> rows);

}  // namespace nudged::runtime
