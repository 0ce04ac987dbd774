// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::adversary {

// What the environment asks for: NUDGED_SEEDS of each CRM, from NUDGED_FIRST_SEED on, and of
// NUDGED_CRM alone.

std::vector<std::uint64_t> seeds();
bool is_asked_for(std::string_view crm);
/// What to set to try one seed alone once more.
std::string way_back_to(std::string_view crm, std::uint64_t seed);

}  // namespace nudged::adversary
