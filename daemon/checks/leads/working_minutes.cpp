// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/leads/working_minutes.hpp"

#include <algorithm>

namespace nudged::checks {

std::chrono::minutes working_minutes(const Zone& zone, const WorkCalendar& calendar,
                                     const WorkingHours& hours, Instant from, Instant until) {
    using namespace std::chrono;
    milliseconds sum{0};
    for (auto day = zone.local_day(from); day <= zone.local_day(until); day += days{1}) {
        const double share = calendar.working_share(day);
        if (share <= 0 || hours.closes <= hours.opens) continue;
        const auto length = duration_cast<milliseconds>((hours.closes - hours.opens) * share);
        const Instant opens = zone.instant(LocalTime{day} + hours.opens);
        const Instant closes = zone.instant(LocalTime{day} + hours.opens + length);
        const Instant begin = std::max(opens, from);
        const Instant end = std::min(closes, until);
        if (end > begin) sum += end - begin;
    }
    return duration_cast<minutes>(sum);
}

}  // namespace nudged::checks
