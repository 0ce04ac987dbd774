// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <string>

namespace nudged::alerts {

/// What whoever looks after nudged is told of one thing: that it needs them, or no longer does.
struct Notice {
    std::string channel;
    std::string about;  // "source/sales", "upkeep/backup": its identity
    bool is_down = false;
    std::string title{};
    std::string text{};
};

/// Puts one message into the outbox when a thing begins to need a person, and one when it needs
/// nobody any more; what the outbox told last is what the admin knows, across restarts and reloads.
/// True when there is a new message. On the writer's thread, inside its transaction.
bool enqueue_notice(warehouse::Database& database, const Notice& notice, Instant now);

}  // namespace nudged::alerts
