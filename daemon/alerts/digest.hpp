// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"
#include "daemon/alerts/best_practice.hpp"
#include "daemon/alerts/life.hpp"
#include "daemon/alerts/options.hpp"
#include "daemon/alerts/routing.hpp"
#include "daemon/alerts/schedule.hpp"
#include "daemon/checks/scorecard.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/freshness.hpp"
#include "daemon/warehouse/people.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::alerts {

/// All that a digest is made of. What it refers to outlives it.
struct DigestScene {
    const warehouse::People& people;
    const warehouse::Team& team;
    const checks::Scorecard& scorecard;
    const std::vector<checks::Held>& held;
    DigestDue due;
    Instant as_of{};
    /// What holds now, of every team, the most important first: join_episodes().
    std::vector<warehouse::StoredFinding> findings;
    /// What was told and has gone since: read_unsettled().
    std::vector<warehouse::StoredFinding> settled;
    /// How far every source has got: read_streams().
    std::map<std::string, std::vector<warehouse::StreamState>> streams;
    /// Others than the manager can read it: no person is named and no record is.
    bool shared = false;
    /// What reps of this team have told of what works for them; the latest first.
    std::vector<BestPractice> practices{};
};

/// A finding that a digest tells, one by one or in a count, and why it does.
struct Told {
    warehouse::FindingId id{};
    warehouse::FindingChange why = warehouse::FindingChange::told;
};

struct Digest {
    model::Message message;
    std::vector<Told> told;
    bool has_news = false;
};

/// For how long it is still worth telling that something has been settled.
inline constexpr std::chrono::days settled_for{7};

/// The message for one team's manager: praise first, a line a rep, then what is worth a
/// conversation, and what has been settled; at the end what was held back and why. Pure.
Digest compose_digest(const DigestScene& scene, const AlertOptions& options);

enum class Enqueued { queued, nothing_new, already_decided };

/// Puts the digest into the outbox and marks what it tells, or notes that there was nothing to
/// tell: a daily digest without news is not sent. The same key a second time changes nothing.
/// `team` is the one as addressed: its channel and manager are whoever gets it on this day; `line`
/// is as whom: what the admin is told of a team in shadow has been told to nobody else. Writer's
/// thread, inside its transaction: decision and message are one.
Enqueued enqueue_digest(warehouse::Database& database, const Digest& digest, const DigestDue& due,
                        const warehouse::Team& team, Instant now, const AlertOptions& options,
                        std::string_view line = manager_line);

/// Whether the digest of that day tells the week, as its first one does, since that one and all
/// after it were not sent before the quiet hours. Any connection.
bool inherits_week(const warehouse::Database& database, const warehouse::Team& team,
                   const DigestOptions& options, std::chrono::local_days day);

}  // namespace nudged::alerts
