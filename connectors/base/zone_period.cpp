// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/zone_period.hpp"

#include <date/tz.h>

namespace nudged {

ZonePeriod period_of(const Zone& zone, Instant instant) {
    const auto* found = date::locate_zone(zone.name());
    const auto info =
        found->get_info(date::sys_time<std::chrono::milliseconds>{instant.time_since_epoch()});
    return {Instant{info.begin.time_since_epoch()}, Instant{info.end.time_since_epoch()},
            info.offset};
}

}  // namespace nudged
