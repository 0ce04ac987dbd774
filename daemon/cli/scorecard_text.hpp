// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/scorecard.hpp"

#include <string>

namespace nudged::cli {

/// For a terminal, at length: a line per rep and KPI with every week, the reasons of excluded weeks
/// below. The short form is scorecard_screen.hpp.
std::string scorecard_text(const checks::Scorecard& card);
/// A row per rep, KPI and week. Text that a spreadsheet would take for a formula is quoted.
std::string scorecard_csv(const checks::Scorecard& card);
/// Parts that the short form has, too: a line per rep on next steps and findings; sums of teams
/// that show nobody's figures ("W45 412 (6)").
/// How amounts are counted; empty where there are none.
std::string amounts_text(const checks::Scorecard& card);
std::string next_steps_text(const checks::Scorecard& card);
std::string team_sums_text(const checks::Scorecard& card);
std::string scorecard_json(const checks::Scorecard& card);

}  // namespace nudged::cli
