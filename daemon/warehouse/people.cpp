// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/people.hpp"

#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/recount.hpp"

#include <algorithm>

namespace nudged::warehouse {
namespace {

/// Everything that means `from` means `into` from now on.
void merge(Database& database, PersonId from, PersonId into) {
    for (const char* sql : {"UPDATE person_email SET person_id = ?2 WHERE person_id = ?1",
                            "UPDATE person_user SET person_id = ?2 WHERE person_id = ?1",
                            "UPDATE user SET person_id = ?2 WHERE person_id = ?1",
                            "UPDATE finding SET owner_id = ?2 WHERE owner_id = ?1"})
        database.prepare(sql).bind(1, from).bind(2, into).run();
    database.prepare("DELETE FROM person WHERE id = ?1").bind(1, from).run();
}

/// A person known by nothing but a user without an address, or by the name of a roster line
/// without one.
std::optional<PersonId> find_without_address(const Database& database, const RosterPerson& person) {
    for (const auto& link : person.users) {
        auto row = database.prepare("SELECT p.id FROM user u JOIN source s ON s.id = u.source_id "
                                    "JOIN person p ON p.id = u.person_id "
                                    "WHERE s.name = ?1 AND u.external_id = ?2 AND p.email IS NULL");
        row.bind(1, link.source).bind(2, link.user);
        if (row.step()) return PersonId{row.integer(0)};
    }
    if (!person.emails.empty() || !person.users.empty()) return std::nullopt;
    auto row = database.prepare("SELECT id FROM person WHERE email IS NULL AND name = ?1 AND "
                                "time_zone IS NOT NULL ORDER BY id LIMIT 1");
    row.bind(1, person.name);
    if (row.step()) return PersonId{row.integer(0)};
    return std::nullopt;
}

/// The person of a roster line, made when missing; whoever else is known by one of its addresses or
/// links becomes that person.
PersonId find_or_insert(Database& database, const RosterPerson& person) {
    std::vector<PersonId> known;
    const auto note = [&](std::optional<PersonId> id) {
        if (id && std::find(known.begin(), known.end(), *id) == known.end()) known.push_back(*id);
    };
    for (const auto& email : person.emails) note(find_by_address(database, email));
    for (const auto& link : person.users) note(find_by_link(database, link.source, link.user));
    note(find_without_address(database, person));
    if (known.empty())
        return insert_person(database, person.name,
                             person.emails.empty() ? "" : person.emails.front());
    for (std::size_t i = 1; i < known.size(); ++i) merge(database, known[i], known.front());
    return known.front();
}

/// The persons of one team of the roster, its manager first.
std::vector<const RosterPerson*> persons_of(const RosterTeam& team) {
    std::vector<const RosterPerson*> persons{&team.manager};
    for (const auto& member : team.members) persons.push_back(&member);
    return persons;
}

void write_person(Database& database, PersonId id, const RosterPerson& person,
                  const std::string& zone) {
    database
        .prepare("UPDATE person SET name = coalesce(nullif(?2, ''), name), time_zone = ?3, "
                 "email = coalesce(?4, email) WHERE id = ?1")
        .bind(1, id)
        .bind(2, person.name)
        .bind(3, zone)
        .bind(4, person.emails.empty() ? std::nullopt : std::optional{person.emails.front()})
        .run();
    for (const auto& email : person.emails)
        database.prepare("INSERT OR REPLACE INTO person_email (email, person_id) VALUES (?1, ?2)")
            .bind(1, email)
            .bind(2, id)
            .run();
    for (const auto& link : person.users)
        database
            .prepare("INSERT OR REPLACE INTO person_user (source, user, person_id) "
                     "VALUES (?1, ?2, ?3)")
            .bind(1, link.source)
            .bind(2, link.user)
            .bind(3, id)
            .run();
}

/// Found or made, and written down at once: a line that is known only by its links or its name must
/// find itself again.
PersonId settle(Database& database, const RosterTeam& team, const RosterPerson& person) {
    const auto id = find_or_insert(database, person);
    write_person(database, id, person, person.zone.value_or(team.zone).name());
    return id;
}

using PersonIds = std::map<const RosterPerson*, PersonId>;

/// Again until no line takes over the person of another.
PersonIds find_persons(Database& database, const Roster& roster) {
    PersonIds ids, before;
    do {
        before = ids;
        for (const auto& team : roster.teams)
            for (const auto* person : persons_of(team))
                ids[person] = settle(database, team, *person);
    } while (ids != before);
    return ids;
}

std::optional<std::string> text_of(const std::optional<std::chrono::local_days>& day) {
    return day ? std::optional{format_date(*day)} : std::nullopt;
}

void write_member(Database& database, std::int64_t team, PersonId id, const RosterPerson& person) {
    database
        .prepare("INSERT OR REPLACE INTO team_member (team_id, person_id, from_day, until_day) "
                 "VALUES (?1, ?2, ?3, ?4)")
        .bind(1, team)
        .bind(2, id)
        .bind(3, text_of(person.from))
        .bind(4, text_of(person.until))
        .run();
}

void relink_users(Database& database) {
    std::vector<std::pair<SourceId, std::string>> users;
    auto rows = database.prepare("SELECT source_id, external_id FROM user ORDER BY id");
    while (rows.step()) users.emplace_back(SourceId{rows.integer(0)}, rows.text(1));
    for (const auto& [source, user] : users)
        if (link_user(database, source, user)) recount_user(database, source, user);
}

/// As apply_roster found them: by main address, then link, then name.
std::optional<PersonId> find_person(const Database& database, const RosterPerson& person) {
    for (const auto& email : person.emails)
        if (const auto id = find_by_address(database, email)) return id;
    for (const auto& link : person.users)
        if (const auto id = find_by_link(database, link.source, link.user)) return id;
    return find_without_address(database, person);
}

WorkCalendar calendar_of(const RosterTeam& team, const RosterPerson& person) {
    WorkCalendar calendar;
    calendar.week = team.work_week;
    calendar.holidays = team.holidays;
    calendar.holidays.insert(person.holidays.begin(), person.holidays.end());
    calendar.away = person.away;
    return calendar;
}

std::string first_of(const std::vector<std::string>& emails) {
    return emails.empty() ? "" : emails.front();
}

bool has_user(const Database& database, PersonId id) {
    auto row = database.prepare("SELECT 1 FROM user WHERE person_id = ?1 LIMIT 1");
    return row.bind(1, id).step();
}

std::string display_name(const RosterPerson& person) {
    return person.name.empty() ? first_of(person.emails) : person.name;
}

Rep make_rep(const Database& database, const RosterTeam& team, std::size_t index,
             const RosterPerson& person) {
    Rep rep;
    rep.id = find_person(database, person).value_or(PersonId::nobody);
    rep.name = display_name(person);
    rep.email = first_of(person.emails);
    rep.team = index;
    rep.zone = person.zone.value_or(team.zone);
    rep.calendar = calendar_of(team, person);
    rep.from = person.from;
    rep.until = person.until;
    rep.has_user = has_user(database, rep.id);
    return rep;
}

}  // namespace

void apply_roster(Database& database, const Roster& roster) {
    database.execute("DELETE FROM team_member; DELETE FROM team");
    const auto ids = find_persons(database, roster);  // by the links of the roster before, too
    database.execute("DELETE FROM person_user; DELETE FROM person_email; "
                     "UPDATE person SET time_zone = NULL");
    for (const auto& team : roster.teams) {
        for (const auto* person : persons_of(team))
            write_person(database, ids.at(person), *person,
                         person->zone.value_or(team.zone).name());
        database.prepare("INSERT INTO team (name, manager_id, time_zone) VALUES (?1, ?2, ?3)")
            .bind(1, team.name)
            .bind(2, ids.at(&team.manager))
            .bind(3, team.zone.name())
            .run();
        const auto row = database.last_insert_id();
        for (const auto& member : team.members)
            write_member(database, row, ids.at(&member), member);
    }
    database.execute("INSERT OR IGNORE INTO person_email (email, person_id) "
                     "SELECT email, id FROM person WHERE email IS NOT NULL");
    relink_users(database);
}

const Rep* People::rep(PersonId id) const {
    const auto found = rep_of.find(id);
    return found == rep_of.end() ? nullptr : &reps[found->second];
}

People read_people(const Reader& reader, const Roster& roster) {
    const auto& database = reader.database();
    People people;
    for (std::size_t i = 0; i < roster.teams.size(); ++i) {
        const auto& team = roster.teams[i];
        people.teams.push_back(
            {.name = team.name,
             .manager = find_person(database, team.manager).value_or(PersonId::nobody),
             .manager_name = display_name(team.manager),
             .manager_email = first_of(team.manager.emails),
             .zone = team.manager.zone.value_or(team.zone),
             .calendar = calendar_of(team, team.manager),
             .channel = team.channel});
        for (const auto& member : team.members) {
            people.reps.push_back(make_rep(database, team, i, member));
            if (people.reps.back().id != PersonId::nobody)
                people.rep_of.emplace(people.reps.back().id, people.reps.size() - 1);
        }
    }
    return people;
}

std::optional<PersonName> read_person(const Reader& reader, PersonId id) {
    auto row = reader.database().prepare("SELECT name, email FROM person WHERE id = ?1");
    if (!row.bind(1, id).step()) return std::nullopt;
    return PersonName{.name = std::string{row.text(0)}, .email = std::string{row.text(1)}};
}

}  // namespace nudged::warehouse
