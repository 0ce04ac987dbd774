// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// What a manager does with a rep or a team that is worth a record (sales practice §10).
enum class NoteType {
    one_on_one,
    scrum,
    joint_call,
    deal_review,
    career,
    plan_review,
    escalation,
    best_practice,
    praise,
};
std::string_view to_string(NoteType type);
std::optional<NoteType> note_type_of(std::string_view name);
std::span<const NoteType> all_note_types();

/// Row of the table `note`.
enum class NoteId : std::int64_t { none = 0 };

/// An opportunity that a note is about, by the CRM's id.
struct NoteLink {
    std::string source;
    std::string opportunity;
};

inline constexpr std::size_t longest_note = 32 * 1024;  // bytes of a text

struct NoteDraft {
    NoteType type{};
    PersonId rep = PersonId::nobody;  // nobody: it is about the team
    std::string team;
    PersonId manager{};  // who held it
    std::chrono::local_days held_on{};
    std::optional<Instant> written_at;  // empty: not known
    std::string body;
    std::string agreed;  // what was agreed next, a line each
    std::vector<NoteLink> opportunities;
    std::optional<int> minutes;  // of a scrum
    std::string skill;           // of a joint call
    std::string kpi;             // of a best practice
    std::string origin_key;      // what a line of a file is known by; empty: a command's
};

struct StoredNote {
    NoteId id{};
    bool is_new = false;  // false: the same line of a file was stored before
};

// Inside a write transaction; what is searched follows in the same one. A note that is not there,
// or was removed, throws Failure(refused).

StoredNote store_note(Database& database, const NoteDraft& note, Instant now);
/// A further revision; the earlier ones stay. An empty `agreed` leaves what was agreed.
void revise_note(Database& database, NoteId id, std::string_view body, std::string_view agreed,
                 Instant now);
/// Whether a revision of the note says that, or nothing is to be added as it was removed.
bool was_said(const Database& database, NoteId id, std::string_view body, std::string_view agreed);
/// Every revision goes, and a tombstone stays: that there was a note, of whom, and why it is gone.
void remove_note(Database& database, NoteId id, std::string_view why, Instant now);
/// From now on `to` reads what was noted about `rep` so far, as long as `to` is the manager.
void hand_over_notes(Database& database, PersonId rep, PersonId to, Instant now);

/// For whoever changes or removes revisions by other ways, in the same transaction: what is
/// searched is what row `revision` of note_revision says; what is searched is what there is.
void index_revision(Database& database, std::int64_t revision);
void drop_unreferenced_words(Database& database);

/// Takes what was removed out of the search's own storage, a few milliseconds' worth; until then it
/// still holds the words. True while there is more to do.
bool compact_search(Database& database);

/// That a talk was held, without a word of what was said: what the cadence is counted from.
struct HeldTalk {
    NoteType type{};
    PersonId rep = PersonId::nobody;  // as whom they count; nobody: the team's
    std::string team;
    PersonId manager = PersonId::nobody;
    std::chrono::local_days held_on{};
    std::optional<Instant> written_at;
    bool is_specific = false;  // an agreement names a number and a week
    std::optional<int> minutes;
    std::string skill;
};
/// Those not removed that were stored up to `as_of` and held in the 400 days before it, by day.
std::vector<HeldTalk> read_talks(const Reader& reader, Instant as_of);

/// Whether a line of what was agreed names a number and an ISO week: "50 dials in 2026-W48".
bool is_specific(std::string_view agreed);

}  // namespace nudged::warehouse
