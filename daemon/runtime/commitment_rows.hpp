// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"
#include "daemon/runtime/commitment_entry.hpp"
#include "daemon/runtime/sheet.hpp"

namespace nudged::runtime {

/// The rows of a sheet, as words: what they say of a rep, KPI and week is agreed, or corrects what
/// the sheet said of it before. What was changed by command since stays until the row changes too,
/// and a row that is gone takes nothing back. A row with a "crm" ("task crm/17", "note crm/4") is
/// one of a CRM's, and may come to name another week.
asio::awaitable<SheetTaken> take_commitments(const CareContext& context, std::string sheet,
                                             std::vector<CommitmentWords> rows);

}  // namespace nudged::runtime
