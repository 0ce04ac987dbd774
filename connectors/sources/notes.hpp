// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/model/record.hpp"
#include "connectors/sources/options.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nudged::sources {

/// Notes of a CRM, which are no records of the warehouse. A manifest's stream and a table of them
/// have this name, and an admin switches them on by saying where their text stands.
inline constexpr std::string_view notes_stream = "note";
/// The field of the admin's own that holds the text of a note, or of a task, in which somebody may
/// have agreed to something.
inline constexpr std::string_view agreed_text = "commitment";

/// The source that reads the notes of `source` alone; nullopt where they are not switched on. It
/// tells each as a task with its text beside it, for text_of_note: never for the warehouse.
std::optional<SourceOptions> notes_source(const SourceOptions& source);

/// What is written in one of them; may be empty.
std::string text_of_note(const model::Record& note);

/// Checks how notes are mapped, as a connector's check() does for records.
void check_notes(const SourceOptions& source, const std::string& manifest_folder,
                 Diagnostics& problems);

}  // namespace nudged::sources
