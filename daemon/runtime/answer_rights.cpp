// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/answer_rights.hpp"

#include "daemon/alerts/routing.hpp"
#include "daemon/warehouse/finding_tellings.hpp"
#include "daemon/warehouse/people.hpp"

#include <algorithm>

namespace nudged::runtime {
namespace {

bool has_address(const warehouse::RosterPerson& person, std::string_view mail) {
    return std::find(person.emails.begin(), person.emails.end(), mail) != person.emails.end();
}

/// Whoever has left answers nothing any more.
bool is_there(const warehouse::RosterTeam& team, const warehouse::RosterPerson& person,
              Instant now) {
    return !person.until || person.zone.value_or(team.zone).local_day(now) < *person.until;
}

/// Whom the finding is about, if that is they.
bool is_owner(const config::Config& config, const warehouse::Database& database,
              const warehouse::StoredFinding& stored, std::string_view mail) {
    for (const auto& team : config.roster.teams)
        for (const auto& member : team.members)
            if (has_address(member, mail) &&
                warehouse::find_own_person(database, member) == stored.finding.owner)
                return true;
    return false;
}

/// They may have changed their address since: any of theirs counts.
bool was_told(const config::Config& config, const warehouse::Database& database,
              const warehouse::StoredFinding& stored, std::string_view mail, Instant now) {
    const auto own = main_address(config, mail, now);
    const auto tellings = warehouse::read_finding_tellings(database, stored.episode.id);
    return std::any_of(tellings.begin(), tellings.end(), [&](const auto& telling) {
        const bool is_theirs = telling.recipient == mail || telling.recipient == own;
        return !telling.recipient.empty() && telling.line != alerts::rep_line && is_theirs;
    });
}

}  // namespace

std::string main_address(const config::Config& config, std::string_view mail, Instant now) {
    for (const auto& team : config.roster.teams)
        for (const auto* person : warehouse::persons_of(team))
            if (has_address(*person, mail) && is_there(team, *person, now))
                return person->emails.front();
    for (const auto& team : config.alerts.routing.teams)
        if (team.cover.email == mail || team.escalate_to.email == mail) return std::string{mail};
    return {};
}

bool manages(const config::Config& config, std::string_view team, std::string_view mail,
             Instant now) {
    if (mail.empty()) return false;
    const bool is_manager =
        std::any_of(config.roster.teams.begin(), config.roster.teams.end(), [&](const auto& one) {
            return one.name == team && has_address(one.manager, mail) &&
                   is_there(one, one.manager, now);
        });
    const auto& contacts = alerts::contacts_of(config.alerts.routing, team);
    return is_manager || contacts.cover.email == mail || contacts.escalate_to.email == mail;
}

std::optional<alerts::MayAnswer> may_answer(const config::Config& config,
                                            const warehouse::Database& database,
                                            const warehouse::StoredFinding& stored,
                                            std::string_view mail, Instant now) {
    // Whoever is known no more may nothing any more, whatever they were told once.
    if (main_address(config, mail, now).empty()) return std::nullopt;
    if (manages(config, stored.finding.team, mail, now) ||
        was_told(config, database, stored, mail, now))
        return alerts::MayAnswer::everything;
    if (is_owner(config, database, stored, mail)) return alerts::MayAnswer::that_it_is_wrong;
    return std::nullopt;
}

}  // namespace nudged::runtime
