// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/people.hpp"

#include "connectors/base/text.hpp"
#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/time_off.hpp"

#include <algorithm>

namespace nudged::warehouse {
namespace {

/// A person known by the name alone of a line of the roster without anything else.
std::optional<PersonId> find_by_name(const Database& database, const std::string& name) {
    auto row =
        database.prepare("SELECT p.id FROM person p WHERE p.email IS NULL AND p.name = ?1 AND "
                         "p.time_zone IS NOT NULL AND NOT EXISTS (SELECT 1 FROM user_seat s WHERE "
                         "s.person_id = p.id) "
                         "ORDER BY p.id LIMIT 1");
    row.bind(1, name);
    if (!row.step()) return std::nullopt;
    return PersonId{row.integer(0)};
}

/// Who sits on a user's seat, when that user was told.
std::optional<PersonId> find_by_seat(const Database& database, const UserLink& link) {
    auto row = database.prepare("SELECT u.person_id FROM user_seat u JOIN source s ON "
                                "s.id = u.source_id WHERE s.name = ?1 AND u.user = ?2 "
                                "ORDER BY u.from_day DESC LIMIT 1");
    row.bind(1, link.source).bind(2, link.user);
    if (!row.step()) return std::nullopt;
    return PersonId{row.integer(0)};
}

using DaysOff = std::map<PersonId, std::map<std::chrono::local_days, double>>;

/// What teams.toml says, the files that it names, and what was said by command.
WorkCalendar calendar_of(const RosterTeam& team, const RosterPerson& person, PersonId id,
                         const DaysOff& off) {
    WorkCalendar calendar;
    const bool has_own_week = person.work_week.any();
    calendar.week = has_own_week ? person.work_week : team.work_week;
    calendar.half_days = has_own_week || person.half_days.any() ? person.half_days : team.half_days;
    const auto rest = [&](const std::set<std::chrono::local_days>& days) {
        calendar.holidays.insert(days.begin(), days.end());
    };
    if (person.team_holidays) {
        rest(team.holidays);
        rest(team.holiday_file.days);
    }
    rest(person.holidays);
    rest(person.holiday_file.days);
    calendar.away = person.away;
    for (const auto day : person.away_file.days) calendar.away[day] = 1;
    const auto known = off.find(id);
    if (known == off.end()) return calendar;
    for (const auto& [day, share] : known->second)
        calendar.away[day] = std::max(calendar.away[day], share);
    return calendar;
}

std::string first_of(const std::vector<std::string>& emails) {
    return emails.empty() ? "" : emails.front();
}

/// As apply_roster left them: two lines may be one person.
PersonId find_person(const Database& database, const RosterPerson& person) {
    const auto id = find_own_person(database, person);
    return id ? counted_as(database, *id) : PersonId::nobody;
}

bool has_user(const Database& database, PersonId id) {
    auto row = database.prepare("SELECT 1 FROM attribution WHERE person_id = ?1 LIMIT 1");
    return row.bind(1, id).step();
}

std::string display_name(const RosterPerson& person) {
    return person.name.empty() ? first_of(person.emails) : person.name;
}

/// Of two stays of one person the later one says which team is theirs.
bool ends_after(const Rep& one, const Rep& other) {
    return other.until && (!one.until || *one.until > *other.until);
}

Rep make_rep(const Database& database, const RosterTeam& team, std::size_t index,
             const RosterPerson& person, const DaysOff& off) {
    Rep rep;
    rep.id = find_person(database, person);
    rep.name = display_name(person);
    rep.email = first_of(person.emails);
    rep.team = index;
    rep.zone = person.zone.value_or(team.zone);
    rep.calendar = calendar_of(team, person, rep.id, off);
    rep.from = person.from;
    rep.until = person.until;
    rep.has_user = has_user(database, rep.id);
    rep.role = person.role;
    rep.one_on_one = person.one_on_one.any() ? person.one_on_one : team.coaching.one_on_one;
    rep.role_since = person.role_since ? person.role_since : person.from;
    return rep;
}

/// Whoever changes teams and keeps the role has been in it since the first of these stays.
void join_roles(People& people) {
    std::map<std::pair<PersonId, std::string>, std::optional<std::chrono::local_days>> since;
    for (const auto& rep : people.reps) {
        if (rep.id == PersonId::nobody) continue;
        const auto [first, is_new] = since.emplace(std::pair{rep.id, rep.role}, rep.role_since);
        if (!is_new) first->second = std::min(first->second, rep.role_since);
    }
    for (auto& rep : people.reps)
        if (const auto first = since.find({rep.id, rep.role}); first != since.end())
            rep.role_since = first->second;
}

/// Two of one name in a team are told apart by what teams.toml says beside it.
void tell_apart(std::vector<Rep>& reps) {
    std::map<std::pair<std::size_t, std::string>, std::set<std::string>> known;
    const auto key = [](const Rep& rep) { return std::pair{rep.team, to_lower_ascii(rep.name)}; };
    for (const auto& rep : reps) known[key(rep)].insert(rep.email);
    for (auto& rep : reps)
        if (known.at(key(rep)).size() > 1 && !rep.email.empty() && rep.name != rep.email)
            rep.name += " (" + rep.email + ")";
}

/// Moves all stays of those who are not to be seen. Whoever is not in the warehouse yet has no
/// figures.
void shield(People& people, std::optional<PersonId> asker) {
    std::set<PersonId> hidden;
    for (const auto& rep : people.reps) {
        const auto mode = people.team_of(rep).privacy.mode;
        if (mode == PrivacyMode::team || (mode == PrivacyMode::rep_only && rep.id != asker))
            hidden.insert(rep.id);
    }
    const auto shown =
        std::stable_partition(people.reps.begin(), people.reps.end(),
                              [&](const Rep& rep) { return !hidden.contains(rep.id); });
    people.shielded.assign(std::make_move_iterator(shown),
                           std::make_move_iterator(people.reps.end()));
    people.reps.erase(shown, people.reps.end());
}

}  // namespace

std::optional<PersonId> find_own_person(const Database& database, const RosterPerson& person) {
    if (!person.emails.empty()) return find_by_address(database, person.emails.front());
    for (const auto& link : person.users)
        if (const auto id = find_by_seat(database, link)) return id;
    for (const auto& link : person.users)
        if (const auto id = find_by_link(database, link.source, link.user)) return id;
    return person.users.empty() ? find_by_name(database, person.name) : std::nullopt;
}

const Rep* People::rep(PersonId id) const {
    const auto found = rep_of.find(id);
    return found == rep_of.end() ? nullptr : &reps[found->second];
}

bool People::is_shielded(PersonId id) const {
    return std::any_of(shielded.begin(), shielded.end(),
                       [&](const Rep& rep) { return rep.id == id; });
}

People read_people(const Reader& reader, const Roster& roster, std::optional<PersonId> asker) {
    const auto& database = reader.database();
    const auto off = read_days_off(database);
    People people;
    for (std::size_t i = 0; i < roster.teams.size(); ++i) {
        const auto& team = roster.teams[i];
        const auto manager = find_person(database, team.manager);
        people.teams.push_back({.name = team.name,
                                .manager = manager,
                                .manager_name = display_name(team.manager),
                                .manager_email = first_of(team.manager.emails),
                                .zone = team.manager.zone.value_or(team.zone),
                                .calendar = calendar_of(team, team.manager, manager, off),
                                .channel = team.channel,
                                .coaching = team.coaching,
                                .language = team.language,
                                .privacy = team.privacy,
                                .manager_until = team.manager.until});
        for (const auto& member : team.members)
            people.reps.push_back(make_rep(database, team, i, member, off));
    }
    join_roles(people);
    tell_apart(people.reps);
    shield(people, asker);
    for (std::size_t i = 0; i < people.reps.size(); ++i) {
        const auto& rep = people.reps[i];
        if (rep.id == PersonId::nobody) continue;
        const auto [known, is_new] = people.rep_of.emplace(rep.id, i);
        if (!is_new && ends_after(rep, people.reps[known->second])) known->second = i;
    }
    return people;
}

std::optional<PersonName> read_person(const Reader& reader, PersonId id) {
    auto row = reader.database().prepare("SELECT name, email FROM person WHERE id = ?1");
    if (!row.bind(1, id).step()) return std::nullopt;
    return PersonName{.name = std::string{row.text(0)}, .email = std::string{row.text(1)}};
}

}  // namespace nudged::warehouse
