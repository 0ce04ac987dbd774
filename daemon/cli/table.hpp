// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace nudged::cli {

/// Lines of cells in aligned columns, as a terminal shows them.
class Table {
public:
    enum class Align { left, right };
    explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

    /// As many cells as there are columns.
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    std::string str() const;

private:
    std::vector<Align> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// Values of a CRM on their way to a terminal: no control or escape sequences, one line.
std::string for_terminal(const std::string& value, std::size_t max_width = 60);

}  // namespace nudged::cli
