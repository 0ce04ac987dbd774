// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/note_reading.hpp"

#include <string>

namespace nudged::cli {

/// A line a note, and how many there are that may only be counted.
std::string notes_text(const warehouse::NotesSeen& seen);
/// What is said is there only for whoever may read it.
std::string notes_json(const warehouse::NotesSeen& seen);
/// One note whole.
std::string note_text(const warehouse::Note& note);

/// Standard input to its end, as far as a note may go.
std::string read_standard_input();

}  // namespace nudged::cli
