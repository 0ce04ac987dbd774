// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// One episode of a finding that was told to a team's manager, and what came of it.
struct ToldEpisode {
    std::string check;
    std::string team;
    Instant told_at{};  // for the first time
    std::optional<Instant> resolved_at;
    std::optional<Instant> answered_at;  // the first answer after it was told
    std::string answer;  // the present one: acknowledged, snoozed, dismissed, disputed; or empty
    std::string reason;  // of a dismissal
};

/// Those that were told first between two moments; praise is not among them, which asks for
/// nothing. Any connection.
std::vector<ToldEpisode> read_told_episodes(const Database& database, Instant from, Instant until);

}  // namespace nudged::warehouse
