// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"
#include "daemon/warehouse/note_reading.hpp"

#include <string>
#include <vector>

namespace nudged::runtime {

// The commands of coaching_desk.hpp that are about notes.

asio::awaitable<CareReport> add_note(const CareContext& context, ControlRequest request);
asio::awaitable<CareReport> edit_note(const CareContext& context, ControlRequest request);
asio::awaitable<CareReport> take_note_away(const CareContext& context, ControlRequest request);
asio::awaitable<CareReport> hand_notes_over(const CareContext& context, ControlRequest request);
/// Notes were read, and are about to be shown: "use" says how (listed, read, searched), "as" by the
/// address of whom, "seen" of whom, a line each.
asio::awaitable<CareReport> audit_seen(const CareContext& context, ControlRequest request);

/// "header" is the first row of a CSV file, "rows" some of the others, "line" where those begin.
/// Every row is stored, known already, or told with its line and what to do.
asio::awaitable<CareReport> import_notes(const CareContext& context, ControlRequest request);

/// What "note.seen" is told of the notes that somebody is about to see, in as many requests as it
/// takes; of none, too, when they were searched for words. Notes whose text is not for whoever asks
/// are only listed.
std::vector<ControlRequest> note_seen_requests(const warehouse::NotesSeen& seen,
                                               const std::string& as, bool by_words);

}  // namespace nudged::runtime
