// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/text.hpp"
#include "tests/crmsim/common/base64.hpp"
#include "tests/crmsim/loopback.hpp"

#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nudged::crmsim {

/// Percent-decoded; in a form a plus is a space.
inline std::string decode_percent(std::string_view text, bool is_form) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        int byte = 0;
        const bool escaped =
            text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ec == std::errc{};
        if (escaped) {
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += is_form && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

/// A body of application/x-www-form-urlencoded.
inline std::map<std::string, std::string> parse_form(std::string_view body) {
    const auto decode = [](std::string_view text) { return decode_percent(text, true); };
    std::map<std::string, std::string> form;
    for (const std::string_view pair : split(body, '&')) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        form[decode(pair.substr(0, equals))] = decode(pair.substr(equals + 1));
    }
    return form;
}

/// User name and password of HTTP Basic authentication (RFC 7617); nullopt where there is none.
inline std::optional<std::pair<std::string, std::string>> basic_credentials(
    const loopback::Request& request) {
    constexpr std::string_view scheme = "Basic ";
    const std::string_view header = request.header("authorization");
    if (!header.starts_with(scheme)) return std::nullopt;
    const auto text = from_base64(header.substr(scheme.size()));
    const std::size_t colon = text ? text->find(':') : std::string::npos;
    if (colon == std::string::npos) return std::nullopt;
    return std::pair{text->substr(0, colon), text->substr(colon + 1)};
}

inline std::string_view bearer_token(const loopback::Request& request) {
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view header = request.header("authorization");
    return header.starts_with(scheme) ? header.substr(scheme.size()) : std::string_view{};
}

}  // namespace nudged::crmsim
