// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/asker.hpp"

#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/roster_find.hpp"

#include <fmt/format.h>

namespace nudged::cli {

warehouse::NoteAsker find_asker(const warehouse::Reader& reader, const config::Config& config,
                                const std::string& address, Instant now) {
    const auto& teams = config.roster.teams;
    const auto zone = teams.empty() ? Zone::utc() : teams.front().zone;
    warehouse::NoteAsker asker{std::nullopt, zone.local_day(now)};
    if (address.empty()) return asker;
    const auto known = warehouse::find_by_address(reader.database(), address);
    if (!known)
        throw Failure(
            FailureKind::refused,
            fmt::format("nobody is known by {}; --as takes an address of teams.toml", address));
    asker.person = warehouse::counted_as(reader.database(), *known);
    return asker;
}

warehouse::PersonId find_rep(const warehouse::Reader& reader, const config::Config& config,
                             const std::string& name) {
    const auto rep = warehouse::find_on_roster(config.roster, name, warehouse::Role::rep);
    return warehouse::person_on_roster(reader.database(), rep);
}

}  // namespace nudged::cli
