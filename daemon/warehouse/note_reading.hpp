// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "daemon/warehouse/coaching_records.hpp"
#include "daemon/warehouse/people.hpp"
#include "daemon/warehouse/reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// Who asks for notes. A note about a rep is read by the rep and by the rep's present manager, the
/// latter from the day on which they manage, unless what was noted before was handed over. The
/// manager above sees how many there are; the admin, who names nobody, that there are.
struct NoteAsker {
    std::optional<PersonId> person;  // empty: the admin
    std::chrono::local_days today{};
};

/// What is said in a note; only for whoever may read it.
struct NoteText {
    std::string body;
    std::string agreed;
    std::string skill;
    std::string kpi;
    std::vector<NoteLink> opportunities;
};

struct Note {
    NoteId id{};
    NoteType type{};
    PersonId rep = PersonId::nobody;  // as whom they count
    std::string rep_name;             // "" for a note about the team
    std::string team;
    std::string manager_name;
    std::chrono::local_days held_on{};
    std::optional<Instant> written_at;
    std::optional<int> minutes;
    int revisions = 0;
    std::optional<Instant> removed_at;
    std::string removed_why;
    std::optional<NoteText> text;  // empty: not for whoever asks, or removed
};

struct NoteFilter {
    std::optional<NoteId> id;
    std::optional<PersonId> rep;
    std::optional<IsoWeek> week;  // in which it was held
    std::optional<NoteType> type;
    std::string words;  // all of them in the text; "contr*" for words that begin so; empty: any
    bool with_removed = false;
};

/// How many notes there are that whoever asks may only count.
struct NoteCount {
    std::string rep_name;  // or the team's
    NoteType type{};
    int count = 0;
};

struct NotesSeen {
    std::vector<Note> notes;        // the latest first
    std::vector<NoteCount> counts;  // of others, by name and type
};

/// The one way to the texts of notes: whoever reads them elsewhere would have to know who may. With
/// words, only what may be read whole is looked through.
NotesSeen read_notes(const Reader& reader, const NoteAsker& asker, const NoteFilter& filter = {});

}  // namespace nudged::warehouse
