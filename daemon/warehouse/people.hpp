// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/base/diagnostics.hpp"
#include "connectors/base/zone.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"

#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// A user of one CRM, by the CRM's id: joins a person who has no e-mail address there.
struct UserLink {
    std::string source;
    std::string user;
};

/// An address or a user that is a person's for some of the time: where two people turn out to be
/// one, or a seat was passed on. Taken out again, everything is attributed as before.
struct Alias {
    std::string email;                             // lower case; or:
    std::optional<UserLink> user;                  // one of the two
    std::optional<std::chrono::local_days> from;   // empty: ever since
    std::optional<std::chrono::local_days> until;  // exclusive; empty: still
    Place place;
};

/// Whole days that an iCalendar file names.
struct CalendarFile {
    std::string path;  // as it is written; empty: none
    std::set<std::chrono::local_days> days;
};

/// How often the manager of a team talks with its reps ([team.coaching]).
struct CoachingRhythm {
    int one_on_one_days = 7;    // calendar days from one 1:1 to the next
    std::bitset<7> one_on_one;  // weekdays of 1:1s, bit 0 being Monday; none: no card is sent
    std::bitset<7> scrum;       // weekdays of the team's scrum; none: no sheet is sent
};

/// Whose figures a team shows (docs/privacy.md).
enum class PrivacyMode : std::uint8_t {
    individual,  // each member's, to their line of management
    rep_only,    // each member's to that member alone; others see sums
    team,        // sums, to everybody
};
/// [team.privacy]
struct Privacy {
    PrivacyMode mode = PrivacyMode::individual;
    int minimum = 5;  // a sum is shown of so many members, or not at all
};

/// One rep or manager as teams.toml states them.
struct RosterPerson {
    std::string name;
    std::vector<std::string> emails;  // lower case; the first is the main one
    std::vector<UserLink> users;
    std::vector<Alias> aliases;
    std::optional<Zone> zone;                      // empty: the team's
    std::optional<std::chrono::local_days> from;   // in the team since; empty: always
    std::optional<std::chrono::local_days> until;  // exclusive
    std::map<std::chrono::local_days, double> away;
    std::set<std::chrono::local_days> holidays;  // beside the team's
    CalendarFile holiday_file;
    bool team_holidays = true;  // false: those of the team are worked
    std::bitset<7> work_week;   // none: the team's, with its half days
    std::bitset<7> half_days;   // of those
    CalendarFile away_file;
    std::string role;                                   // of kpis.toml; may be empty
    std::optional<std::chrono::local_days> role_since;  // empty: since they joined
    std::bitset<7> one_on_one;                          // weekdays of their 1:1s; none: the team's
    Place place;
};

struct RosterTeam {
    std::string name;
    RosterPerson manager;
    std::vector<RosterPerson> past_managers;  // the first one first
    std::vector<RosterPerson> members;
    Zone zone = Zone::utc();
    std::bitset<7> work_week{0b0011111};
    std::bitset<7> half_days;  // of those
    std::set<std::chrono::local_days> holidays;
    std::string channel;         // where the manager's digest goes
    std::string language{"en"};  // that its messages are written in: a file of templates/
    CalendarFile holiday_file;
    CoachingRhythm coaching;
    Privacy privacy;
    Place place;
};

/// The lines of one team, its managers of now and before first.
std::vector<const RosterPerson*> persons_of(const RosterTeam& team);

/// teams.toml, checked.
struct Roster {
    std::vector<RosterTeam> teams;
};

/// Makes teams, aliases and links say what the roster says, and works out anew whose work every
/// user's is; where a user's zone changed, recounts that user's rollups. No sum and no record is
/// rewritten for a merge or a split. Writer's thread; inside its transaction.
void apply_roster(Database& database, const Roster& roster);

/// The person of one line of the roster, by its main address, else by its users, else by its name;
/// nullopt before apply_roster has made them. Another line may claim their address: counted_as().
std::optional<PersonId> find_own_person(const Database& database, const RosterPerson& person);

/// A rep of the roster, as checks see them.
struct Rep {
    PersonId id{};
    std::string name;
    std::string email;     // may be empty
    std::size_t team = 0;  // index into People::teams
    Zone zone = Zone::utc();
    WorkCalendar calendar;
    std::optional<std::chrono::local_days> from, until;
    bool has_user = false;  // some CRM knows them; else every figure is "no data"
    std::string role{};     // may be empty
    /// The first day in that role, over all stays in it; empty: always.
    std::optional<std::chrono::local_days> role_since{};
    std::bitset<7> one_on_one{};  // weekdays of their 1:1s
};

struct Team {
    std::string name;
    PersonId manager{};
    std::string manager_name;
    std::string manager_email;
    Zone zone = Zone::utc();  // the manager's, like the calendar
    WorkCalendar calendar;
    std::string channel;
    CoachingRhythm coaching;
    std::string language{"en"};
    Privacy privacy;
    std::optional<std::chrono::local_days> manager_until{};  // exclusive; empty: still

    /// False between one who has left and the successor whom the roster names.
    bool has_manager(std::chrono::local_days day) const {
        return !manager_until || day < *manager_until;
    }
    bool shows_sums() const { return privacy.mode != PrivacyMode::individual; }
};

/// The roster joined with the warehouse's persons; who is away by command is away in the calendars.
/// Everything that tells of reps goes by `reps`: here, below all of it, members are left out whose
/// team shows no figures of theirs. They are known to those alone who add them up.
struct People {
    std::vector<Team> teams;
    std::vector<Rep> reps;                   // in the order of the roster
    std::map<PersonId, std::size_t> rep_of;  // of several stays of a person the last
    std::vector<Rep> shielded;  // in the same order; all stays of whoever has such a one

    const Rep* rep(PersonId id) const;
    const Team& team_of(const Rep& rep) const { return teams[rep.team]; }
    bool is_shielded(PersonId id) const;
};
/// `asker` is a member who asks for their own figures: rep_only does not keep these from them.
People read_people(const Reader& reader, const Roster& roster,
                   std::optional<PersonId> asker = std::nullopt);

/// Name and address of anybody, rep or not; nullopt for an id that is not there.
struct PersonName {
    std::string name;
    std::string email;
};
std::optional<PersonName> read_person(const Reader& reader, PersonId id);

}  // namespace nudged::warehouse
