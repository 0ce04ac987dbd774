// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"
#include "daemon/runtime/commitment_entry.hpp"
#include "daemon/runtime/sheet.hpp"

namespace nudged::runtime {

/// The command "commit": the argument "do" says what, and the others with what (CommitmentWords):
///
///     add      rep, kpi, to, week; from, by, note, acknowledged
///     look     as add, and tells what that would come to, without storing anything
///     correct  id; to, from, week, note, worked, hard, acknowledged, reason
///     void     id, reason
///     import   header, text, line: lines of a file; what is there already is left as it is
///
/// What is agreed is never overwritten: a correction is another revision. Throws Failure(refused)
/// that says what is missing.
asio::awaitable<CareReport> keep_commitments(const CareContext& context, ControlRequest request);

/// The rows of a sheet, as words: what they say of a rep, KPI and week is agreed, or corrects what
/// the sheet said of it before. What was changed by command since stays until the row changes too,
/// and a row that is gone takes nothing back. A row with a "crm" ("task crm/17", "note crm/4") is
/// one of a CRM's, and may come to name another week.
asio::awaitable<SheetTaken> take_commitments(const CareContext& context, std::string sheet,
                                             std::vector<CommitmentWords> rows);

}  // namespace nudged::runtime
