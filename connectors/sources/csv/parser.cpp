// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/csv/parser.hpp"

#include <algorithm>

namespace nudged::sources::csv {

std::string_view to_string(RowProblem problem) {
    switch (problem) {
    case RowProblem::none: break;
    case RowProblem::text_after_quote:
        return "text follows a closing quote; a quote inside quotes is written twice";
    case RowProblem::open_quote: return "a quote is opened and never closed";
    case RowProblem::too_long: return "the row or one of its cells is too long";
    }
    return "";
}

RowParser::RowParser(char delimiter, std::uint64_t line) : delimiter_(delimiter), line_(line) {
    begin_row();
}

void RowParser::begin_row() {
    has_row_ = false;
    state_ = State::cell_start;
    bytes_ = 0;
    first_line_bytes_ = 0;
    text_.clear();
    ends_.clear();
    row_.cells.clear();
    row_.line = line_;
    row_.problem = RowProblem::none;
}

std::size_t RowParser::feed(std::string_view bytes) {
    if (has_row_) begin_row();
    std::size_t taken = 0;
    while (taken < bytes.size() && !has_row_) taken += step(bytes.substr(taken));
    return taken;
}

void RowParser::finish() {
    if (has_row_) begin_row();
    switch (state_) {
    case State::cell_start:
        if (ends_.empty()) return;
        end_cell();
        break;
    case State::plain:
    case State::quote_in_quoted: end_cell(); break;
    case State::quoted: row_.problem = RowProblem::open_quote; break;
    case State::after_cr:
    case State::skipping: break;
    }
    if (!has_row_) end_row();
}

/// Moves on by one run of bytes of the same kind; counts what it takes before the row may end.
std::size_t RowParser::step(std::string_view bytes) {
    const char c = bytes.front();
    switch (state_) {
    case State::cell_start:
        if (c == '"') {
            state_ = State::quoted;
            ++bytes_;
            return 1;
        }
        state_ = State::plain;
        return 0;
    case State::plain: return take_plain(bytes);
    case State::quoted: return take_quoted(bytes);
    case State::quote_in_quoted:
        if (c == '"') {
            append(bytes.substr(0, 1));
            if (state_ != State::skipping) state_ = State::quoted;
            ++bytes_;
            return 1;
        }
        if (c == delimiter_ || c == '\n' || c == '\r') return step_separator(c);
        spoil(RowProblem::text_after_quote);
        return 0;
    case State::after_cr:
        if (c == '\n') ++bytes_;
        end_row();
        return c == '\n' ? 1 : 0;
    case State::skipping: {
        const auto end = bytes.find('\n');
        const std::size_t taken = end == bytes.npos ? bytes.size() : end + 1;
        bytes_ += taken;
        if (end != bytes.npos) end_row();
        return taken;
    }
    }
    return bytes.size();
}

std::size_t RowParser::step_separator(char c) {
    ++bytes_;
    end_cell();
    if (has_row_) return 1;
    if (state_ == State::skipping) {
        if (c == '\n') end_row();
        return 1;
    }
    state_ = c == '\r' ? State::after_cr : State::cell_start;
    if (c == '\n') end_row();
    return 1;
}

std::size_t RowParser::take_plain(std::string_view bytes) {
    const auto end = std::find_if(bytes.begin(), bytes.end(), [this](char c) {
        return c == delimiter_ || c == '\n' || c == '\r';
    });
    const auto run = static_cast<std::size_t>(end - bytes.begin());
    bytes_ += run;
    append(bytes.substr(0, run));
    if (state_ == State::skipping || run == bytes.size()) return run;
    return run + step_separator(bytes[run]);
}

std::size_t RowParser::take_quoted(std::string_view bytes) {
    const std::size_t run = std::min(bytes.find('"'), bytes.size());
    const std::string_view inside = bytes.substr(0, run);
    if (first_line_bytes_ == 0) {
        if (const auto end = inside.find('\n'); end != inside.npos)
            first_line_bytes_ = bytes_ + end + 1;
    }
    line_ += static_cast<std::uint64_t>(std::count(inside.begin(), inside.end(), '\n'));
    bytes_ += run;
    append(inside);
    if (state_ == State::skipping || has_row_ || run == bytes.size()) return run;
    state_ = State::quote_in_quoted;
    ++bytes_;
    return run + 1;
}

void RowParser::append(std::string_view bytes) {
    const std::size_t cell = text_.size() - (ends_.empty() ? 0 : ends_.back());
    if (cell + bytes.size() > max_cell || text_.size() + bytes.size() > max_row)
        return spoil(RowProblem::too_long);
    text_ += bytes;
}

void RowParser::end_cell() {
    if (ends_.size() == max_columns) return spoil(RowProblem::too_long);
    ends_.push_back(text_.size());
}

void RowParser::end_row() {
    if (row_.problem != RowProblem::none && first_line_bytes_ > 0) {
        row_.bytes = first_line_bytes_;
        line_ = row_.line;
    } else {
        row_.bytes = bytes_;
    }
    ++line_;
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
        row_.cells.push_back(std::string_view{text_}.substr(begin, end - begin));
        begin = end;
    }
    has_row_ = true;
}

/// Gives the row up. Over several lines its end is where its first line ends, which has passed;
/// else it is still to come.
void RowParser::spoil(RowProblem problem) {
    if (row_.problem == RowProblem::none) row_.problem = problem;
    state_ = State::skipping;
    if (first_line_bytes_ > 0) end_row();
}

}  // namespace nudged::sources::csv
