// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/text.hpp"
#include "connectors/channels/values.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// How a message is made to fit a channel's limits: values are cut before they are escaped, and
/// what does not fit as a whole is told in less and less detail, with the count of what was left
/// out (delivery reference §7).
namespace nudged::channels {

/// How much of a message is shown; one step poorer after the other until it fits.
struct Detail {
    std::size_t title, note;  // characters of a value, as sent
    std::size_t sections, items, rows;
    bool facts;
};
inline constexpr std::array<Detail, 6> detail_steps{{
    {200, 800, 12, 25, 100, true},
    {200, 800, 12, 10, 60, true},
    {150, 400, 12, 10, 40, false},
    {100, 250, 12, 4, 15, false},
    {100, 120, 12, 0, 0, false},
    {60, 60, 4, 0, 0, false},
}};

/// A value that is at most `max` characters long once it is escaped.
template <typename Escape>
std::string fit(std::string_view raw, std::size_t max, Escape escape) {
    std::size_t room = max;
    std::string text = escape(value(raw, room));
    while (length(text) > max) {
        room = room * 2 / 3;
        text = escape(value(raw, room));
    }
    return text;
}

/// Lines stay lines, joined by `separator`; each is a value of its own, of at most `max` characters
/// once it is escaped, and all of them take twice as much.
template <typename Escape>
std::string fit_lines(std::string_view text, std::size_t max, std::string_view separator,
                      Escape escape) {
    std::string out;
    for (const auto line : split(text.substr(0, 64 * max), '\n')) {
        const auto next = fit(line, max, escape);
        if (next.empty()) continue;
        if (length(out) + length(next) + 2 > 2 * max) return out.append(separator).append("…");
        if (!out.empty()) out += separator;
        out += next;
    }
    return out;
}

/// An http(s) URL with everything percent-encoded that could end it in markup; "" for what is no
/// such URL, or is longer than `max` bytes.
std::string safe_url(std::string_view url, std::size_t max);

/// A zero-width space in what a chat would make a link or a mention of by itself: "https://",
/// "acme.com" and "@name" in a value become text. An e-mail address stays as it is.
std::string without_links(std::string_view value);

}  // namespace nudged::channels
