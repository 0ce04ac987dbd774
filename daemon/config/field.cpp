// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/field.hpp"

#include "connectors/base/text.hpp"

namespace nudged::config {

std::optional<Complaint> NotBlank::operator()(const std::string& value) const {
    if (!is_placeholder(value)) return std::nullopt;
    return Complaint{"must say something", ""};
}

std::optional<Complaint> Identifier::operator()(const std::string& value) const {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    const bool good = !value.empty() && value.size() <= 64 &&
                      value.find_first_not_of(letters) == value.npos && value.front() != '-';
    if (good) return std::nullopt;
    return Complaint{fmt::format("cannot be \"{}\"", clean_line(shorten(value, 64))),
                     "use lower-case letters, digits, _ and -"};
}

}  // namespace nudged::config
