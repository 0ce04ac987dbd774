// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nudged {

/// A point in time: UTC, to the millisecond. Stored as epoch milliseconds.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where "now" comes from; tests hand in their own.
using Clock = std::function<Instant()>;

Instant system_now();

constexpr std::int64_t to_millis(Instant instant) {
    return instant.time_since_epoch().count();
}
constexpr Instant from_millis(std::int64_t millis) {
    return Instant{std::chrono::milliseconds{millis}};
}

/// RFC 3339 with `Z` or an offset (`+0000` and `+00:00` alike), seconds and fraction optional, `T`
/// or a space between date and time. Absent zone: nullopt. Range: years 1 to 9999.
std::optional<Instant> parse_instant(std::string_view text);

/// "2026-11-20T08:15:00Z"; milliseconds only where there are any.
std::string format_instant(Instant instant);

/// "2026-11-20", strictly; nullopt for anything else, impossible dates included.
std::optional<std::chrono::local_days> parse_date(std::string_view text);
std::string format_date(std::chrono::local_days day);

}  // namespace nudged
