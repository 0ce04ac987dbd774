// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/finding_answers.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// That somebody was told of an episode of a finding, where, and what it was then.
struct FindingTelling {
    std::string line;  // as whom: "rep", "manager", …
    std::string channel;
    std::string recipient;  // may be empty
    Instant first_at{};
    Instant last_at{};
    Severity severity{};  // when told last
    std::string message;  // the key of the last one
};
using Tellings = std::map<FindingId, std::vector<FindingTelling>>;

/// To whom a message goes.
struct Addressee {
    std::string line;
    std::string channel;
    std::string recipient;
};

// Reading: any connection.

std::vector<FindingTelling> read_finding_tellings(const Database& database, FindingId id);
/// Of all findings that are not resolved.
Tellings read_live_tellings(const Database& database);

// Changing: the writer's thread, inside its transaction.

/// They are in a message to somebody that is on its way; the manager's is noted at the finding, too
/// (mark_notified).
void note_telling(Database& database, std::span<const FindingId> ids, const Addressee& addressee,
                  Instant now, std::string_view message);
/// A message that was never delivered has told nothing: what it said is news again. Returns how
/// many findings that is.
int take_back_tellings(Database& database, std::string_view message);

}  // namespace nudged::warehouse
