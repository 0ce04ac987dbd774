// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/scorecard.hpp"

#include <string>

namespace nudged::cli {

/// For a terminal: a line per rep and KPI, the reasons of excluded weeks below.
std::string scorecard_text(const checks::Scorecard& card);
/// A row per rep, KPI and week. Text that a spreadsheet would take for a formula is quoted.
std::string scorecard_csv(const checks::Scorecard& card);
std::string scorecard_json(const checks::Scorecard& card);

}  // namespace nudged::cli
