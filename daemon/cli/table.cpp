// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/table.hpp"

#include "connectors/base/text.hpp"

#include <algorithm>

namespace nudged::cli {
namespace {

/// Columns that a text takes: its code points; good enough for names and numbers.
std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::string Table::str() const {
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < columns_.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));
    std::string out;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string padding(widths[i] - width_of(row[i]), ' ');
            if (i > 0) line += "  ";
            line += columns_[i] == Align::right ? padding + row[i] : row[i] + padding;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

std::string for_terminal(const std::string& value, std::size_t max_width) {
    return shorten(clean_line(value), max_width);
}

}  // namespace nudged::cli
