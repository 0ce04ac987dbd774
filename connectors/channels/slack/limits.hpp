// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

/// What we keep to, well inside what Slack takes (delivery reference §2.2). Characters are code
/// points of the text as it is sent, entities and links counted in full.
namespace nudged::channels::slack {

inline constexpr std::size_t max_blocks = 45;          // of 50
inline constexpr std::size_t max_header = 140;         // of 150
inline constexpr std::size_t max_section = 2'800;      // of 3,000
inline constexpr std::size_t max_all_blocks = 12'000;  // observed: refused near 13,200
inline constexpr std::size_t max_all_bytes = 24'000;   // of UTF-8, whichever is hit first
inline constexpr std::size_t max_button = 70;          // of 75
inline constexpr std::size_t max_menu = 5;             // choices of an overflow menu
inline constexpr std::size_t max_fallback = 1'500;     // the text of notifications
inline constexpr std::size_t max_plain = 3'900;        // a message without blocks; of 4,000

}  // namespace nudged::channels::slack
