// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/source.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <string>
#include <vector>

namespace nudged::runtime {

namespace asio = boost::asio;

/// The cells of one row of a sheet of commitments or leave, by the names of nudged's own columns.
using SheetRow = std::map<std::string, std::string>;

/// What taking a sheet's rows came to.
struct SheetTaken {
    int stored = 0;                      // rows that are new
    int changed = 0;                     // rows that say something else than before
    int removed = 0;                     // leave whose row is gone
    std::vector<std::string> refused{};  // each row in its own words, why, and what to do
};

/// "rep ana, kpi dials, week 2026-W48": enough to find the row by.
std::string row_text(const SheetRow& row);

/// All that a source of such rows tells, and what of it was malformed. Throws Failure.
struct SheetRows {
    std::vector<SheetRow> rows{};
    std::vector<std::string> problems{};
};
asio::awaitable<SheetRows> read_sheet(sources::Source& source);

}  // namespace nudged::runtime
