// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"

#include "connectors/base/utf8.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>

namespace nudged {
namespace {

constexpr std::string_view ascii_space = " \t\r\n\v\f";

/// One code point of a text: its value, and how many bytes it takes. Bad UTF-8 is one byte with the
/// value U+FFFD (RFC 3629 §4: no overlong forms, no surrogates, nothing past U+10FFFF).
struct CodePoint {
    char32_t value;
    std::size_t bytes;
};

CodePoint first_code_point(std::string_view text) {
    constexpr CodePoint bad{0xFFFD, 1};
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    if (lead < 0xC2 || lead > 0xF4) return bad;
    const std::size_t bytes = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (text.size() < bytes) return bad;
    char32_t value = lead & (0xFFu >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return bad;
        value = value << 6 | (byte(i) & 0x3F);
    }
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest[bytes] || surrogate || value > 0x10FFFF) return bad;
    return {value, bytes};
}

/// White space, control characters, line separators, and what turns the direction of text around.
bool becomes_space(char32_t c) {
    return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/// Edit distance where swapping two neighbours counts as one edit (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last, last, row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_last = std::move(last);
        last = row;
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
    }
    return row.back();
}

}  // namespace

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(ascii_space);
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(ascii_space) - begin + 1);
}

std::string to_lower_ascii(std::string_view text) {
    std::string lower{text};
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
    constexpr std::size_t longest = 64;  // nobody mistypes longer names than this one by hand
    if (word.empty() || word.size() > longest) return {};
    const std::string lower = to_lower_ascii(word);
    std::string best;
    std::size_t best_distance = 0;
    for (const auto& candidate : candidates) {
        const std::size_t distance = edit_distance(lower, to_lower_ascii(candidate));
        const std::size_t length = std::max(word.size(), candidate.size());
        // One edit in three letters is still a typo; more is another word.
        const std::size_t allowed = std::max<std::size_t>(1, length / 3);
        if (distance > allowed || distance >= length) continue;
        if (best.empty() || distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string clean_line(std::string_view text) {
    std::string clean;
    bool space_due = false;
    while (!text.empty()) {
        const auto point = first_code_point(text);
        if (becomes_space(point.value)) {
            space_due = true;
        } else {
            if (space_due && !clean.empty()) clean += ' ';
            space_due = false;
            if (point.value == 0xFFFD)
                clean += "\uFFFD";
            else
                clean += text.substr(0, point.bytes);
        }
        text.remove_prefix(point.bytes);
    }
    return clean;
}

std::string shorten(std::string_view text, std::size_t max) {
    if (max == 0) return {};
    std::size_t at = 0;
    std::size_t before_last = 0;  // where the max-th code point begins
    for (std::size_t points = 0; at < text.size(); ++points) {
        if (points == max) return std::string{text.substr(0, before_last)} + "…";
        before_last = at;
        at += first_code_point(text.substr(at)).bytes;
    }
    return std::string{text};
}

bool is_placeholder(std::string_view text) {
    constexpr std::array<std::string_view, 14> known{
        "", "tbd", "tba", "n/a", "na", "none", "null", "x", ".", "-", "?", "test", "asdf", "123"};
    const std::string lower = to_lower_ascii(trim(text));
    if (std::find(known.begin(), known.end(), lower) != known.end()) return true;
    const std::size_t step = first_code_point(lower).bytes;
    if (lower.size() == step) return false;
    return lower.size() % step == 0 && std::equal(lower.begin() + static_cast<std::ptrdiff_t>(step),
                                                  lower.end(), lower.begin());
}

std::string fingerprint(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 is not available in the system's OpenSSL");
    std::string text;
    for (std::size_t i = 0; i < 16; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t end = 0; (end = text.find(separator)) != text.npos;) {
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    parts.push_back(text);
    return parts;
}

std::string valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const auto [value, bytes] = first_code_point(text);
        if (value == 0xFFFD && bytes == 1)
            valid += "\xEF\xBF\xBD";
        else
            valid += text.substr(0, bytes);
        text.remove_prefix(bytes);
    }
    return valid;
}

}  // namespace nudged
