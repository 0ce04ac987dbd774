// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/people.hpp"

#include <string_view>

namespace nudged::warehouse {

/// Somebody on the roster, as a person at a keyboard names them.
struct OnRoster {
    const RosterTeam* team = nullptr;
    const RosterPerson* person = nullptr;
};
enum class Role { rep, manager, anybody };

/// By an address, the part of it before the @, the name or the first name, in any ASCII case; of
/// several stays of one person the one that ends last. Throws Failure(refused) for nobody, and for
/// several.
OnRoster find_on_roster(const Roster& roster, std::string_view name, Role role);

/// By its name, in any ASCII case; throws Failure(refused) when there is none.
const RosterTeam& find_team(const Roster& roster, std::string_view name);

/// The zone whose days a team's findings are told in; UTC for a team that is on the roster no more.
const Zone& zone_of_team(const Roster& roster, std::string_view name);
/// What its messages are written in; English for a team that is on the roster no more.
std::string_view language_of_team(const Roster& roster, std::string_view name);

/// The person of a line of the roster, as whom they count. Throws Failure(refused) before the
/// roster was taken into the warehouse.
PersonId person_on_roster(const Database& database, const OnRoster& somebody);

}  // namespace nudged::warehouse
