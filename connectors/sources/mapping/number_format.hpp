// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nudged::sources {

/// How numbers are written as text, by a sample such as "1.234,50": the mark before the fraction,
/// and the one between thousands, if there is one.
struct NumberFormat {
    char point = '.';
    std::optional<char> group;

    /// nullopt: it is no such sample.
    static std::optional<NumberFormat> of(std::string_view sample);
    /// The number as a decimal is written, "-1234.50"; nullopt for what this format cannot have
    /// written, as it would be another number.
    std::optional<std::string> plain(std::string_view text) const;
};

}  // namespace nudged::sources
