// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/coaching_records.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// What somebody does with notes.
enum class NoteUse : std::uint8_t {
    listed,    // that there are some, without a word of what was said
    read,      // what was said
    searched,  // the same, by words; of no person and 0 notes when nothing was found
    written,
    imported,
    changed,
    removed,
    handed_over,
    forgotten,  // with the person whom they were about
    expired,    // past their time
};
std::string_view to_string(NoteUse use);
std::optional<NoteUse> note_use_of(std::string_view name);

/// By whom: the operating system's user, by number. Empty: nudged itself.
using AuditUser = std::optional<std::int64_t>;

/// One row of the table `audit`. No word of a note is in it, nor one that was looked for.
struct AuditEntry {
    Instant at{};
    AuditUser user;
    PersonId as = PersonId::nobody;     // of the roster, as whom they asked; nobody: the admin
    PersonId about = PersonId::nobody;  // whose notes
    std::string team{};                 // whose notes, where they are about a team
    NoteUse use{};
    int notes = 1;
};

// Inside a write transaction.
void store_audit(Database& database, const AuditEntry& entry);
/// The same for one note, whose person or team is looked up.
void store_audit_of(Database& database, AuditEntry entry, NoteId note);
/// How many notes of a rep there are that are not removed.
int count_notes(const Database& database, PersonId rep);

/// A row as it is told.
struct AuditRow {
    AuditEntry entry;
    std::string as_name;     // "" for the admin, and for who was forgotten
    std::string about_name;  // "" for a team's, and for who was forgotten
};
struct AuditFilter {
    std::optional<PersonId> about;
    std::optional<Instant> since;
    int most = 1000;
};
/// The latest first.
std::vector<AuditRow> read_audit(const Reader& reader, const AuditFilter& filter = {});

}  // namespace nudged::warehouse
