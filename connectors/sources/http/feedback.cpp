// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/feedback.hpp"

#include "connectors/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace nudged::sources {
namespace {

using std::chrono::milliseconds;

/// Nobody means to stop us for longer; more is a mistake of theirs, or a number of another kind.
constexpr milliseconds longest_reset = std::chrono::hours{24 * 31};

std::string_view header_of(const net::Headers& headers, std::string_view name) {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

std::string_view unquoted(std::string_view text) {
    text = trim(text);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
        text = text.substr(1, text.size() - 2);
    return text;
}

/// The value of a member of a list of NAME=VALUE, between which stand "," or ";" (RFC 9651 writes
/// both, and vendors either).
std::string_view member_of(std::string_view list, std::string_view member) {
    while (!list.empty()) {
        const auto end = std::min(list.find_first_of(",;"), list.size());
        const auto entry = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        const auto equals = entry.find('=');
        if (equals == std::string_view::npos) continue;
        if (trim(entry.substr(0, equals)) == member) return unquoted(entry.substr(equals + 1));
    }
    return {};
}

std::string_view text_of(const std::optional<HeaderValue>& where, const net::Headers& headers) {
    if (!where) return {};
    const auto value = header_of(headers, where->header);
    return where->member.empty() ? unquoted(value) : member_of(value, where->member);
}

std::optional<milliseconds> reset_in(double number, ResetForm form, Instant now) {
    const double ours = static_cast<double>(now.time_since_epoch().count());
    double wait = 0;  // in milliseconds
    switch (form) {
    case ResetForm::seconds: wait = number * 1000; break;
    case ResetForm::epoch_s: wait = number * 1000 - ours; break;
    case ResetForm::epoch_ms: wait = number - ours; break;
    }
    if (wait > static_cast<double>(longest_reset.count())) return std::nullopt;
    return milliseconds{static_cast<std::int64_t>(std::ceil(std::max(wait, 0.0)))};
}

}  // namespace

std::optional<double> parse_count(std::string_view text) {
    text = trim(text);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (!std::isfinite(number) || number < 0) return std::nullopt;
    return number;
}

Told read_feedback(const LimiterFeedback& feedback, const net::Headers& headers, Instant now) {
    Told told;
    told.remaining = parse_count(text_of(feedback.remaining, headers));
    told.limit = parse_count(text_of(feedback.limit, headers));
    const auto used_of = text_of(feedback.used_of, headers);
    if (const auto slash = used_of.find('/'); slash != std::string_view::npos) {
        told.used = parse_count(used_of.substr(0, slash));
        told.limit = parse_count(used_of.substr(slash + 1));
        if (told.used && told.limit) told.remaining = std::max(0.0, *told.limit - *told.used);
    }
    if (const auto reset = parse_count(text_of(feedback.reset, headers)))
        told.reset = reset_in(*reset, feedback.reset_form, now);
    return told;
}

}  // namespace nudged::sources
