// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <string>

namespace nudged::runtime {

/// Tells the admin of the channel's messages that were given up since they were last told: one
/// notice for all of them, and at most one a day. True when there is a new message. Writer's
/// thread, inside its transaction.
bool tell_given_up_messages(warehouse::Database& database, const std::string& channel,
                            const std::string& admin_channel, Instant now);

}  // namespace nudged::runtime
