// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/base/zone.hpp"
#include "daemon/warehouse/findings.hpp"

#include <optional>

namespace nudged::alerts {

/// Whether a finding is told, and why.
enum class News {
    none,      // told already, or answered
    first,     // nobody has been told
    worsened,  // its severity is higher than when it was told
    repeated,  // told long ago, nobody has answered, and it still holds
    woken,     // a snooze is over
};

/// Who is told, as far as it matters.
struct Listener {
    const Zone& zone;
    const WorkCalendar& calendar;
    int repeat_after = 10;  // working days; 0: nothing is told again
};

/// When somebody was told last, and what it was then.
struct LastTold {
    std::optional<Instant> at;
    std::optional<warehouse::Severity> severity;
};

/// Pure. A snooze or a dismissal stays while what it was given to has not changed; an
/// acknowledgement until it becomes worse (sales practice §12.1); what is disputed stays so until
/// somebody has looked. Praise is told once.
News decide_news(const warehouse::StoredFinding& stored, const LastTold& told,
                 const Listener& listener, Instant now);
/// For the manager.
News decide_news(const warehouse::StoredFinding& stored, const Listener& listener, Instant now);

/// Whether an answer keeps it silent, as long as it becomes no worse.
bool is_answered(const warehouse::StoredFinding& stored, Instant now);

}  // namespace nudged::alerts
