// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/csv/reading.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace nudged::sources::csv {
namespace {

constexpr std::size_t piece = 256 * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

RowReader::RowReader(const Input& input, char delimiter, std::uint64_t offset, std::uint64_t line)
    : input_(input),
      parser_(delimiter, line),
      buffer_(piece),
      next_read_(offset),
      row_begin_(offset) {}

bool RowReader::fill() {
    begin_ = 0;
    end_ = input_.read_at(next_read_, buffer_);
    next_read_ += end_;
    bytes_read_ += end_;
    return end_ > 0;
}

const Row* RowReader::next() {
    do {
        if (begin_ == end_ && !fill()) {
            parser_.finish();
            break;
        }
        begin_ += parser_.feed({buffer_.data() + begin_, end_ - begin_});
    } while (!parser_.has_row());
    if (!parser_.has_row()) return nullptr;
    const Row& row = parser_.row();
    row_begin_ += row.bytes;
    if (row_begin_ != next_read_ - (end_ - begin_)) {  // a bad row: go back to its second line
        begin_ = end_ = 0;
        next_read_ = row_begin_;
    }
    return &row;
}

Header read_header(const Input& input, const Table& table, Diagnostics& problems) {
    std::array<char, 3> start{};
    const std::string_view mark{start.data(), input.read_at(0, start)};
    const std::uint64_t skip = mark == byte_order_mark ? byte_order_mark.size() : 0;
    if (mark.starts_with("\xFF\xFE") || mark.starts_with("\xFE\xFF")) {
        problems.error({table.label(), 1, 1}, "the file is UTF-16", "save it as CSV in UTF-8");
        return {};
    }
    RowReader rows{input, table.delimiter(), skip, 1};
    const Row* row = rows.next();
    if (row == nullptr || row->is_blank()) {
        problems.error({table.label(), 1, 1}, "the file has no first line with the column names",
                       "write the names of the columns there");
        return {};
    }
    if (row->problem != RowProblem::none) {
        problems.error({table.label(), 1, 1}, std::string{to_string(row->problem)},
                       "the first line holds the names of the columns");
        return {};
    }
    return {table.bind(row->cells, problems), rows.offset(), rows.line()};
}

}  // namespace nudged::sources::csv
