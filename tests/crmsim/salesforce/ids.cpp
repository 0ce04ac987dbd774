// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/ids.hpp"

#include <algorithm>

namespace nudged::crmsim::salesforce {
namespace {

constexpr std::string_view digits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view instance = "5g0";
constexpr std::size_t number_digits = 9;
constexpr std::size_t short_length = 15;
constexpr std::size_t full_length = 18;

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/// One character for five: bit n says whether the n-th of them is upper case, so that the whole id
/// can be told from another one where case does not count.
std::string checksum(std::string_view id) {
    constexpr std::string_view marks = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    std::string text;
    for (std::size_t block = 0; block < short_length; block += 5) {
        std::size_t bits = 0;
        for (std::size_t i = 0; i < 5; ++i)
            if (is_upper(id[block + i])) bits |= std::size_t{1} << i;
        text += marks[bits];
    }
    return text;
}

bool is_digit(char c) {
    return digits.find(c) != std::string_view::npos;
}

}  // namespace

std::string id_text(std::string_view prefix, std::uint64_t number) {
    std::string text(number_digits, '0');
    for (std::size_t i = number_digits; i-- > 0; number /= digits.size())
        text[i] = digits[number % digits.size()];
    text.insert(0, instance);
    text.insert(0, prefix);
    return text + checksum(text);
}

std::optional<std::string> full_id(std::string_view text) {
    if (text.size() != short_length && text.size() != full_length) return std::nullopt;
    if (!std::ranges::all_of(text, is_digit)) return std::nullopt;
    std::string id(text.substr(0, short_length));
    return id + checksum(id);
}

std::optional<IdParts> parse_id_text(std::string_view text) {
    const auto id = full_id(text);
    if (!id || id->substr(3, instance.size()) != instance) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : id->substr(3 + instance.size(), number_digits))
        number = number * digits.size() + digits.find(c);
    return IdParts{id->substr(0, 3), number};
}

}  // namespace nudged::crmsim::salesforce
