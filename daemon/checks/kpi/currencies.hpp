// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"

#include <map>
#include <string>

namespace nudged::checks {

/// By person, the weeks in which they won in a currency that a KPI does not add up, and why their
/// value is not proven: amounts are never converted.
using OtherCurrencies = std::map<warehouse::PersonId, std::map<IsoWeek, std::string>>;

/// Whether the KPI adds up what was won, by the measure that ships.
bool adds_up_amounts(const Kpi& kpi);

/// Of the weeks from `from` on. The KPI's currency is its unit; where that names none, the one in
/// which the team won most deals.
OtherCurrencies other_currencies(const Scene& scene, const Kpi& kpi, IsoWeek from);

}  // namespace nudged::checks
