// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/cursor.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace nudged::sources::singer {

/// Which full tables of a stream were told.
struct Versions {
    std::string active;  // the last one that was activated
    std::string open;    // the one that is being told, and replaces it
    friend bool operator==(const Versions&, const Versions&) = default;
};

/// What a cursor holds: what a tap is to go on from, and how far full tables have come.
struct Progress {
    std::string state;  // the value of the last STATE, as JSON; "" before the first
    std::map<std::string, Versions, std::less<>> versions;  // by stream
    friend bool operator==(const Progress&, const Progress&) = default;
};

/// A cursor's floor is the progress after the last run that ended well. A position is that within a
/// run, headed by the page: of every page another one, so that a page which was never stored is
/// missed. What does not parse is as good as absent: the tap begins anew.
std::string render_floor(const Progress& progress);
std::string render_position(const Progress& progress, std::string_view run, std::uint64_t page);
Progress parse_progress(const model::Cursor& cursor);

}  // namespace nudged::sources::singer
