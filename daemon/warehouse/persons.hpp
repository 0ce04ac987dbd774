// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nudged::warehouse {

/// The address in the form in which persons are joined by it; "" for what is no address, so that
/// two users with "n/a" stay two people.
std::string joining_address(std::string_view email);

/// Puts a person on one user's seat: the one with the user's address, else the one who sits there,
/// else a new one; and works out anew whose work the user's is, by the seats and by what the roster
/// says. Another address than before is another person, from the day of the user's version on. Also
/// sets the user's day_zone: the roster's, else the user's own, else UTC. True when that changed.
/// Inside a write transaction.
bool link_user(Database& database, SourceId source, std::string_view user);

/// What the roster says of a user has changed, or of a user whom the CRM never told.
bool relink_user(Database& database, SourceId source, std::string_view user);

PersonId insert_person(Database& database, const std::string& name, const std::string& email);
std::optional<PersonId> find_by_address(const Database& database, std::string_view address);
/// Whose the link says that the user is now, the last one if there are several.
std::optional<PersonId> find_by_link(const Database& database, std::string_view source,
                                     std::string_view user);
/// The person whom the roster says that this one is altogether; themselves when it says nothing.
PersonId counted_as(const Database& database, PersonId id);

}  // namespace nudged::warehouse
