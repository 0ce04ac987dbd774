// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/shown_time.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>

namespace nudged::cli {
namespace {

/// The name within the database of ":Europe/Berlin" or "/usr/share/zoneinfo/Europe/Berlin".
std::string_view zone_name(std::string_view variable) {
    if (variable.starts_with(':')) variable.remove_prefix(1);
    constexpr std::string_view folder = "/usr/share/zoneinfo/";
    if (variable.starts_with(folder)) variable.remove_prefix(folder.size());
    return variable;
}

/// UTC where the machine does not say.
Zone machine_zone() {
    try {
        return Zone::find(date::current_zone()->name()).value_or(Zone::utc());
    } catch (const std::runtime_error&) {
        return Zone::utc();  // the library's only way to say that there is none
    }
}

std::string abbreviation(const Zone& zone, Instant instant) {
    return date::locate_zone(zone.name())
        ->get_info(date::sys_time<std::chrono::milliseconds>{instant.time_since_epoch()})
        .abbrev;
}

}  // namespace

Zone user_zone() {
    const char* variable = std::getenv("TZ");
    if (!variable) return machine_zone();
    // As libc does: what is empty or unknown is UTC.
    return Zone::find(zone_name(variable)).value_or(Zone::utc());
}

std::string shown_time(Instant instant) {
    const auto zone = user_zone();
    const auto local = zone.local_time(instant);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(local - day)};
    return fmt::format("{} {:02}:{:02}:{:02} {}", format_date(day), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), abbreviation(zone, instant));
}

std::string shown_minute(Instant instant) {
    const auto zone = user_zone();
    const auto local = zone.local_time(instant);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::minutes>(local - day)};
    return fmt::format("{} {:02}:{:02} {}", format_date(day), time.hours().count(),
                       time.minutes().count(), abbreviation(zone, instant));
}

}  // namespace nudged::cli
