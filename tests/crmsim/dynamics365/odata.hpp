// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/tables/query.hpp"

#include <string_view>
#include <vector>

namespace nudged::crmsim::dynamics365 {

// The query options of OData, as far as the Web API has them. All throw Refusal.

/// $filter: and, or, not, brackets, eq ne gt ge lt le, and the function In.
tables::Condition parse_filter(const tables::Table& set, std::string_view text);
/// $orderby, without a word about rows that it leaves open.
std::vector<tables::OrderKey> parse_order(const tables::Table& set, std::string_view text);
/// $select; everything where it is empty.
std::vector<tables::Column> parse_select(const tables::Table& set, std::string_view text);

}  // namespace nudged::crmsim::dynamics365
