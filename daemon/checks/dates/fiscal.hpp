// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/options.hpp"

#include <chrono>

namespace nudged::checks {

/// The last day of the fiscal period that `day` lies in. Fiscal months are calendar months;
/// quarters are three of them, counted from the month in which the fiscal year begins, 1 to 12.
std::chrono::local_days period_end(std::chrono::local_days day, FiscalPeriod period,
                                   int year_starts);

}  // namespace nudged::checks
