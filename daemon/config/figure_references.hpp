// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"

namespace nudged::config {

/// The part of check_references() that is about figures: KPIs with their targets, quotas, and the
/// queries of KPIs and checks.
void check_figures(const Config& config, Diagnostics& problems);

}  // namespace nudged::config
