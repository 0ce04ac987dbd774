// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/scorecard.hpp"

#include <string>

namespace nudged::cli {

/// One line a rep, for a terminal of 120 columns: of each KPI the last complete week against its
/// target by the days worked, the course of the weeks up to it, and the trend. Five KPIs a table;
/// of a dozen reps all of it has room in 40 lines.
std::string scorecard_screen(const checks::Scorecard& card);

}  // namespace nudged::cli
