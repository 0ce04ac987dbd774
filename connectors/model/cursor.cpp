// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/cursor.hpp"

#include <array>

namespace nudged::model {
namespace {
constexpr std::array<std::string_view, 5> lane_names{"incremental", "backfill", "deletions",
                                                     "sweep", "relink"};
}

std::string_view to_string(Lane lane) {
    return lane_names[static_cast<std::size_t>(lane)];
}

std::optional<Lane> lane_of(std::string_view name) {
    for (std::size_t i = 0; i < lane_names.size(); ++i)
        if (lane_names[i] == name) return static_cast<Lane>(i);
    return std::nullopt;
}

}  // namespace nudged::model
