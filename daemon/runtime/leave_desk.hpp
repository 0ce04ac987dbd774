// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"
#include "daemon/runtime/sheet.hpp"

namespace nudged::runtime {

// The commands of coaching_desk.hpp that are about days off.
asio::awaitable<CareReport> add_away(const CareContext& context, ControlRequest request);
asio::awaitable<CareReport> take_away_back(const CareContext& context, ControlRequest request);

/// The rows of a sheet: who is away from when to when. Leave whose row is gone goes too, unless a
/// row was refused, or all rows are gone or more than a fifth of more than twenty, which looks like
/// a sheet that is not whole. What was said by command stays as it is. There is no place for a
/// reason.
asio::awaitable<SheetTaken> take_leave(const CareContext& context, std::string sheet,
                                       std::vector<SheetRow> rows);

}  // namespace nudged::runtime
