// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/adversary/account.hpp"
#include "tests/adversary/copy.hpp"

#include <set>
#include <string>
#include <vector>

namespace nudged::adversary {

/// Where the warehouse is not what the CRM holds, of the streams that were pulled. What is gone
/// without a trace may live on here unless `purged_too`.
std::vector<std::string> differences(const Account& account, const Copy& copy,
                                     const std::set<Entity>& pulled, bool purged_too);

}  // namespace nudged::adversary
