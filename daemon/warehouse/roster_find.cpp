// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/roster_find.hpp"

#include "connectors/base/text.hpp"
#include "daemon/warehouse/persons.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace nudged::warehouse {
namespace {

/// How well a name fits: the best fit wins, so that "ana" is Ana before Anabel's ana@….
enum class Fit { none, first_name, mailbox, exact };

Fit fit_of(const RosterPerson& person, const std::string& wanted) {
    Fit best = Fit::none;
    for (const auto& email : person.emails) {
        if (email == wanted) return Fit::exact;
        if (email.substr(0, email.find('@')) == wanted) best = std::max(best, Fit::mailbox);
    }
    const auto name = to_lower_ascii(person.name);
    if (!name.empty() && name == wanted) return Fit::exact;
    if (!name.empty() && name.substr(0, name.find(' ')) == wanted)
        best = std::max(best, Fit::first_name);
    return best;
}

std::string told(const RosterPerson& person) {
    if (!person.emails.empty()) return person.emails.front();
    return person.name;
}

/// Two stays of one person are one.
bool is_same(const RosterPerson& one, const RosterPerson& other) {
    return told(one) == told(other);
}

/// Of two stays of one person.
bool ends_before(const RosterPerson& one, const RosterPerson& other) {
    return one.until && (!other.until || *one.until < *other.until);
}

}  // namespace

OnRoster find_on_roster(const Roster& roster, std::string_view name, Role role) {
    const auto wanted = to_lower_ascii(trim(name));
    Fit best = Fit::none;
    std::vector<OnRoster> found;
    const auto look = [&](const RosterTeam& team, const RosterPerson& person) {
        const auto fit = fit_of(person, wanted);
        if (fit == Fit::none || fit < best) return;
        if (fit > best) found.clear();
        best = fit;
        if (!found.empty() && is_same(*found.back().person, person)) {
            if (ends_before(person, *found.back().person)) return;
            found.pop_back();
        }
        found.push_back({&team, &person});
    };
    for (const auto& team : roster.teams) {
        if (role != Role::rep) look(team, team.manager);
        if (role != Role::manager)
            for (const auto& member : team.members) look(team, member);
    }
    if (found.empty())
        throw Failure(FailureKind::refused,
                      fmt::format("teams.toml names no {} \"{}\"; write an address of theirs",
                                  role == Role::manager ? "manager" : "rep", name));
    const auto differs = [&](const OnRoster& one) {
        return !is_same(*one.person, *found.front().person);
    };
    if (std::any_of(found.begin(), found.end(), differs)) {
        std::vector<std::string> names;
        for (const auto& one : found) names.push_back(told(*one.person));
        throw Failure(FailureKind::refused, fmt::format("\"{}\" may be {}; write the address", name,
                                                        fmt::join(names, " or ")));
    }
    return found.back();
}

const RosterTeam& find_team(const Roster& roster, std::string_view name) {
    const auto wanted = to_lower_ascii(trim(name));
    for (const auto& team : roster.teams)
        if (to_lower_ascii(team.name) == wanted) return team;
    std::vector<std::string> names;
    for (const auto& team : roster.teams) names.push_back(team.name);
    throw Failure(FailureKind::refused, fmt::format("teams.toml has no team \"{}\"; it has {}",
                                                    name, fmt::join(names, ", ")));
}

const Zone& zone_of_team(const Roster& roster, std::string_view name) {
    const auto found = std::find_if(roster.teams.begin(), roster.teams.end(),
                                    [&](const auto& one) { return one.name == name; });
    static const Zone utc = Zone::utc();
    return found == roster.teams.end() ? utc : found->zone;
}

std::string_view language_of_team(const Roster& roster, std::string_view name) {
    const auto found = std::find_if(roster.teams.begin(), roster.teams.end(),
                                    [&](const auto& one) { return one.name == name; });
    return found == roster.teams.end() ? std::string_view{"en"} : found->language;
}

PersonId person_on_roster(const Database& database, const OnRoster& somebody) {
    const auto id = find_own_person(database, *somebody.person);
    if (!id)
        throw Failure(FailureKind::refused,
                      fmt::format("{} is on the roster, and not in the warehouse yet; run `nudged "
                                  "reload`, or start the daemon",
                                  told(*somebody.person)));
    return counted_as(database, *id);
}

}  // namespace nudged::warehouse
