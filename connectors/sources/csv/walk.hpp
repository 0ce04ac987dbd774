// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/cursor.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources::csv {

/// One table as it was read: what a later look compares with.
struct Version {
    std::string mapping;  // Table::fingerprint()
    std::string stamp;    // of a file: Input::stamp()
    std::string etag;     // of a URL, as the server gave them
    std::string last_modified;
    std::string content;  // Input::content_fingerprint()

    /// The records would come out the same; stamps may differ.
    bool reads_like(const Version& other) const {
        return mapping == other.mapping && content == other.content;
    }
    friend bool operator==(const Version&, const Version&) = default;
};
using Versions = std::vector<Version>;  // one a table of the stream, in their order

/// How far the reading of a stream's tables has come.
struct Walk {
    Versions versions;  // what is being read
    std::size_t table = 0;
    std::uint64_t offset = 0;  // where the next row begins; 0: the header
    std::uint64_t line = 1;
    std::uint64_t rows = 0;    // read of this table so far
    std::uint64_t doubts = 0;  // bad rows and empty tables: while there are any, nothing vanished
};

// A cursor's floor is the versions that were read whole, its position a walk. What does not parse
// is as good as absent: the tables are read again.
std::string render_floor(const Versions& versions);
Versions parse_floor(std::string_view floor);
std::string render_position(const Walk& walk);
std::optional<Walk> parse_position(std::string_view position);

}  // namespace nudged::sources::csv
