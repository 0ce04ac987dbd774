// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/case_file.hpp"
#include "daemon/config/config.hpp"

#include <string>
#include <vector>

namespace nudged::cli {

/// What a case came to: a line for each difference, or why it could not be tried.
struct CaseOutcome {
    std::vector<std::string> differences;
    bool passed() const { return differences.empty(); }
};

/// Stores what the case gives in a warehouse of its own, in memory no longer than the case, as
/// records of the source "given" which is read freshly; and compares what each check finds with
/// what is expected. An owner with an "@" whom no user of the case is becomes a user of that
/// address.
CaseOutcome try_case(const config::Config& config, const config::RuleCase& one);

}  // namespace nudged::cli
