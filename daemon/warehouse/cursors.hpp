// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/cursor.hpp"
#include "daemon/warehouse/database.hpp"

#include <map>
#include <string>

namespace nudged::warehouse {

/// Where a stream goes on; an empty cursor for one that never stored a page.
model::Cursor read_cursor(const Database& database, const std::string& source,
                          model::Stream stream);

/// When each stream of a source last had nothing newer; those that never had are absent.
std::map<model::Stream, Instant> read_completed(const Database& database,
                                                const std::string& source);

}  // namespace nudged::warehouse
