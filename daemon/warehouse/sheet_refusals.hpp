// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// A row of a sheet of commitments or leave that was not taken.
struct SheetRefusal {
    std::string source;
    std::string kind;  // commitment or leave
    std::string why;   // the row in its own words, what is wrong, and what to do
    Instant told_at{};
};

/// Inside a write transaction. What the last reading of a sheet did not take, instead of what was
/// known of it; returns how many of them are new.
int store_sheet_refusals(Database& database, std::string_view source, std::string_view kind,
                         const std::vector<std::string>& refused, Instant now);

/// All of them, by source and kind.
std::vector<SheetRefusal> read_sheet_refusals(const Database& database);

}  // namespace nudged::warehouse
