// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::channels {

/// Code points of valid UTF-8.
std::size_t length(std::string_view text);

/// A value on its way to a person: cleaned to one line of at most `max` code points, cut between
/// graphemes and ended with an ellipsis when it was longer. To be called before any escaping, so
/// that no entity and no link is ever cut.
std::string value(std::string_view raw, std::size_t max);

/// Lines of a table for a fixed-width font, the headings first: cells are values of at most
/// `max_cell` code points, padded by what they take on a screen.
std::vector<std::string> lay_out(const std::vector<std::string>& columns,
                                 const std::vector<std::vector<std::string>>& rows,
                                 std::size_t max_cell = 28);

}  // namespace nudged::channels
