// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nudged::cli {

/// Columns that valid UTF-8 takes on a terminal: two for East Asian and emoji, none for marks that
/// sit on a letter.
std::size_t display_width(std::string_view text);

/// Control characters, also those of C1, and overrides of the writing direction as "\u001b".
std::string escape_controls(std::string_view text);

/// Escaped, cut or padded to exactly so many columns.
std::string fit(std::string_view text, std::size_t width);
/// Escaped, and cut where it is wider.
std::string cut(std::string_view text, std::size_t width);

/// Two columns of lines beside one another, or below where the terminal is narrow.
std::string beside(const std::vector<std::string>& left, const std::vector<std::string>& right,
                   std::size_t width);

/// Of standard output: the terminal's, `COLUMNS`, or 100.
std::size_t terminal_width();

}  // namespace nudged::cli
