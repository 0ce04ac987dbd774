// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"
#include "tests/crmsim/dataset.hpp"
#include "tests/crmsim/json.hpp"
#include "tests/crmsim/loopback.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// A simulated Google spreadsheet that a team keeps by hand: a sheet for each kind of record.
namespace nudged::crmsim::google_sheets {

/// A day or a time as the sheet keeps it: without a zone, and shown in a format of its own.
struct Moment {
    LocalTime at;
    bool is_day = false;
};
/// Nothing, a text, a number, a truth, or a time.
using Cell = std::variant<std::monostate, std::string, double, bool, Moment>;

struct Sheet {
    std::vector<std::string> columns;
    std::vector<std::vector<Cell>> rows;
};

/// "calls" and so on; nullopt for a name that there is not.
std::optional<Sheet> make_sheet(const Dataset& data, const Zone& zone, std::string_view name);

/// How cells are told (valueRenderOption, dateTimeRenderOption).
struct Rendering {
    bool as_shown = true;        // FORMATTED_VALUE: everything is a text
    bool serial_numbers = true;  // SERIAL_NUMBER: days since 1899-12-30, unless all is as shown
};

/// The first `width` columns, row by row, their names first. Empty cells at a row's end are left
/// out.
std::string values_json(const Sheet& sheet, std::string_view range, std::size_t width,
                        const Rendering& rendering);

}  // namespace nudged::crmsim::google_sheets
