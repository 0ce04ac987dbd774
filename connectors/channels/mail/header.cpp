// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/header.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nudged::channels::mail {
namespace {

constexpr std::size_t max_line = 76;  // of a line with encoded words (RFC 2047 §2)
constexpr std::size_t max_word = 75;  // of one encoded word

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void refuse_control(std::string_view name, std::string_view text) {
    if (std::any_of(text.begin(), text.end(), is_control))
        throw Failure(FailureKind::refused,
                      fmt::format("a control character would have come into the header {}", name));
}

/// Where the next encoded word ends: as many bytes as fit, and no code point cut.
std::size_t fitting(std::string_view text, std::size_t room) {
    auto end = std::min(text.size(), room);
    const auto continues = [&](std::size_t at) {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    };
    while (end > 0 && continues(end)) --end;
    // Bytes that are no UTF-8 must not stop us.
    return end > 0 ? end : std::min(text.size(), room);
}

/// Encoded words, the first behind `used` characters of its line.
std::string encoded_words(std::string_view text, std::size_t used) {
    constexpr std::string_view opening = "=?UTF-8?B?";
    constexpr std::string_view closing = "?=";
    std::string out;
    while (!text.empty()) {
        const auto room = std::min(max_word, max_line - used) - opening.size() - closing.size();
        const auto count = fitting(text, room / 4 * 3);
        if (!out.empty()) out += "\r\n ";
        out.append(opening).append(crypto::base64(text.substr(0, count))).append(closing);
        text.remove_prefix(count);
        used = 1;
    }
    return out;
}

bool is_plain(std::string_view text) {
    return is_ascii(text) && text.find("=?") == std::string_view::npos &&
           text.find("  ") == std::string_view::npos && !text.starts_with(' ') &&
           !text.ends_with(' ');
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

}  // namespace

std::string header(std::string_view name, std::string_view body) {
    // Only a fold that we made ourselves: CRLF and a space.
    std::string flat{body};
    for (auto at = flat.find("\r\n "); at != std::string::npos; at = flat.find("\r\n ", at))
        flat.erase(at, 2);
    refuse_control(name, flat);
    if (!is_ascii(flat))
        throw Failure(FailureKind::refused,
                      fmt::format("the header {} would not have been ASCII", name));
    return fmt::format("{}: {}\r\n", name, body);
}

std::string text_header(std::string_view name, std::string_view text) {
    refuse_control(name, text);
    const auto used = name.size() + 2;
    const bool fits = used + text.size() <= max_line;
    return header(name, fits && is_plain(text) ? std::string{text} : encoded_words(text, used));
}

std::string address_header(std::string_view name, std::string_view display,
                           std::string_view address) {
    refuse_control(name, display);
    const auto used = name.size() + 2;
    if (display.empty()) return header(name, address);
    auto shown = quoted(display);
    if (!is_plain(display) || used + shown.size() > max_line) shown = encoded_words(display, used);
    const auto last_line = shown.rfind('\n');
    const auto column =
        last_line == std::string::npos ? used + shown.size() : shown.size() - last_line - 1;
    const auto* gap = column + address.size() + 3 <= max_line ? " " : "\r\n ";
    return header(name, fmt::format("{}{}<{}>", shown, gap, address));
}

std::string mail_date(Instant instant) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(instant - day)};
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
        days.at(std::chrono::weekday{day}.c_encoding()), static_cast<unsigned>(date.day()),
        months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
        time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace nudged::channels::mail
