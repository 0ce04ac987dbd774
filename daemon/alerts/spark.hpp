// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/scorecard.hpp"

#include <cstddef>
#include <string>

namespace nudged::alerts {

/// The course of a KPI, one character a week, the last `weeks` before the running one: from zero to
/// the highest of them or the target, whichever is more, so that a low week looks low. A week that
/// does not count is a gap. Made of characters, which show wherever text does.
std::string spark_of(const checks::ScorecardKpi& kpi, std::size_t weeks);

}  // namespace nudged::alerts
