// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/values.hpp"

#include "connectors/base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nudged::channels {
namespace {

using Range = std::pair<std::string_view, std::string_view>;  // of one length in UTF-8 each

// Unicode 15, the blocks that names and marks come from: what belongs to the character before it,
// and what takes two columns (UAX #11, wide).
constexpr std::array<Range, 5> joined_ranges{{{"\u0300", "\u036F"},
                                              {"\u200D", "\u200D"},
                                              {"\u20D0", "\u20FF"},
                                              {"\uFE00", "\uFE0F"},
                                              {"\U0001F3FB", "\U0001F3FF"}}};
constexpr std::array<Range, 6> wide_ranges{{{"\u1100", "\u115F"},
                                            {"\u2E80", "\uA4CF"},
                                            {"\uAC00", "\uD7A3"},
                                            {"\uF900", "\uFAFF"},
                                            {"\uFF00", "\uFF60"},
                                            {"\U0001F300", "\U0001FAFF"}}};

bool starts_code_point(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

// UTF-8 sorts as its code points do, so ranges can be compared as bytes.
template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, std::string_view point) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
        return point.size() == range.first.size() && point >= range.first && point <= range.second;
    });
}

std::string_view point_at(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && !starts_code_point(text[end])) ++end;
    return text.substr(at, end - at);
}

std::size_t width(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto point = point_at(text, at);
        columns += is_in(joined_ranges, point) ? 0 : is_in(wide_ranges, point) ? 2 : 1;
        at += point.size();
    }
    return columns;
}

}  // namespace

std::size_t length(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_code_point));
}

std::string value(std::string_view raw, std::size_t max) {
    // What lies far beyond the cut need not be cleaned: a megabyte costs no more than a line.
    const auto looked_at = raw.substr(0, 16 * max + 64);
    const std::string clean = clean_line(looked_at);
    if (length(clean) <= max && looked_at.size() == raw.size()) return clean;
    std::size_t cut = 0;  // the last place between graphemes that leaves room for the ellipsis
    bool after_joiner = false;
    std::size_t at = 0;
    for (std::size_t points = 0; at < clean.size() && points < max; ++points) {
        const auto point = point_at(clean, at);
        if (!after_joiner && !is_in(joined_ranges, point)) cut = at;
        after_joiner = point == "\u200D";
        at += point.size();
    }
    return std::string{trim(std::string_view{clean}.substr(0, cut))} + "…";
}

std::vector<std::string> lay_out(const std::vector<std::string>& columns,
                                 const std::vector<std::vector<std::string>>& rows,
                                 std::size_t max_cell) {
    std::vector<std::vector<std::string>> cells;
    std::vector<std::size_t> widths(columns.size());
    const auto add = [&](const std::vector<std::string>& row) {
        auto& line = cells.emplace_back();
        for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i) {
            line.push_back(value(row[i], max_cell));
            widths[i] = std::max(widths[i], width(line.back()));
        }
    };
    add(columns);
    for (const auto& row : rows) add(row);
    std::vector<std::string> lines;
    for (const auto& row : cells) {
        std::string line;
        std::size_t gap = 0;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line.append(gap, ' ').append(row[i]);
            gap = widths[i] - width(row[i]) + 2;
        }
        lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
    }
    return lines;
}

}  // namespace nudged::channels
