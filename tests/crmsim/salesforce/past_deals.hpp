// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/salesforce/org.hpp"

#include <vector>

namespace nudged::crmsim::salesforce {

/// The saves of a deal in their order, the creation first: what was so after each of them. Saves
/// of one second are one.
std::vector<PastDeal> past_of(const Org& org, const Row& deal);

}  // namespace nudged::crmsim::salesforce
