// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/cursor.hpp"
#include "daemon/warehouse/database.hpp"

#include <string>

namespace nudged::warehouse {

/// Where a stream goes on; an empty cursor for one that never stored a page.
model::Cursor read_cursor(const Database& database, const std::string& source,
                          model::Stream stream);

}  // namespace nudged::warehouse
