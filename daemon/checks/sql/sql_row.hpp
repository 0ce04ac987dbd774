// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/warehouse/view_queries.hpp"

#include <cstddef>

namespace nudged::checks {

/// The finding that row number `index` of a query tells of. Throws Failure(refused) which says what
/// is wrong with the row, without its values: "row 3 has no message".
Finding read_sql_row(const Scene& scene, const SqlCheck& check,
                     const warehouse::QueryResult& result, std::size_t index);

}  // namespace nudged::checks
