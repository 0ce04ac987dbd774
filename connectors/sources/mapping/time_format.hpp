// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::sources {

/// What a text says about a point in time: the clock and calendar as written, and, where the text
/// carries one, the offset from UTC.
struct ParsedTime {
    LocalTime local{};
    std::optional<std::chrono::minutes> offset;

    /// The instant meant: by its own offset, else by the clocks of `zone`. nullopt outside the
    /// years 1 to 9999.
    std::optional<Instant> instant(const Zone& zone) const;
};

/// Reads `text` by a strptime-like `format`, all of it; nullopt when it does not fit or is no real
/// date. Knows %Y %y %m %d %e %j %b %B %h %a %A %H %k %I %l %M %S %p %z %F %T %R %D %n %t %%.
/// Numbers may lack their leading zero, %S may carry a fraction, names are English in any case, %y
/// is 1969 to 2068, white space in the format matches any amount of it. Without a time it is
/// midnight.
std::optional<ParsedTime> parse_time(std::string_view text, std::string_view format);

/// What is wrong with a format, as the end of a sentence ("has the unknown directive %Q"); empty
/// when it is sound: known directives only, a whole date, and %p exactly where %I is.
std::string format_problem(std::string_view format);

/// Whether a format says at which hour.
bool names_time_of_day(std::string_view format);

/// ISO 8601: a date, or a date and time after `T` or a space, with `Z`, an offset or no zone.
std::optional<ParsedTime> parse_iso(std::string_view text);

}  // namespace nudged::sources
