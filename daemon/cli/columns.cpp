// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nudged::cli {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// Of Unicode's East Asian Width, coarsely: what CRMs hold of it.
constexpr std::array wide{Range{0x1100, 0x115F}, Range{0x2E80, 0xA4CF},   Range{0xAC00, 0xD7A3},
                          Range{0xF900, 0xFAFF}, Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
                          Range{0xFFE0, 0xFFE6}, Range{0x1F300, 0x1FAFF}, Range{0x20000, 0x3FFFD}};
constexpr std::array narrow{Range{0x0300, 0x036F}, Range{0x200B, 0x200D}, Range{0x20D0, 0x20FF},
                            Range{0xFE00, 0xFE0F}};
constexpr std::array unseen{Range{0x00, 0x1F},     Range{0x7F, 0x9F},     Range{0x200E, 0x200F},
                            Range{0x2028, 0x202E}, Range{0x2066, 0x2069}, Range{0xFEFF, 0xFEFF}};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t point) {
    return std::ranges::any_of(
        ranges, [&](const auto& one) { return one.first <= point && point <= one.last; });
}

/// The code point at the front, which is taken off.
char32_t take_point(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t point = size == 1 ? first : first & (0xFF >> (size + 1));
    for (std::size_t i = 1; i < size && i < text.size(); ++i)
        point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
    text.remove_prefix(std::min(size, text.size()));
    return point;
}

std::size_t width_of(char32_t point) {
    if (is_in(narrow, point)) return 0;
    return is_in(wide, point) ? 2 : 1;
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) width += width_of(take_point(text));
    return width;
}

std::string escape_controls(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto before = text;
        const auto point = take_point(text);
        if (is_in(unseen, point))
            out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(point));
        else
            out += before.substr(0, before.size() - text.size());
    }
    return out;
}

std::string cut(std::string_view text, std::size_t width) {
    const auto whole = escape_controls(text);
    if (display_width(whole) <= width) return whole;
    std::string_view rest = whole;
    std::size_t taken = 0;
    while (!rest.empty()) {
        auto next = rest;
        const auto one = width_of(take_point(next));
        if (taken + one + 1 > width) break;
        taken += one;
        rest = next;
    }
    return whole.substr(0, whole.size() - rest.size()) + "…";
}

std::string fit(std::string_view text, std::size_t width) {
    auto out = cut(text, width);
    out.append(width - std::min(width, display_width(out)), ' ');
    return out;
}

std::string beside(const std::vector<std::string>& left, const std::vector<std::string>& right,
                   std::size_t width) {
    constexpr std::size_t narrowest = 80;
    std::string out;
    if (width < narrowest) {
        for (const auto& line : left) out += cut(line, width) + "\n";
        out += "  ↓\n";
        for (const auto& line : right) out += cut(line, width) + "\n";
        return out;
    }
    const auto half = (width - 3) / 2;
    for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
        const auto line = fit(i < left.size() ? left[i] : "", half) + " │ " +
                          cut(i < right.size() ? right[i] : "", half);
        out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return out;
}

std::size_t terminal_width() {
    constexpr std::size_t usual = 100;
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    const auto* columns = std::getenv("COLUMNS");
    const auto told = columns ? std::strtoul(columns, nullptr, 10) : 0;
    return told > 0 ? told : usual;
}

}  // namespace nudged::cli
