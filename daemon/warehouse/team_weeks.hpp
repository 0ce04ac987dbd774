// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/reader.hpp"

#include <span>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// What a complete week of a team came to that shows no figures of its members.
struct TeamWeek {
    std::string team;
    std::string measure;
    IsoWeek week;
    double value = 0;  // in the unit of the measure
    int people = 0;    // members whose week counted
};

/// Inside a write transaction. The first value of a week stays, whoever joins, leaves, or logs
/// something later: two sums of one week over different members would tell what the others did.
void note_team_weeks(Database& database, std::span<const TeamWeek> weeks, Instant now);

/// Those that are written down, from `first` on: by team, measure and week.
std::vector<TeamWeek> read_team_weeks(const Reader& reader, IsoWeek first);

}  // namespace nudged::warehouse
