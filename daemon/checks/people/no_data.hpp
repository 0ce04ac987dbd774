// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"

#include <set>

namespace nudged::checks {

/// The reps of the roster, in the team at `as_of`, of whom no source tells anything at all: their
/// figures are missing, not zero.
std::set<warehouse::PersonId> people_without_data(const Scene& scene);

}  // namespace nudged::checks
