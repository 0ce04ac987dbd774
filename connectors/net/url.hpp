// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nudged::net {

/// What of an http(s) URL says where it leads. libcurl reads it, so that nobody else can understand
/// a URL differently from the one who follows it.
struct Place {
    std::string scheme;  // "http" or "https"
    std::string host;    // lower case; IPv6 in brackets
    std::string port;    // the scheme's own when the URL names none
    bool has_credentials = false;

    bool is_loopback() const;
    std::string origin() const;  // "https://api.example.com:443"
    std::string str() const;     // the same without the scheme's own port: for people
};

/// nullopt for what is no URL, or one of another scheme.
std::optional<Place> parse_place(std::string_view url);

}  // namespace nudged::net
