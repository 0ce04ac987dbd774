// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/coaching_records.hpp"

#include "connectors/base/calendar.hpp"
#include "connectors/base/text.hpp"
#include "connectors/base/zone.hpp"
#include "daemon/warehouse/persons.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <map>

namespace nudged::warehouse {
namespace {

struct TypeName {
    NoteType type;
    std::string_view name;
};
constexpr std::array type_names{
    TypeName{NoteType::one_on_one, "one_on_one"},
    TypeName{NoteType::scrum, "scrum"},
    TypeName{NoteType::joint_call, "joint_call"},
    TypeName{NoteType::deal_review, "deal_review"},
    TypeName{NoteType::career, "career"},
    TypeName{NoteType::plan_review, "plan_review"},
    TypeName{NoteType::escalation, "escalation"},
    TypeName{NoteType::best_practice, "best_practice"},
    TypeName{NoteType::praise, "praise"},
};

constexpr int pages_merged = 64;  // of the search's storage in one step, a few milliseconds

void require_live(const Database& database, NoteId id) {
    auto row = database.prepare("SELECT removed_at IS NOT NULL FROM note WHERE id = ?1");
    row.bind(1, id);
    const auto number = static_cast<std::int64_t>(id);
    if (!row.step())
        throw Failure(FailureKind::refused,
                      fmt::format("there is no note {}; `nudged note list` shows those that there "
                                  "are",
                                  number));
    if (row.integer(0) != 0)
        throw Failure(FailureKind::refused, fmt::format("note {} was removed already", number));
}

void add_revision(Database& database, NoteId id, std::string_view body, std::string_view agreed,
                  Instant now) {
    database
        .prepare(R"sql(
INSERT INTO note_revision (note_id, revision, at, body, agreed)
SELECT ?1, 1 + coalesce(max(revision), 0), ?2, ?3,
       coalesce(nullif(?4, ''), (SELECT l.agreed FROM note_revision l WHERE l.note_id = ?1
                                  ORDER BY l.revision DESC LIMIT 1), '')
  FROM note_revision WHERE note_id = ?1)sql")
        .bind(1, id)
        .bind(2, now)
        .bind(3, body)
        .bind(4, agreed)
        .run();
    index_revision(database, database.last_insert_id());
}

std::optional<NoteId> find_by_key(const Database& database, const std::string& key) {
    if (key.empty()) return std::nullopt;
    auto row = database.prepare("SELECT id FROM note WHERE origin_key = ?1");
    row.bind(1, key);
    if (!row.step()) return std::nullopt;
    return NoteId{row.integer(0)};
}

NoteId insert_note(Database& database, const NoteDraft& note, Instant now) {
    const auto text = [](const std::string& value) {
        return value.empty() ? std::nullopt : std::optional<std::string_view>{value};
    };
    const auto held_on = format_date(note.held_on);
    auto row = database.prepare(
        "INSERT INTO note (type, rep_id, team, manager_id, held_on, written_at, stored_at, origin, "
        "origin_key, minutes, skill, kpi) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
        "?12)");
    row.bind(1, to_string(note.type)).bind(3, note.team).bind(4, note.manager).bind(5, held_on);
    if (note.rep != PersonId::nobody) row.bind(2, note.rep);
    row.bind(6, note.written_at).bind(7, now).bind(8, note.origin_key.empty() ? "command" : "csv");
    row.bind(9, text(note.origin_key)).bind(10, note.minutes).bind(11, text(note.skill));
    row.bind(12, text(note.kpi)).run();
    return NoteId{database.last_insert_id()};
}

/// Finds "2026-W48" in a line; where it begins, or npos.
std::size_t find_week(std::string_view line) {
    for (std::size_t at = 0; at + 8 <= line.size(); ++at)
        if (IsoWeek::parse(line.substr(at, 8))) return at;
    return std::string_view::npos;
}

}  // namespace

std::string_view to_string(NoteType type) {
    return type_names[static_cast<std::size_t>(type)].name;
}

std::optional<NoteType> note_type_of(std::string_view name) {
    for (const auto& each : type_names)
        if (each.name == name) return each.type;
    return std::nullopt;
}

std::span<const NoteType> all_note_types() {
    static const auto types = [] {
        std::array<NoteType, type_names.size()> all{};
        std::transform(type_names.begin(), type_names.end(), all.begin(),
                       [](const TypeName& each) { return each.type; });
        return all;
    }();
    return types;
}

StoredNote store_note(Database& database, const NoteDraft& note, Instant now) {
    if (const auto known = find_by_key(database, note.origin_key)) return {*known, false};
    const auto id = insert_note(database, note, now);
    add_revision(database, id, note.body, note.agreed, now);
    for (const auto& link : note.opportunities)
        database
            .prepare("INSERT OR IGNORE INTO note_link (note_id, source, opportunity) "
                     "VALUES (?1, ?2, ?3)")
            .bind(1, id)
            .bind(2, link.source)
            .bind(3, link.opportunity)
            .run();
    return {id, true};
}

void revise_note(Database& database, NoteId id, std::string_view body, std::string_view agreed,
                 Instant now) {
    require_live(database, id);
    add_revision(database, id, body, agreed, now);
}

bool was_said(const Database& database, NoteId id, std::string_view body, std::string_view agreed) {
    auto row = database.prepare(R"sql(
SELECT 1 FROM note n WHERE n.id = ?1 AND n.removed_at IS NOT NULL
 UNION ALL
SELECT 1 FROM note_revision r WHERE r.note_id = ?1 AND r.body = ?2 AND (r.agreed = ?3 OR ?3 = '')
 LIMIT 1)sql");
    row.bind(1, id).bind(2, body).bind(3, agreed);
    return row.step();
}

void remove_note(Database& database, NoteId id, std::string_view why, Instant now) {
    require_live(database, id);
    database
        .prepare("DELETE FROM note_text WHERE rowid IN (SELECT id FROM note_revision WHERE "
                 "note_id = ?1)")
        .bind(1, id)
        .run();
    database.prepare("DELETE FROM note_revision WHERE note_id = ?1").bind(1, id).run();
    database.prepare("DELETE FROM note_link WHERE note_id = ?1").bind(1, id).run();
    database
        .prepare("UPDATE note SET skill = NULL, kpi = NULL, removed_at = ?2, removed_why = ?3 "
                 "WHERE id = ?1")
        .bind(1, id)
        .bind(2, now)
        .bind(3, why)
        .run();
}

void hand_over_notes(Database& database, PersonId rep, PersonId to, Instant now) {
    database.prepare("INSERT INTO note_handover (rep_id, to_id, at) VALUES (?1, ?2, ?3)")
        .bind(1, rep)
        .bind(2, to)
        .bind(3, now)
        .run();
}

void index_revision(Database& database, std::int64_t revision) {
    database.prepare("DELETE FROM note_text WHERE rowid = ?1").bind(1, revision).run();
    database
        .prepare("INSERT INTO note_text (rowid, body, agreed) SELECT id, body, agreed FROM "
                 "note_revision WHERE id = ?1")
        .bind(1, revision)
        .run();
}

void drop_unreferenced_words(Database& database) {
    database.prepare("DELETE FROM note_text WHERE rowid NOT IN (SELECT id FROM note_revision)")
        .run();
}

/// https://sqlite.org/fts5.html, "The 'merge' Command": a negative count begins by putting all
/// segments on one level, so that in the end one is left, without what was deleted; a step that
/// changes fewer than two rows had nothing left to do.
bool compact_search(Database& database) {
    const auto before = sqlite3_total_changes64(database.handle());
    database.prepare("INSERT INTO note_text(note_text, rank) VALUES ('merge', ?1)")
        .bind(1, -pages_merged)
        .run();
    return sqlite3_total_changes64(database.handle()) - before >= 2;
}

std::vector<HeldTalk> read_talks(const Reader& reader, Instant as_of) {
    const auto& database = reader.database();
    std::map<PersonId, PersonId> counted;
    const auto as_counted = [&](std::int64_t row) {
        if (row == 0) return PersonId::nobody;
        const auto [known, is_new] = counted.try_emplace(PersonId{row});
        if (is_new) known->second = counted_as(database, PersonId{row});
        return known->second;
    };
    auto rows = database.prepare(R"sql(
SELECT n.type, n.rep_id, n.team, n.manager_id, n.held_on, n.written_at, n.minutes, n.skill,
       (SELECT r.agreed FROM note_revision r WHERE r.note_id = n.id ORDER BY r.revision DESC LIMIT 1)
  FROM note n WHERE n.removed_at IS NULL AND n.stored_at <= ?1 AND n.held_on >= ?2
 ORDER BY n.held_on, n.id)sql");
    const auto first = format_date(Zone::utc().local_day(as_of) - std::chrono::days{400});
    rows.bind(1, as_of).bind(2, first);
    std::vector<HeldTalk> talks;
    while (rows.step()) {
        const auto type = note_type_of(rows.text(0));
        const auto held_on = parse_date(rows.text(4));
        if (!type || !held_on) continue;
        HeldTalk talk;
        talk.type = *type;
        talk.rep = as_counted(rows.integer(1));
        talk.team = rows.text(2);
        talk.manager = as_counted(rows.integer(3));
        talk.held_on = *held_on;
        talk.written_at = rows.maybe_instant(5);
        if (const auto minutes = rows.maybe_integer(6)) talk.minutes = static_cast<int>(*minutes);
        talk.skill = rows.text(7);
        talk.is_specific = is_specific(rows.text(8));
        talks.push_back(std::move(talk));
    }
    return talks;
}

bool is_specific(std::string_view agreed) {
    for (const auto line : split(agreed, '\n')) {
        const auto week = find_week(line);
        if (week == std::string_view::npos) continue;
        auto rest = std::string{line};
        rest.erase(week, 8);
        if (rest.find_first_of("0123456789") != std::string::npos) return true;
    }
    return false;
}

}  // namespace nudged::warehouse
