// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/csv/input.hpp"
#include "connectors/sources/csv/parser.hpp"
#include "connectors/sources/csv/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nudged::sources::csv {

/// The rows of an input from an offset on, read a piece at a time.
class RowReader {
public:
    RowReader(const Input& input, char delimiter, std::uint64_t offset, std::uint64_t line);

    /// nullptr at the end; holds until the next call.
    const Row* next();
    /// Where the row after the last one begins.
    std::uint64_t offset() const { return row_begin_; }
    std::uint64_t line() const { return parser_.next_line(); }
    /// Bytes that were looked at, those of bad rows as often as they were.
    std::uint64_t bytes_read() const { return bytes_read_; }

private:
    bool fill();

    const Input& input_;
    RowParser parser_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // of what is not parsed yet in the buffer
    std::size_t end_ = 0;
    std::uint64_t next_read_;  // offset after the buffer
    std::uint64_t row_begin_;
    std::uint64_t bytes_read_ = 0;
};

/// The first row of an input.
struct Header {
    Binding binding;
    std::uint64_t offset = 0;  // where the rows begin
    std::uint64_t line = 2;
};
/// Finds the table's columns in the first row; problems are added.
Header read_header(const Input& input, const Table& table, Diagnostics& problems);

}  // namespace nudged::sources::csv
