// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/warehouse/deal_changes.hpp"
#include "daemon/warehouse/deal_facts.hpp"
#include "daemon/warehouse/edits.hpp"
#include "daemon/warehouse/opportunities.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nudged::checks {

// What the histories of the open deals say. Each field's is read once a scene, for all deals, by
// the first rule that asks.

using DealChanges = std::vector<warehouse::DealChange>;

/// Every change of one field of a deal, the oldest first.
const DealChanges& changes_of(const Scene& scene, const warehouse::RecordKey& deal,
                              warehouse::DealField field);

/// Those of all open deals, as changes_of() groups them.
const std::map<warehouse::RecordKey, DealChanges>& all_changes(const Scene& scene,
                                                               warehouse::DealField field);

/// What the configuration calls integrations and mass edits (sales practice §4).
const warehouse::EditFilter& edits_of(const Scene& scene);
/// A person changed this deal rather than a program many.
bool is_meaningful(const Scene& scene, const warehouse::DealChange& change);

/// A close date that somebody moved to a later day. A date that a deal got when it was opened again
/// is a new one and was not moved.
struct ClosePush {
    std::chrono::local_days from;
    std::chrono::local_days to;
    Instant at;
    std::string by;  // the user's name where known
};
std::vector<ClosePush> pushes_of(const Scene& scene, const warehouse::RecordKey& deal);

/// The last meaningful change of stage, close date or amount.
struct LastChange {
    Instant at;
    std::string field;
};
std::optional<LastChange> last_change_of(const Scene& scene, const warehouse::RecordKey& deal);

/// Why the history of the source's deals does not reach back to `since`: the CRM tells none, and
/// nobody has watched them for so long. `watched` is read_watched_since().
std::optional<std::string> without_history(const Scene& scene, const std::string& source,
                                           Instant since,
                                           const std::map<std::string, Instant>& watched);
/// Holds the rule, once for each such source that has open deals; what is known of them it may
/// still judge.
void hold_without_history(const Scene& scene, std::string_view check, std::chrono::days reach,
                          std::vector<Held>& held);

/// What closed within the months that a win rate looks back over, and in this quarter at least.
struct ClosedBook {
    std::vector<warehouse::ClosedDeal> deals;
    /// Indexes into `deals`; a team's are those of its reps of today.
    std::map<warehouse::PersonId, std::vector<std::size_t>> of_owner;
    std::map<std::size_t, std::vector<std::size_t>> of_team;
};
const ClosedBook& closed_book(const Scene& scene);

/// Null for a stage that the CRM does not tell.
const warehouse::StageInfo* stage_of(const Scene& scene, const std::string& source,
                                     const std::string& id);
/// The stages of one pipeline, with their ids.
std::vector<std::pair<std::string, const warehouse::StageInfo*>> stages_of(
    const Scene& scene, const std::string& source, const std::string& pipeline);
/// The stage's name, else its id.
std::string stage_name(const Scene& scene, const std::string& source, const std::string& id);
/// Null for a user whom the CRM does not tell.
const warehouse::UserInfo* user_of(const Scene& scene, const std::string& source,
                                   const std::string& id);
/// The user's name, else the id; "nobody" for none.
std::string user_name(const Scene& scene, const std::string& source, const std::string& id);

/// That many working days lie within these, holidays aside.
constexpr std::chrono::days calendar_days(int working_days) {
    return std::chrono::days{working_days * 7 / 5};
}

/// The same moment so many months earlier, or the last one of that month.
Instant months_before(Instant moment, int months);
/// How far apart two moments of the past are, by the plain week in UTC: who worked when is not
/// known of them.
double days_between(Instant from, Instant until, Days counted);

}  // namespace nudged::checks
