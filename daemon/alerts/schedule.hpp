// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/options.hpp"
#include "daemon/warehouse/people.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::alerts {

/// The digest of one team and one day of its calendar.
struct DigestDue {
    std::string key;  // idempotency key: one digest a team and local day, whatever it says
    std::chrono::local_days day{};
    Instant due_at{};
    /// The week's first digest: it tells the whole team's week, news or not.
    bool is_weekly = false;
};

/// The digest of `day`, whether or not there is one that day.
DigestDue digest_of(const warehouse::Team& team, const DigestOptions& options,
                    std::chrono::local_days day);

/// Today's digest, once its local hour has come and until that day ends, so that a daemon that was
/// down sends late rather than never; nullopt on days without one, and when `last_key` says that
/// it has been decided. Pure; local hours are those of the team's zone, on both sides of a clock
/// change.
std::optional<DigestDue> decide_due(const warehouse::Team& team, const DigestOptions& options,
                                    Instant now, std::string_view last_key = {});

/// When the next digest comes after `now`; nullopt for a team that never works.
std::optional<Instant> next_due(const warehouse::Team& team, const DigestOptions& options,
                                Instant now);

}  // namespace nudged::alerts
