// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/zone.hpp"

#include "connectors/base/failure.hpp"

#include <date/tz.h>

#include <stdexcept>

namespace nudged {
namespace {

using std::chrono::milliseconds;

/// The library's own types say the same with another clock.
date::sys_time<milliseconds> theirs(Instant instant) {
    return date::sys_time<milliseconds>{instant.time_since_epoch()};
}

}  // namespace

std::optional<Zone> Zone::find(std::string_view name) {
    try {
        return Zone{date::locate_zone(name)};
    } catch (const std::runtime_error&) {
        return std::nullopt;  // the library has no other way to say that it is unknown
    }
}

Zone Zone::utc() {
    static const auto zone = find("UTC");
    if (!zone)
        throw Failure(FailureKind::needs_person,
                      "the system has no time zone database: install the package tzdata");
    return *zone;
}

std::string Zone::name() const {
    return zone_->name();
}

LocalTime Zone::local_time(Instant instant) const {
    return LocalTime{zone_->to_local(theirs(instant)).time_since_epoch()};
}

std::chrono::local_days Zone::local_day(Instant instant) const {
    return std::chrono::floor<std::chrono::days>(local_time(instant));
}

Instant Zone::instant(LocalTime local) const {
    const date::local_time<milliseconds> time{local.time_since_epoch()};
    return Instant{zone_->to_sys(time, date::choose::earliest).time_since_epoch()};
}

}  // namespace nudged
