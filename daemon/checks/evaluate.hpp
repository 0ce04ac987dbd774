// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"

#include <string_view>

namespace nudged::checks {

// The steps of evaluate(), for whoever has a part of the findings already (standing.hpp).

/// Appends what one check says, if it is switched on anywhere.
void run_check(const Scene& scene, const Check& check, Evaluation& evaluation);
/// Once all checks that ship have been run: the admin's own, what is not to be shown, what stands
/// for others, and the order.
void complete(const Scene& scene, std::string_view only, Evaluation& evaluation);

}  // namespace nudged::checks
