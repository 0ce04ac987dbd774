// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace nudged::soak {

/// A team with a zone and a channel of its own, and reps of the simulated CRMs' story.
struct Team {
    std::string name;
    std::string zone;
    std::string channel;
    std::vector<std::string> reps;  // full names
    std::vector<std::chrono::local_days> holidays;
};
const std::vector<Team>& teams();

enum class Kind { digest, brief, card, sheet, other };
std::string to_string(Kind kind);

/// A message that is due once.
struct Due {
    std::size_t team;
    Kind kind;
    std::chrono::local_days day;
    std::string rep;  // whom a card is about
    Instant at;
};

/// All that is due from `begin` on and before `end`, by date/tz and this list of hours alone:
/// digests at 08:00 of each day worked, briefs at 07:30 of the first one of a week, cards on
/// Tuesdays at 07:00, sheets on Thursdays at 08:30.
std::vector<Due> all_due(Instant begin, Instant end);

std::chrono::local_days local_day(const Team& team, Instant at);

}  // namespace nudged::soak
