// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/entity.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::model {

/// Which of a stream's walks a cursor belongs to.
enum class Lane : std::uint8_t {
    incremental,  // what changed lately
    backfill,     // what was there before the increments began
    deletions,    // what the CRM says was deleted
    sweep,        // every id there is, to find what has vanished without a word
    relink,       // records of late once more, for links that were added without a word
};
std::string_view to_string(Lane lane);
std::optional<Lane> lane_of(std::string_view name);
/// The lanes that tell records, rather than look for what is gone.
constexpr bool tells_records(Lane lane) {
    return lane == Lane::incremental || lane == Lane::backfill || lane == Lane::relink;
}

/// One entity's flow from one source, on one lane.
struct Stream {
    Entity entity{};
    Lane lane = Lane::incremental;
    friend auto operator<=>(const Stream&, const Stream&) = default;
};

/// Where a stream has got to; opaque to everyone but its connector, stored with the data it covers.
/// Pages move the position; only a window that is proven complete moves the floor. Both are empty
/// before the first page, and an empty position means "begin at the floor".
struct Cursor {
    std::string floor;
    std::string position;
    friend bool operator==(const Cursor&, const Cursor&) = default;
};

}  // namespace nudged::model
