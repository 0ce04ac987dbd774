// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/finding_answers.hpp"
#include "daemon/warehouse/reader.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

enum class FindingState { open, notified, resolved };
std::string_view to_string(FindingState state);

/// One stretch of time in which a finding held: opened, perhaps told, perhaps resolved.
struct Episode {
    FindingId id{};
    int number = 1;  // of this fingerprint
    FindingState state = FindingState::open;
    Instant opened_at{};
    Instant seen_at{};  // when an evaluation last found it
    std::optional<Instant> notified_at;
    std::optional<Severity> notified_severity;  // what it was when last told
    std::optional<Instant> resolved_at;
};

struct StoredFinding {
    Finding finding;
    std::string fingerprint;
    Episode episode;
    std::optional<Answer> answer{};  // of the episode; as far as whoever read it asked for that
};

/// What to read; empty members do not narrow.
struct FindingFilter {
    std::optional<std::string> team;
    std::optional<PersonId> owner;
};

// Reading: any connection.

/// Findings that hold, the most severe first, then by amount and age.
std::vector<StoredFinding> read_live_findings(const Database& database,
                                              const FindingFilter& filter = {});
std::vector<StoredFinding> read_live_findings(const Reader& reader,
                                              const FindingFilter& filter = {});
std::optional<StoredFinding> read_finding(const Database& database, FindingId id);
/// The latest episode of every finding whose fingerprint begins so: a person types the beginning.
std::vector<StoredFinding> read_findings(const Reader& reader, std::string_view fingerprint_begin);
/// All episodes of one finding, the oldest first.
std::vector<Episode> read_episodes(const Reader& reader, std::string_view fingerprint);
/// What was told, has been resolved since then, and has not been told as that: the latest first.
std::vector<StoredFinding> read_unsettled(const Reader& reader, std::string_view team,
                                          Instant since);
/// Those that somebody says are wrong and that have been resolved: nobody has looked yet.
std::vector<StoredFinding> read_disputed_findings(const Database& database);
/// Whether the manager of the team has ever been told anything.
bool has_told(const Database& database, std::string_view team);
std::optional<Episode> read_latest_episode(const Database& database, std::string_view fingerprint);

// Changing: the writer's thread, inside its transaction.

// Each notes what has happened (finding_answers.hpp).

/// A dismissal of the episode before goes on with it.
FindingId open_finding(Database& database, const Finding& finding, int number, Instant now);
/// It holds still, or again: takes over what it says now. A resolved one goes on as it was.
void keep_finding(Database& database, FindingId id, const Finding& finding, Instant now);
/// `cause` where nobody has settled it and it is over all the same: it is not told as settled.
void resolve_finding(Database& database, FindingId id, Instant now, std::string_view cause = {});
/// They are in a message that is on its way, and why; `message` is its key.
void mark_notified(Database& database, std::span<const FindingId> ids, Instant now,
                   FindingChange why = FindingChange::told, std::string_view message = {});

}  // namespace nudged::warehouse
