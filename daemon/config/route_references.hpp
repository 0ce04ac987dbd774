// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"

namespace nudged::config {

/// Whether routes.toml, the people beside a manager in teams.toml, and the channels that take over
/// from broken ones lead somewhere, and to nobody who must not read it.
void check_routing(const Config& config, Diagnostics& problems);

}  // namespace nudged::config
