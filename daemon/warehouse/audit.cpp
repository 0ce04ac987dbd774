// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/audit.hpp"

#include "daemon/warehouse/persons.hpp"

#include <array>

namespace nudged::warehouse {
namespace {

constexpr std::array<std::string_view, 10> names{"listed",    "read",    "searched", "written",
                                                 "imported",  "changed", "removed",  "handed_over",
                                                 "forgotten", "expired"};

AuditRow read_row(const Statement& row) {
    AuditRow read;
    auto& entry = read.entry;
    entry.at = from_millis(row.integer(0));
    entry.user = row.maybe_integer(1);
    entry.as = PersonId{row.integer(2)};
    entry.about = PersonId{row.integer(3)};
    entry.team = row.text(4);
    entry.use = note_use_of(row.text(5)).value_or(NoteUse::read);
    entry.notes = static_cast<int>(row.integer(6));
    read.as_name = row.text(7);
    read.about_name = row.text(8);
    return read;
}

}  // namespace

std::string_view to_string(NoteUse use) {
    return names[static_cast<std::size_t>(use)];
}

std::optional<NoteUse> note_use_of(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<NoteUse>(i);
    return std::nullopt;
}

void store_audit(Database& database, const AuditEntry& entry) {
    auto row = database.prepare(
        "INSERT INTO audit (at, user, as_id, about_id, team, what, notes) VALUES (?1, ?2, ?3, ?4, "
        "?5, ?6, ?7)");
    row.bind(1, entry.at).bind(2, entry.user).bind(6, to_string(entry.use)).bind(7, entry.notes);
    if (entry.as != PersonId::nobody) row.bind(3, entry.as);
    if (entry.about != PersonId::nobody) row.bind(4, entry.about);
    if (!entry.team.empty()) row.bind(5, entry.team);
    row.run();
}

void store_audit_of(Database& database, AuditEntry entry, NoteId note) {
    auto row = database.prepare("SELECT rep_id, team FROM note WHERE id = ?1");
    row.bind(1, note);
    if (!row.step()) return;
    entry.about = PersonId{row.integer(0)};
    if (entry.about == PersonId::nobody) entry.team = row.text(1);
    row.reset();
    store_audit(database, entry);
}

int count_notes(const Database& database, PersonId rep) {
    auto rows = database.prepare("SELECT rep_id FROM note WHERE removed_at IS NULL AND rep_id IS "
                                 "NOT NULL");
    int count = 0;
    while (rows.step()) count += counted_as(database, PersonId{rows.integer(0)}) == rep;
    return count;
}

std::vector<AuditRow> read_audit(const Reader& reader, const AuditFilter& filter) {
    const auto& database = reader.database();
    auto rows = database.prepare(R"sql(
SELECT a.at, a.user, a.as_id, a.about_id, a.team, a.what, a.notes, w.name, r.name
  FROM audit a LEFT JOIN person w ON w.id = a.as_id LEFT JOIN person r ON r.id = a.about_id
 WHERE a.at >= ?1 ORDER BY a.at DESC, a.id DESC)sql");
    rows.bind(1, filter.since ? to_millis(*filter.since) : std::int64_t{0});
    std::vector<AuditRow> found;
    while (found.size() < static_cast<std::size_t>(filter.most) && rows.step()) {
        auto row = read_row(rows);
        if (filter.about && (row.entry.about == PersonId::nobody ||
                             counted_as(database, row.entry.about) != *filter.about))
            continue;
        found.push_back(std::move(row));
    }
    return found;
}

}  // namespace nudged::warehouse
