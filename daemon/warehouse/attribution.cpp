// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/attribution.hpp"

#include <algorithm>

namespace nudged::warehouse {
namespace {

/// The days of `over` become its person's, whosever they were.
void lay_over(Stints& stints, const Stint& over) {
    if (over.from >= over.until) return;
    Stints laid;
    for (const auto& stint : stints) {
        if (stint.from < std::min(stint.until, over.from))
            laid.push_back({stint.from, std::min(stint.until, over.from), stint.person});
        if (std::max(stint.from, over.until) < stint.until)
            laid.push_back({std::max(stint.from, over.until), stint.until, stint.person});
    }
    laid.push_back(over);
    std::ranges::sort(laid, {}, &Stint::from);
    stints = std::move(laid);
}

Stints joined(const Stints& stints) {
    Stints result;
    for (const auto& stint : stints)
        if (!result.empty() && result.back().until == stint.from &&
            result.back().person == stint.person)
            result.back().until = stint.until;
        else
            result.push_back(stint);
    return result;
}

std::chrono::local_days day_at(const Statement& row, int column) {
    return parse_date(row.text(column)).value_or(Stint::first_day);
}

Stint stint_of(const Statement& row) {
    return {day_at(row, 0), day_at(row, 1), PersonId{row.integer(2)}};
}

Stints read_stints(Statement rows) {
    Stints stints;
    while (rows.step()) stints.push_back(stint_of(rows));
    return stints;
}

Stints read_seats(const Database& database, SourceId source, std::string_view user) {
    auto rows = database.prepare(R"sql(
SELECT from_day, lead(from_day, 1, '9999-12-31') OVER (ORDER BY from_day), person_id
  FROM user_seat WHERE source_id = ?1 AND user = ?2 ORDER BY from_day)sql");
    rows.bind(1, source).bind(2, user);
    return read_stints(std::move(rows));
}

std::vector<AliasClaim> read_aliases(const Database& database, SourceId source,
                                     std::string_view user) {
    auto rows = database.prepare(R"sql(
SELECT a.from_day, a.until_day, a.person_id, p.id
  FROM (SELECT DISTINCT person_id FROM user_seat WHERE source_id = ?1 AND user = ?2) s
  JOIN person p ON p.id = s.person_id
  JOIN person_alias a ON a.email = p.email
 ORDER BY p.id, a.from_day)sql");
    rows.bind(1, source).bind(2, user);
    std::vector<AliasClaim> aliases;
    while (rows.step()) aliases.push_back({PersonId{rows.integer(3)}, stint_of(rows)});
    return aliases;
}

Stints read_links(const Database& database, SourceId source, std::string_view user) {
    auto rows = database.prepare(R"sql(
SELECT l.from_day, l.until_day, l.person_id
  FROM person_link l JOIN source s ON s.name = l.source
 WHERE s.id = ?1 AND l.user = ?2 ORDER BY l.from_day)sql");
    rows.bind(1, source).bind(2, user);
    return read_stints(std::move(rows));
}

struct Attributed {
    Stints stints;
    std::vector<Instant> from_at;
};

Attributed read_attributed(const Database& database, SourceId source, std::string_view user) {
    auto rows = database.prepare("SELECT from_day, until_day, person_id, from_at FROM attribution "
                                 "WHERE source_id = ?1 AND user = ?2 ORDER BY from_day");
    rows.bind(1, source).bind(2, user);
    Attributed read;
    while (rows.step()) {
        read.stints.push_back(stint_of(rows));
        read.from_at.push_back(from_millis(rows.integer(3)));
    }
    return read;
}

/// Midnight where the user's days are counted; the ends of time are the same everywhere.
Instant beginning_of(std::chrono::local_days day, const Zone& zone) {
    const bool is_end = day == Stint::first_day || day == Stint::last_day;
    return (is_end ? Zone::utc() : zone).instant(day);
}

}  // namespace

Stints attribute(const Stints& seats, const std::vector<AliasClaim>& aliases, const Stints& links) {
    Stints stints = seats;
    for (const auto& alias : aliases)
        for (const auto& seat : seats)
            if (seat.person == alias.whose)
                lay_over(stints, {std::max(seat.from, alias.claimed.from),
                                  std::min(seat.until, alias.claimed.until), alias.claimed.person});
    for (const auto& link : links) lay_over(stints, link);
    return joined(stints);
}

Stints attribute_user(const Database& database, SourceId source, std::string_view user) {
    return attribute(read_seats(database, source, user), read_aliases(database, source, user),
                     read_links(database, source, user));
}

void write_attribution(Database& database, SourceId source, std::string_view user,
                       const Stints& stints, const Zone& zone) {
    std::vector<Instant> from_at;
    for (const auto& stint : stints) from_at.push_back(beginning_of(stint.from, zone));
    const auto known = read_attributed(database, source, user);
    if (known.stints == stints && known.from_at == from_at) return;
    database.prepare("DELETE FROM attribution WHERE source_id = ?1 AND user = ?2")
        .bind(1, source)
        .bind(2, user)
        .run();
    auto insert = database.prepare("INSERT INTO attribution (source_id, user, from_day, until_day, "
                                   "from_at, until_at, person_id) "
                                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    for (std::size_t i = 0; i < stints.size(); ++i) {
        const std::string from = format_date(stints[i].from);
        const std::string until = format_date(stints[i].until);
        insert.bind(1, source).bind(2, user).bind(3, from).bind(4, until).bind(5, from_at[i]);
        insert.bind(6, beginning_of(stints[i].until, zone)).bind(7, stints[i].person).run();
    }
}

}  // namespace nudged::warehouse
