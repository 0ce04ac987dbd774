// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/csv/encoding.hpp"

#include "connectors/base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nudged::sources::csv {
namespace {

constexpr std::array<std::pair<std::string_view, Encoding>, 6> names{{
    {"utf-8", Encoding::utf_8},
    {"utf8", Encoding::utf_8},
    {"latin-1", Encoding::latin_1},
    {"iso-8859-1", Encoding::latin_1},
    {"windows-1252", Encoding::windows_1252},
    {"cp1252", Encoding::windows_1252},
}};

/// Windows-1252 from 0x80 to 0x9F; the five that it leaves out are the control characters of
/// Latin-1, as the WHATWG Encoding Standard has it.
constexpr std::array<char16_t, 32> windows_1252{
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

/// RFC 3629 §4: no overlong forms, no surrogates, nothing past U+10FFFF.
bool is_utf8(std::string_view bytes) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    for (std::size_t i = 0; i < bytes.size();) {
        const unsigned lead = at(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (length == 0 || lead > 0xF4 || bytes.size() - i < length) return false;
        const unsigned second = at(i + 1);
        const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) return false;
        for (std::size_t k = 2; k < length; ++k)
            if ((at(i + k) & 0xC0) != 0x80) return false;
        i += length;
    }
    return true;
}

void append_utf8(char16_t c, std::string& text) {
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xC0 | c >> 6);
        text += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        text += static_cast<char>(0xE0 | c >> 12);
        text += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        text += static_cast<char>(0x80 | (c & 0x3F));
    }
}

}  // namespace

std::optional<Encoding> encoding_of(std::string_view name) {
    const std::string lower = to_lower_ascii(name);
    for (const auto& [known, encoding] : names)
        if (known == lower) return encoding;
    return std::nullopt;
}

std::vector<std::string> encoding_names() {
    std::vector<std::string> all;
    for (const auto& [name, encoding] : names) all.emplace_back(name);
    return all;
}

std::optional<std::string_view> to_utf8(std::string_view bytes, Encoding encoding,
                                        std::string& scratch) {
    if (std::all_of(bytes.begin(), bytes.end(), is_ascii)) return bytes;
    if (encoding == Encoding::utf_8) return is_utf8(bytes) ? std::optional{bytes} : std::nullopt;
    scratch.clear();
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const bool special = encoding == Encoding::windows_1252 && byte >= 0x80 && byte < 0xA0;
        append_utf8(special ? windows_1252[byte - 0x80] : byte, scratch);
    }
    return scratch;
}

}  // namespace nudged::sources::csv
