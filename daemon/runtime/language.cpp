// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/language.hpp"

#include "daemon/warehouse/roster_find.hpp"

#include <algorithm>

namespace nudged::runtime {

const alerts::Texts& texts_of_team(const config::Config& config, std::string_view team) {
    return config.alerts.texts.in(warehouse::language_of_team(config.roster, team));
}

const alerts::Texts& texts_of_person(const config::Config& config, std::string_view email) {
    const auto has = [&](const warehouse::RosterPerson* person) {
        return std::ranges::count(person->emails, email) > 0;
    };
    for (const auto& team : config.roster.teams)
        if (std::ranges::any_of(warehouse::persons_of(team), has))
            return config.alerts.texts.in(team.language);
    return config.alerts.texts.in("en");
}

}  // namespace nudged::runtime
