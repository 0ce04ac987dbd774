// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"

namespace nudged::config {

/// What no single value shows: names that lead nowhere or stand twice, audiences, and what each
/// connector and channel has to say about its own options.
void check_references(const Config& config, Diagnostics& problems);

}  // namespace nudged::config
