// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/csv/walk.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace nudged::sources::csv {
namespace {

/// A header that would break the line format is as good as none.
std::string_view one_cell(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' '; });
    return plain ? text : std::string_view{};
}

}  // namespace

std::string render_floor(const Versions& versions) {
    std::string floor;
    for (const auto& version : versions)
        floor +=
            fmt::format("{}\t{}\t{}\t{}\t{}\n", version.mapping, version.stamp,
                        one_cell(version.etag), one_cell(version.last_modified), version.content);
    return floor;
}

Versions parse_floor(std::string_view floor) {
    Versions versions;
    while (!floor.empty()) {
        const auto end = floor.find('\n');
        const auto cells = split(floor.substr(0, end), '\t');
        if (end == floor.npos || cells.size() != 5) return {};
        versions.push_back({std::string{cells[0]}, std::string{cells[1]}, std::string{cells[2]},
                            std::string{cells[3]}, std::string{cells[4]}});
        floor.remove_prefix(end + 1);
    }
    return versions;
}

std::string render_position(const Walk& walk) {
    return fmt::format("{}\t{}\t{}\t{}\t{}\n{}", walk.table, walk.offset, walk.line, walk.rows,
                       walk.doubts, render_floor(walk.versions));
}

std::optional<Walk> parse_position(std::string_view position) {
    const auto end = position.find('\n');
    if (end == position.npos) return std::nullopt;
    const auto cells = split(position.substr(0, end), '\t');
    std::array<std::uint64_t, 5> numbers{};
    if (cells.size() != numbers.size()) return std::nullopt;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto* last = cells[i].data() + cells[i].size();
        const auto read = std::from_chars(cells[i].data(), last, numbers[i]);
        if (read.ec != std::errc{} || read.ptr != last) return std::nullopt;
    }
    Walk walk;
    walk.versions = parse_floor(position.substr(end + 1));
    walk.table = static_cast<std::size_t>(numbers[0]);
    walk.offset = numbers[1];
    walk.line = numbers[2];
    walk.rows = numbers[3];
    walk.doubts = numbers[4];
    if (walk.table >= walk.versions.size()) return std::nullopt;
    return walk;
}

}  // namespace nudged::sources::csv
