// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"

#include <string>
#include <string_view>

namespace nudged::sources {

/// Writes what clocks and calendars of `zone` show, by a strftime-like format: the directives that
/// parse_time reads, besides %L for three digits of milliseconds. Names are English.
std::string write_time(Instant instant, std::string_view format, const Zone& zone);

/// What is wrong with a format, as the end of a sentence; empty when it is sound.
std::string writing_problem(std::string_view format);

}  // namespace nudged::sources
