// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/address.hpp"

#include "connectors/base/text.hpp"

#include <algorithm>

namespace nudged::channels::mail {
namespace {

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// RFC 5322 §3.2.3.
bool is_atom(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter_or_digit(c) || marks.find(c) != std::string_view::npos;
    });
}

bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool all_parts(std::string_view text, bool (*is_good)(std::string_view)) {
    const auto parts = split(text, '.');
    return std::all_of(parts.begin(), parts.end(), is_good);
}

}  // namespace

std::string problem_of_address(std::string_view address) {
    const bool is_ascii = std::all_of(address.begin(), address.end(),
                                      [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!is_ascii)
        return "a mail address may have ASCII characters only: write a domain of other letters in "
               "its xn-- form, and ask for an address without them before the @";
    const auto at = address.find('@');
    if (at == std::string_view::npos) return "a mail address is missing its @";
    const auto local = address.substr(0, at);
    if (local.size() > 64 || address.size() > 254)
        return "a mail address is too long: 64 characters before the @, and 254 in all, may be";
    if (!all_parts(local, is_atom) || !is_host_name(address.substr(at + 1)))
        return "a mail address is none: write it as name@example.com, without a name or brackets";
    return {};
}

bool is_host_name(std::string_view name) {
    if (name == "localhost") return true;
    return name.size() <= 253 && name.find('.') != std::string_view::npos &&
           all_parts(name, is_label);
}

std::string domain_of(std::string_view address) {
    return std::string{address.substr(address.rfind('@') + 1)};
}

}  // namespace nudged::channels::mail
