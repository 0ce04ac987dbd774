// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/warehouse/opportunities.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nudged::checks {

/// Whether `role`, in the words of a CRM, is among those of an admin: case, "_" and "-" aside.
bool is_one_of(const std::vector<std::string>& roles, std::string_view role);

/// "Dana Ruiz (Decision Maker), Lee Chan (no role)"; "none".
std::string roles_text(const Scene& scene, const warehouse::OpenOpportunity& deal);

}  // namespace nudged::checks
