// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"

namespace nudged::config {

/// Whether the channel writes to the person that a message names, and has no place of its own.
bool needs_recipient(const channels::ChannelOptions& channel);

/// Whether routes.toml, the people beside a manager in teams.toml, and the channels that take over
/// from broken ones lead somewhere, and to nobody who must not read it.
void check_routing(const Config& config, Diagnostics& problems);

}  // namespace nudged::config
