// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <string>
#include <string_view>

namespace nudged::alerts {

/// How a source stands, for whoever looks after nudged.
struct SourceNotice {
    std::string channel;  // of the admin
    std::string source;
    std::string needs_person;  // why; empty: it needs nobody
};

/// Puts one message into the outbox when a source begins to need a person, and one when it needs
/// nobody any more; what the outbox told last is what the admin knows, across restarts and reloads.
/// True when there is a new message. On the writer's thread, inside its transaction.
bool enqueue_notice(warehouse::Database& database, const SourceNotice& notice, Instant now);

}  // namespace nudged::alerts
