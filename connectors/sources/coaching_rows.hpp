// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/model/record.hpp"
#include "connectors/sources/options.hpp"

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources {

/// Rows that are no records of a CRM: what reps agreed to reach, and when somebody is away. A table
/// or a sheet of them stands in a source's file as those of records do, by these names.
enum class CoachingRows { commitment, leave };
inline constexpr std::array all_coaching_rows{CoachingRows::commitment, CoachingRows::leave};

std::string_view to_string(CoachingRows kind);
std::optional<CoachingRows> coaching_rows_of(std::string_view entity);

/// The cells that a row may have, as `nudged commit import` and `nudged away add` know them; those
/// that it must have come first.
struct CoachingColumns {
    std::span<const std::string_view> needed;
    std::span<const std::string_view> others;
};
CoachingColumns columns_of(CoachingRows kind);

/// The manifest's setting for the range of a sheet of such rows; one without it has none.
std::string_view range_setting(CoachingRows kind);

/// The source that reads these rows alone; nullopt where the options name none. It tells each as a
/// task whose `extra` holds the cells, for cells_of: never for the warehouse.
std::optional<SourceOptions> coaching_source(const SourceOptions& source, CoachingRows kind);

/// The cells of one row, by name; without those that are empty.
std::map<std::string, std::string> cells_of(const model::Record& row);

/// Checks how such rows are mapped, as a connector's check() does for records.
void check_coaching_rows(const SourceOptions& source, const std::string& manifest_folder,
                         Diagnostics& problems);

}  // namespace nudged::sources
