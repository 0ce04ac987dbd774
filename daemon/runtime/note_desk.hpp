// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"

namespace nudged::runtime {

// The commands of coaching_desk.hpp that are about notes.

asio::awaitable<CareReport> add_note(const CareContext& context, ControlRequest request);
asio::awaitable<CareReport> edit_note(const CareContext& context, ControlRequest request);
asio::awaitable<CareReport> take_note_away(const CareContext& context, ControlRequest request);
asio::awaitable<CareReport> hand_notes_over(const CareContext& context, ControlRequest request);
/// "header" is the first row of a CSV file, "rows" some of the others, "line" where those begin.
/// Every row is stored, known already, or told with its line and what to do.
asio::awaitable<CareReport> import_notes(const CareContext& context, ControlRequest request);

}  // namespace nudged::runtime
