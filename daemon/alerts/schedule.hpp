// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/options.hpp"
#include "daemon/warehouse/people.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::alerts {

/// What is told by the calendar.
enum class Occasion { digest, brief, card, scrum };
std::string_view to_string(Occasion occasion);

/// A message of one team and one day of its calendar.
struct DigestDue {
    std::string key;  // idempotency key: one a team and local day or week, whatever it says
    std::chrono::local_days day{};
    Instant due_at{};
    /// The week's first digest: it tells the whole team's week, news or not.
    bool is_weekly = false;
    Occasion occasion = Occasion::digest;
    warehouse::PersonId rep = warehouse::PersonId::nobody;  // whom a card is about
    /// When the quiet hours of its day begin, from which on it is not sent any more; empty: never.
    std::optional<Instant> quiet_from{};
};

/// The digest of `day`, whether or not there is one that day.
DigestDue digest_of(const warehouse::Team& team, const DigestOptions& options,
                    std::chrono::local_days day);

/// Today's digest, once its local hour has come and until the quiet hours begin, so that a daemon
/// that was down sends late rather than never, and never at night; nullopt on days without one, and
/// when `last_key` says that it has been decided. Pure; local hours are those of the team's zone,
/// on both sides of a clock change.
std::optional<DigestDue> decide_due(const warehouse::Team& team, const DigestOptions& options,
                                    Instant now, std::string_view last_key = {});

// What is decided beside the digest; each is told once for its period, whatever the clock does: the
// outbox keeps its key. All of them wait for their local hour, on days that the team works.

/// The brief of the week that `day` is in, whether or not it is time.
DigestDue brief_of(const warehouse::Team& team, const AlertOptions& options,
                   std::chrono::local_days day);
DigestDue card_of(const warehouse::Team& team, const AlertOptions& options,
                  const warehouse::Rep& rep, std::chrono::local_days day);
DigestDue scrum_of(const warehouse::Team& team, const AlertOptions& options,
                   std::chrono::local_days day);

/// What is due now beside the digest, in the order in which it is told: the brief from its day on
/// to the end of the week, late rather than never; cards and the sheet on their days, since they
/// prepare for a talk of that day. A card needs the rep to be at work. None in the quiet hours, but
/// for a brief on the last day worked of its week.
std::vector<DigestDue> decide_appointments(const warehouse::People& people,
                                           const warehouse::Team& team, const AlertOptions& options,
                                           Instant now);

/// When the next of them may come after `now`, by the clocks of the team.
Instant next_appointment(const warehouse::Team& team, const AlertOptions& options, Instant now);

/// When the next digest comes after `now`; nullopt for a team that never works.
std::optional<Instant> next_due(const warehouse::Team& team, const DigestOptions& options,
                                Instant now);

}  // namespace nudged::alerts
