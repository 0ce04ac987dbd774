// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/warehouse/touches.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nudged::checks {

/// "1 working day", "12 working days", "12 days".
std::string days_text(int count, Days counted = Days::working);
/// "1 deal", "2 deals".
std::string count_text(std::size_t count, std::string_view noun);
/// "48000 EUR"; the bare number without a currency.
std::string amount_text(const Decimal& amount, std::string_view currency);
/// "2026-11-18" of a moment where the owner lives.
std::string day_text(const Owner& owner, Instant moment);
/// At most two decimals, none where there are none: "66.7", "90".
std::string number_text(double value);

/// Evidence that many rules share.
warehouse::Evidence touch_evidence(const Owner& owner, std::string_view label,
                                   const std::optional<warehouse::Touch>& touch);
void add_deal_evidence(Finding& finding, const warehouse::OpenOpportunity& deal);

}  // namespace nudged::checks
