// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/model/record.hpp"
#include "connectors/sources/options.hpp"

#include <map>
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
/// The same for what else somebody may have recorded there: a plan, an escalation, praise, what
/// works. Each is switched on by itself.
inline constexpr std::string_view coaching_text = "coaching";
/// And for a 1:1, of notes alone: what a task says is stored, and shown to whoever may query.
inline constexpr std::string_view talk_text = "one_on_one";

/// The source that reads the notes of `source` alone; nullopt where they are not switched on. It
/// tells each as a task with its text beside it, for texts_of_note: never for the warehouse.
std::optional<SourceOptions> notes_source(const SourceOptions& source);

/// What is written in one of them, by the fields above that are mapped; without those that are
/// empty.
std::map<std::string, std::string> texts_of_note(const model::Record& note);

/// Checks how notes are mapped, as a connector's check() does for records, and that tasks hold no
/// 1:1s; warns of who reads those in the CRM.
void check_notes(const SourceOptions& source, const std::string& manifest_folder,
                 Diagnostics& problems);

}  // namespace nudged::sources
