// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/fitting.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::channels {
namespace {

constexpr std::string_view zero_width_space = "\u200B";

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

/// `word` in lower case; called for every character, so nothing is made.
bool starts_word(std::string_view text, std::string_view word) {
    return text.size() >= word.size() &&
           std::equal(word.begin(), word.end(), text.begin(), [](char wanted, char c) {
               return wanted == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
           });
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
        bool is_broken = rest[0] == '@' && (at == 0 || !is_word(value[at - 1]));
        if (rest.starts_with("://")) {
            taken = 3;
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
