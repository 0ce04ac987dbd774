// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/texts.hpp"
#include "daemon/warehouse/finding_tellings.hpp"
#include "daemon/warehouse/findings.hpp"

#include <set>
#include <string>
#include <vector>

namespace nudged::alerts {

/// Somebody says that a finding is wrong.
struct Dispute {
    const warehouse::StoredFinding& stored;
    std::string by;
    std::string reason;
    const Texts& texts;  // in the language of the team
};

/// Who has to look, and whether others can read what they are told there: then nobody is named.
struct Judge {
    warehouse::Addressee to;
    bool is_shared = false;
};

/// Asks every judge to look; true when there is a new message. Writer's thread, inside its
/// transaction.
bool enqueue_dispute(warehouse::Database& database, const Dispute& dispute,
                     const std::vector<Judge>& judges, Instant now);

/// Somebody has found that a finding was wrong.
struct Correction {
    const warehouse::StoredFinding& stored;
    std::string why;     // may be empty
    const Texts& texts;  // in the language of the team
    /// Channels that others read along: there nobody is named, and no record.
    const std::set<std::string>& shared_channels;
};

/// Tells everybody who was told of the episode that it was wrong, where they were told it. Returns
/// how many messages that is. Writer's thread, inside its transaction.
int enqueue_correction(warehouse::Database& database, const Correction& correction, Instant now);

}  // namespace nudged::alerts
