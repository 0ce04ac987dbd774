// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/options.hpp"

namespace nudged::bench {

/// What a sales organisation would configure: every check that ships, five KPIs, a quota, and
/// criteria of real deals.
checks::CheckOptions make_options();

}  // namespace nudged::bench
