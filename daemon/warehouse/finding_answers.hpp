// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::warehouse {

/// Row of the table `finding`.
enum class FindingId : std::int64_t {};

enum class AnswerKind : std::uint8_t {
    acknowledged,  // somebody is at it: told again only when it becomes worse
    snoozed,       // silent until a moment, or until its facts change
    dismissed,     // silent until its facts change
    disputed,      // somebody says that it is wrong: silent until the manager has looked
};
std::string_view to_string(AnswerKind kind);

/// What somebody answered to a finding.
struct Answer {
    AnswerKind kind = AnswerKind::acknowledged;
    std::optional<Instant> until{};  // of a snooze; empty: until the facts change
    std::string reason{};            // of a dismissal: one of dismissal_reasons()
    std::string facts{};             // facts_of() the finding then
    Instant at{};
    std::string by{};  // an address or a log-in name
    std::string note{};
};
std::span<const std::string_view> dismissal_reasons();

/// What an answer was given to: severity, owner, what is at stake, and since when. Words and counts
/// of days, which change by themselves, are no facts; nor is the beginning of what is about people,
/// which is that of the weeks looked at. `as_of` is when it was found: whoever knows no beginning
/// says that.
std::string facts_of(const Finding& finding, Instant as_of);

/// What can happen to a finding.
enum class FindingChange : std::uint8_t {
    opened,
    reopened,  // came back soon enough to go on with its episode
    told,
    repeated,  // told once more, since nothing had happened
    worsened,  // told once more, with a higher severity
    woken,     // told once more, after a snooze
    acknowledged,
    snoozed,
    dismissed,
    taken_back,  // an answer
    resolved,
    settled,    // told as resolved
    heads_up,   // told to the rep, before the manager
    escalated,  // told to the manager's manager
    passed_on,  // told to somebody else, by a route
    shadowed,   // told to the admin alone
    disputed,
    corrected,  // those who had been told know that it was wrong
    untold,     // its message could not be delivered
};
std::string_view to_string(FindingChange change);

struct FindingEvent {
    Instant at{};
    std::string what;
    std::string by;  // empty: nudged itself
    std::string note;
};

// Reading: any connection.

std::optional<Answer> read_answer(const Database& database, FindingId id);
/// Of all findings that are not resolved.
std::map<FindingId, Answer> read_answers(const Database& database);
/// Of all episodes of one finding, the oldest first.
std::vector<FindingEvent> read_finding_events(const Reader& reader, std::string_view fingerprint);

/// The weeks of commitments that are disputed, or were and turned out to be wrong: whose, and the
/// aspect of the finding, "dials/2026-W48".
std::set<std::pair<PersonId, std::string>> read_disputed_weeks(const Database& database);

// Changing: the writer's thread, inside its transaction.

/// In place of an earlier one.
void save_answer(Database& database, FindingId id, const Answer& answer);
/// False when there was none.
bool drop_answer(Database& database, FindingId id);
void note_finding(Database& database, FindingId id, FindingChange change, Instant at,
                  std::string_view by = {}, std::string_view note = {});

}  // namespace nudged::warehouse
