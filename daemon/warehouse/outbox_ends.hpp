// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

// Rows that say what has become of findings, to channels that keep account of what they were told:
// each `continues` the message that told them there. Who never got that one hears nothing.

/// What the outbox calls them.
inline constexpr std::string_view resolved_reason = "resolved";
inline constexpr std::string_view reopened_reason = "reopened";
/// Notices have one of these reasons, too, and continue nothing.
bool is_end(const NewMessage& message);

/// A message that told a finding, and has arrived or still may.
struct ToldBy {
    std::string key;
    std::string channel;
    std::string recipient;
    std::string message;    // as it was decided: model::to_json
    bool names_it = false;  // it has arrived, and what was sent holds the finding's id
};
/// The oldest first; what went by a fallback is told by that.
std::vector<ToldBy> read_told_by(const Database& database, FindingId id,
                                 std::string_view fingerprint);

/// Of the row of the channel that is the next of its kind: what its receiver was not told, since
/// the message before did not arrive, or only in part, is taken out; one of which nothing is left
/// is superseded. To be called before a claim. The writer's thread, inside its transaction.
void trim_next_end(Database& database, std::string_view channel);

}  // namespace nudged::warehouse
