// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/shadow.hpp"

#include <array>

namespace nudged::warehouse {
namespace {

constexpr std::array<std::string_view, 2> kind_names{"team", "check"};

void note_new(Database& database, ShadowKind kind, const std::set<std::string>& names,
              bool in_shadow, Instant now) {
    auto note = database.prepare(R"sql(
        INSERT INTO shadow (kind, name, since, live_at, live_by) VALUES (?1, ?2, ?3, ?4, '')
        ON CONFLICT (kind, name) DO NOTHING
    )sql");
    for (const auto& name : names)
        note.bind(1, to_string(kind))
            .bind(2, std::string_view{name})
            .bind(3, now)
            .bind(4, in_shadow ? std::optional<Instant>{} : now)
            .run();
}

}  // namespace

std::string_view to_string(ShadowKind kind) {
    return kind_names[static_cast<std::size_t>(kind)];
}

ShadowBook::ShadowBook(const std::vector<ShadowEntry>& entries) {
    for (const auto& entry : entries)
        if (!entry.live_at) (entry.kind == ShadowKind::team ? teams_ : checks_).insert(entry.name);
}

std::vector<ShadowEntry> read_shadow_entries(const Database& database) {
    auto rows = database.prepare(
        "SELECT kind, name, since, live_at, live_by FROM shadow ORDER BY kind DESC, name");
    std::vector<ShadowEntry> entries;
    while (rows.step())
        entries.push_back(
            {.kind = rows.text(0) == kind_names[0] ? ShadowKind::team : ShadowKind::check,
             .name = std::string{rows.text(1)},
             .since = from_millis(rows.integer(2)),
             .live_at = rows.maybe_instant(3),
             .live_by = std::string{rows.text(4)}});
    return entries;
}

ShadowBook read_shadow_book(const Database& database) {
    return ShadowBook{read_shadow_entries(database)};
}

void note_known(Database& database, const std::set<std::string>& teams,
                const std::set<std::string>& checks, bool in_shadow, Instant now) {
    const bool is_first = database.integer("SELECT count(*) FROM shadow WHERE kind = 'check'") == 0;
    note_new(database, ShadowKind::team, teams, in_shadow, now);
    note_new(database, ShadowKind::check, checks, in_shadow && !is_first, now);
}

bool go_live(Database& database, ShadowKind kind, std::string_view name, std::string_view by,
             Instant now) {
    return database
               .prepare("UPDATE shadow SET live_at = ?3, live_by = ?4 WHERE kind = ?1 AND name = "
                        "?2 AND live_at IS NULL")
               .bind(1, to_string(kind))
               .bind(2, name)
               .bind(3, now)
               .bind(4, by)
               .run() > 0;
}

}  // namespace nudged::warehouse
