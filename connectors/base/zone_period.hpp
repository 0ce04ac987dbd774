// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/zone.hpp"

namespace nudged {

/// A stretch of time in which the clocks of a zone are not set: from its start until before its
/// end, they are `offset` ahead of UTC.
struct ZonePeriod {
    Instant from{}, until{};
    std::chrono::milliseconds offset{};

    bool contains(Instant instant) const { return from <= instant && instant < until; }
};

/// The period of `zone` that `instant` lies in. Looks the zone up by its name.
ZonePeriod period_of(const Zone& zone, Instant instant);

}  // namespace nudged
