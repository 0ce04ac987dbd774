// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"

namespace nudged::config {

/// Settles where everything lies, as absolute paths: state folder, control socket, manifests, and
/// what file channels write to.
void resolve_paths(Config& config, Diagnostics& problems);

}  // namespace nudged::config
