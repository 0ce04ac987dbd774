// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"

#include <map>
#include <string>
#include <vector>

namespace nudged::tests {

/// The columns of tables, as a query names them, by the table's name.
using Columns = std::map<std::string, std::string>;
/// Of every table of the file.
Columns columns_by_table(const warehouse::Database& database);

/// The rows of all these tables, by the table's name; a row is the text of its values, in their
/// order.
using Rows = std::map<std::string, std::vector<std::string>>;
Rows read_rows(const warehouse::Database& database, const Columns& columns);

}  // namespace nudged::tests
