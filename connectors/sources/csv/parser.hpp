// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources::csv {

/// Why a row cannot be used.
enum class RowProblem : std::uint8_t {
    none,
    text_after_quote,  // "5" monitor: a quote inside quotes was not doubled
    open_quote,        // the input ended inside quotes
    too_long,          // more than a cell, a row or a number of columns may hold
};
std::string_view to_string(RowProblem problem);

/// One row of a table; its text belongs to the parser and holds until the next feed().
struct Row {
    std::vector<std::string_view> cells;
    std::uint64_t line = 0;   // where it begins, from 1
    std::uint64_t bytes = 0;  // from its beginning to that of the next row
    RowProblem problem = RowProblem::none;

    /// An empty line is no row of data.
    bool is_blank() const { return cells.size() == 1 && cells.front().empty(); }
};

/// Splits RFC 4180 text into rows, a chunk at a time: cells in quotes may hold delimiters, doubled
/// quotes and line breaks; rows end with LF, CRLF or CR, the last one also with the input. Bytes
/// in, bytes out: every encoding that contains ASCII will do. Holds one row at most, and no more of
/// it than the limits allow.
///
/// After a bad row the next one begins on the line after the bad one's first line, so that a lone
/// quote costs one row and not all that follow: `Row::bytes` is then less than what was fed, and
/// the caller goes back.
class RowParser {
public:
    static constexpr std::size_t max_cell = 262'144;
    static constexpr std::size_t max_row = 1'048'576;
    static constexpr std::size_t max_columns = 4096;

    /// `line` is the number of the first line to come.
    explicit RowParser(char delimiter, std::uint64_t line = 1);

    /// Takes bytes up to the end of a row and says how many; has_row() tells whether one ended.
    std::size_t feed(std::string_view bytes);
    /// The input has ended: what is left is a row, unless nothing is.
    void finish();

    bool has_row() const { return has_row_; }
    const Row& row() const { return row_; }
    /// The line at which the next row begins.
    std::uint64_t next_line() const { return line_; }

private:
    enum class State : std::uint8_t {
        cell_start,
        plain,
        quoted,
        quote_in_quoted,  // it ends the cell, or is the first of two
        after_cr,
        skipping,  // to the end of the line, in a bad row
    };

    void begin_row();
    std::size_t step(std::string_view bytes);
    std::size_t step_separator(char c);
    std::size_t take_plain(std::string_view bytes);
    std::size_t take_quoted(std::string_view bytes);
    void append(std::string_view bytes);
    void end_cell();
    void end_row();
    void spoil(RowProblem problem);

    char delimiter_;
    State state_ = State::cell_start;
    bool has_row_ = false;
    std::uint64_t line_;
    std::uint64_t bytes_ = 0;             // taken since the row began
    std::uint64_t first_line_bytes_ = 0;  // of a row over several lines; 0: it has one so far
    std::string text_;
    std::vector<std::size_t> ends_;  // of the cells in text_
    Row row_;
};

}  // namespace nudged::sources::csv
