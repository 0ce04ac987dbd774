// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// What the daemon does for the warehouse by itself every so often.
enum class Upkeep { backup, retention };
std::string_view to_string(Upkeep task);

/// How one of them stands.
struct UpkeepState {
    Upkeep task{};
    std::optional<Instant> done_at;    // when it last went well
    std::optional<Instant> failed_at;  // since then: when it failed last
    std::string failure;
};

/// Those that have been tried.
std::vector<UpkeepState> read_upkeep(const Database& database);

// On the writer's thread, inside its transaction.

void note_upkeep_done(Database& database, Upkeep task, Instant now);
void note_upkeep_failed(Database& database, Upkeep task, const std::string& failure, Instant now);

}  // namespace nudged::warehouse
