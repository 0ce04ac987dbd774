// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/coaching/cadence.hpp"

#include <string>

namespace nudged::cli {

/// One team's cadence, as its manager reads it.
struct CadenceOf {
    std::string team;
    std::chrono::local_days first{};
    int weeks = 0;
    int one_on_one_days = 7;
    checks::Cadence cadence;
};

std::string cadence_text(const CadenceOf& of);
std::string cadence_json(const std::vector<CadenceOf>& all);

}  // namespace nudged::cli
