// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/adversary/copy.hpp"

#include <string>
#include <vector>

namespace nudged::adversary {

/// What nudged saw change of opportunities has to be one chain for each field: every change begins
/// where the one before ended, and the last one ends at what is stored. Says where it is not so.
std::vector<std::string> broken_chains(const Copy& copy);

}  // namespace nudged::adversary
