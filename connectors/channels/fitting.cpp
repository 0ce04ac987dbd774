// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/fitting.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::channels {
namespace {

constexpr std::string_view zero_width_space = "\u200B";

bool is_ascii_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_word(char c) {
    return is_ascii_word(c) || static_cast<unsigned char>(c) >= 0x80;
}

/// `word` in lower case; called for every character, so nothing is made.
bool starts_word(std::string_view text, std::string_view word) {
    return text.size() >= word.size() &&
           std::equal(word.begin(), word.end(), text.begin(), [](char wanted, char c) {
               return wanted == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
           });
}

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_of_address(char c) {
    return is_ascii_word(c) || std::string_view{"._%+-@"}.find(c) != std::string_view::npos;
}

/// Whether the place is within an address of e-mail: one @, a name before it, and a host with a dot
/// behind it.
bool is_within_address(std::string_view value, std::size_t at) {
    auto first = at;
    while (first > 0 && is_of_address(value[first - 1])) --first;
    auto last = at;
    while (last < value.size() && is_of_address(value[last])) ++last;
    const auto word = value.substr(first, last - first);
    const auto sign = word.find('@');
    if (sign == 0 || sign == word.npos || !is_ascii_word(word[sign - 1])) return false;
    if (word.find('@', sign + 1) != word.npos) return false;
    const auto dot = word.find('.', sign + 2);
    return dot != word.npos && dot + 1 < word.size() && is_ascii_word(word[dot + 1]);
}

/// Whether the dot at `at` makes a chat see a host, as in "acme.com": a word before it, and at
/// least two letters behind it. Not within an address of e-mail, nor in the name of a file that a
/// person may copy.
bool parts_host(std::string_view value, std::size_t at) {
    if (value[at] != '.' || at == 0 || !is_word(value[at - 1])) return false;
    auto end = at + 1;
    while (end < value.size() && is_letter(value[end])) ++end;
    const auto label = value.substr(at + 1, end - at - 1);
    if (label.size() < 2 || label == "toml" || label == "csv") return false;
    return !is_within_address(value, at);
}

}  // namespace

std::string safe_url(std::string_view url, std::size_t max) {
    if (!url.starts_with("https://") && !url.starts_with("http://")) return {};
    constexpr std::string_view ends_markup = "<>\"'`()[]{}|\\^*";
    std::string safe;
    for (const char c : url) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7F || ends_markup.find(c) != ends_markup.npos)
            safe += fmt::format("%{:02X}", byte);
        else
            safe += c;
        if (safe.size() > max) return {};
    }
    return safe;
}

std::string without_links(std::string_view value) {
    std::string out;
    for (std::size_t at = 0; at < value.size();) {
        const auto rest = value.substr(at);
        std::size_t taken = 1;
        bool is_broken =
            rest[0] == '@' ? at == 0 || !is_ascii_word(value[at - 1]) : parts_host(value, at);
        if (rest.starts_with("://")) {
            // Before the slashes: some take the space behind them for the begin of a host.
            is_broken = true;
        } else if (starts_word(rest, "www.")) {
            taken = 3;
            is_broken = true;
        } else if (starts_word(rest, "mailto:")) {
            taken = 6;
            is_broken = true;
        }
        out += rest.substr(0, taken);
        if (is_broken) out += zero_width_space;
        at += taken;
    }
    return out;
}

}  // namespace nudged::channels
