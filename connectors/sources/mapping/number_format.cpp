// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/number_format.hpp"

#include "connectors/base/text.hpp"

#include <algorithm>

namespace nudged::sources {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Spaces that do not break stand between thousands where a space does.
std::string with_plain_spaces(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        std::size_t width = 0;
        for (const std::string_view space : {"\u00A0", "\u202F"})
            if (text.starts_with(space)) width = space.size();
        out += width > 0 ? ' ' : text.front();
        text.remove_prefix(std::max<std::size_t>(width, 1));
    }
    return out;
}

/// Of three digits, but for the first one, and for those before the last where lakhs are counted.
bool are_groups(std::string_view whole, char mark) {
    const auto groups = split(whole, mark);
    if (groups.size() < 2) return true;
    const auto is_inner = [](std::string_view group) {
        return group.size() == 2 || group.size() == 3;
    };
    return !groups.front().empty() && groups.front().size() <= 3 && groups.back().size() == 3 &&
           std::all_of(groups.begin() + 1, groups.end() - 1, is_inner);
}

}  // namespace

std::optional<NumberFormat> NumberFormat::of(std::string_view sample) {
    constexpr std::string_view groups = ".,' ";
    const auto point = sample.find_last_of(".,");
    if (point == std::string_view::npos || point == 0 || point + 1 == sample.size())
        return std::nullopt;
    NumberFormat format{.point = sample[point], .group = {}};
    const auto mark = sample.find_first_not_of("0123456789");
    if (mark != point) format.group = sample[mark];
    const bool is_group = !format.group || (*format.group != format.point &&
                                            groups.find(*format.group) != std::string_view::npos);
    return is_group && format.plain(sample) ? std::optional{format} : std::nullopt;
}

std::optional<std::string> NumberFormat::plain(std::string_view text) const {
    const auto spaced = group == ' ' ? with_plain_spaces(text) : std::string{text};
    std::string_view rest = spaced;
    std::string out;
    if (rest.starts_with('-')) out = '-';
    if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
    const auto end_of_whole = std::min(rest.find(point), rest.size());
    if (group && !are_groups(rest.substr(0, end_of_whole), *group)) return std::nullopt;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (i == end_of_whole)
            out += '.';
        else if (is_digit(rest[i]))
            out += rest[i];
        else if (i > end_of_whole || rest[i] != group)
            return std::nullopt;
    }
    return out;
}

}  // namespace nudged::sources
