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

/// The person of one user: the one that the configuration links, else the one with the user's
/// address, else the one it had, else a new one. Also sets the user's day_zone: the roster's, else
/// the user's own, else UTC. True when that changed. Inside a write transaction.
bool link_user(Database& database, SourceId source, std::string_view user);

PersonId insert_person(Database& database, const std::string& name, const std::string& email);
std::optional<PersonId> find_by_address(const Database& database, std::string_view address);
std::optional<PersonId> find_by_link(const Database& database, std::string_view source,
                                     std::string_view user);

}  // namespace nudged::warehouse
