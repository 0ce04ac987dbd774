// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/attribution.hpp"
#include "daemon/warehouse/people.hpp"
#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/rollup_state.hpp"

#include <fmt/format.h>

namespace nudged::warehouse {
namespace {

std::string day_text(const std::optional<std::chrono::local_days>& day,
                     std::chrono::local_days otherwise) {
    return format_date(day.value_or(otherwise));
}

using PersonIds = std::map<const RosterPerson*, PersonId>;

/// Writes the roster into tables that were emptied for it.
class RosterWriter {
public:
    explicit RosterWriter(Database& database) : database_(database) {}

    void write_person(const RosterTeam& team, const RosterPerson& person, PersonId id);
    void claim(const RosterPerson& person, PersonId id);
    void write_team(const RosterTeam& team, const PersonIds& ids);

private:
    void claim_address(const std::string& email, const std::string& from, const std::string& until,
                       PersonId id);
    void claim_user(const UserLink& link, const std::string& from, const std::string& until,
                    PersonId id);
    void write_stay(const char* table, std::int64_t team, PersonId id, const std::string& from,
                    const std::string& until);
    void write_managers(const RosterTeam& team, std::int64_t row, const PersonIds& ids);

    Database& database_;
};

void RosterWriter::write_person(const RosterTeam& team, const RosterPerson& person, PersonId id) {
    database_
        .prepare("UPDATE person SET name = coalesce(nullif(?2, ''), name), time_zone = ?3 "
                 "WHERE id = ?1")
        .bind(1, id)
        .bind(2, person.name)
        .bind(3, person.zone.value_or(team.zone).name())
        .run();
}

void RosterWriter::claim_address(const std::string& email, const std::string& from,
                                 const std::string& until, PersonId id) {
    if (find_by_address(database_, email) == id) return;
    database_
        .prepare("INSERT OR REPLACE INTO person_alias (email, from_day, until_day, person_id) "
                 "VALUES (?1, ?2, ?3, ?4)")
        .bind(1, email)
        .bind(2, from)
        .bind(3, until)
        .bind(4, id)
        .run();
}

void RosterWriter::claim_user(const UserLink& link, const std::string& from,
                              const std::string& until, PersonId id) {
    database_
        .prepare(
            "INSERT OR REPLACE INTO person_link (source, user, from_day, until_day, person_id) "
            "VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(1, link.source)
        .bind(2, link.user)
        .bind(3, from)
        .bind(4, until)
        .bind(5, id)
        .run();
}

void RosterWriter::claim(const RosterPerson& person, PersonId id) {
    const auto always = format_date(Stint::first_day);
    const auto still = format_date(Stint::last_day);
    for (const auto& email : person.emails) claim_address(email, always, still, id);
    for (const auto& link : person.users) claim_user(link, always, still, id);
    for (const auto& alias : person.aliases) {
        const auto from = day_text(alias.from, Stint::first_day);
        const auto until = day_text(alias.until, Stint::last_day);
        if (!alias.email.empty()) claim_address(alias.email, from, until, id);
        if (alias.user) claim_user(*alias.user, from, until, id);
    }
}

void RosterWriter::write_stay(const char* table, std::int64_t team, PersonId id,
                              const std::string& from, const std::string& until) {
    database_
        .prepare(fmt::format("INSERT OR REPLACE INTO {} (team_id, person_id, from_day, until_day) "
                             "VALUES (?1, ?2, ?3, ?4)",
                             table))
        .bind(1, team)
        .bind(2, id)
        .bind(3, from)
        .bind(4, until)
        .run();
}

/// The present manager is it since the last one before left, unless the roster says since when.
void RosterWriter::write_managers(const RosterTeam& team, std::int64_t row, const PersonIds& ids) {
    auto since = Stint::first_day;
    for (const auto& past : team.past_managers) {
        write_stay("team_manager", row, ids.at(&past), day_text(past.from, since),
                   day_text(past.until, Stint::last_day));
        since = past.until.value_or(since);
    }
    write_stay("team_manager", row, ids.at(&team.manager), day_text(team.manager.from, since),
               day_text(team.manager.until, Stint::last_day));
}

void RosterWriter::write_team(const RosterTeam& team, const PersonIds& ids) {
    const bool shows_sums = team.privacy.mode != PrivacyMode::individual;
    database_
        .prepare("INSERT INTO team (name, manager_id, time_zone, shows_sums) "
                 "VALUES (?1, ?2, ?3, ?4)")
        .bind(1, team.name)
        .bind(2, ids.at(&team.manager))
        .bind(3, team.zone.name())
        .bind(4, shows_sums)
        .run();
    const auto row = database_.last_insert_id();
    write_managers(team, row, ids);
    for (const auto& member : team.members) {
        write_stay("team_member", row, ids.at(&member), day_text(member.from, Stint::first_day),
                   day_text(member.until, Stint::last_day));
        if (shows_sums)
            database_.prepare("INSERT OR IGNORE INTO shielded (person_id) VALUES (?1)")
                .bind(1, ids.at(&member))
                .run();
    }
}

/// What a line without an address is known by.
std::string key_of(const RosterPerson& person) {
    if (person.users.empty()) return person.name;
    return person.users.front().source + "/" + person.users.front().user;
}

PersonIds settle_persons(Database& database, const Roster& roster) {
    PersonIds ids;
    std::map<std::string, PersonId>
        made;  // for lines without an address, which the tables find later
    for (const auto& team : roster.teams)
        for (const auto* person : persons_of(team)) {
            if (const auto known = find_own_person(database, *person))
                ids[person] = *known;
            else if (!person->emails.empty())
                ids[person] = insert_person(database, person->name, person->emails.front());
            else if (const auto same = made.find(key_of(*person)); same != made.end())
                ids[person] = same->second;
            else
                ids[person] = made[key_of(*person)] = insert_person(database, person->name, "");
        }
    return ids;
}

/// Two lines that share an address are one person: the one whose line comes later claims it.
void write_claims(Database& database, const Roster& roster, PersonIds& ids) {
    RosterWriter writer{database};
    for (const auto& team : roster.teams)
        for (const auto* person : persons_of(team)) {
            ids[person] = counted_as(database, ids[person]);
            writer.claim(*person, ids[person]);
        }
    for (auto& [person, id] : ids) id = counted_as(database, id);
    for (const char* table : {"person_alias", "person_link"})
        database.execute(
            fmt::format("UPDATE {0} SET person_id = coalesce((SELECT a.person_id FROM person p "
                        "JOIN person_alias a ON a.email = p.email WHERE p.id = {0}.person_id AND "
                        "a.from_day = '0001-01-01' AND a.until_day = '9999-12-31'), person_id)",
                        table));
}

/// Every user of a CRM, and whom the roster links without the CRM's having told them.
void relink_users(Database& database) {
    std::vector<std::pair<SourceId, std::string>> users;
    auto rows = database.prepare(
        "SELECT source_id, external_id FROM user UNION SELECT source_id, user FROM attribution "
        "UNION SELECT s.id, l.user FROM person_link l JOIN source s ON s.name = l.source");
    while (rows.step()) users.emplace_back(SourceId{rows.integer(0)}, rows.text(1));
    for (const auto& [source, user] : users)
        if (relink_user(database, source, user)) recount_user(database, source, user);
    recount_at_once(database);
}

}  // namespace

std::vector<const RosterPerson*> persons_of(const RosterTeam& team) {
    std::vector<const RosterPerson*> persons{&team.manager};
    for (const auto& manager : team.past_managers) persons.push_back(&manager);
    for (const auto& member : team.members) persons.push_back(&member);
    return persons;
}

void apply_roster(Database& database, const Roster& roster) {
    auto ids = settle_persons(database, roster);  // by the links of the roster before, too
    database.execute("DELETE FROM shielded; DELETE FROM team_member; DELETE FROM team_manager; "
                     "DELETE FROM team; "
                     "DELETE FROM person_alias; DELETE FROM person_link; "
                     "UPDATE person SET time_zone = NULL WHERE time_zone IS NOT NULL");
    write_claims(database, roster, ids);
    RosterWriter writer{database};
    for (const auto& team : roster.teams) {
        for (const auto* person : persons_of(team))
            writer.write_person(team, *person, ids.at(person));
        writer.write_team(team, ids);
    }
    relink_users(database);
}

}  // namespace nudged::warehouse
