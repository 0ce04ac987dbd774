// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// A change of one field, as a row of opportunity_change or task_change holds it.
struct Change {
    std::int64_t at = 0;  // epoch ms
    std::optional<std::string> before, after;
};

/// Which of the changes that were seen are already told by the CRM's own history of the same field;
/// both in the order of time. What is older than the CRM remembers counts, and so does what lies in
/// a gap of its history or after its end, unless it leads to the value that the CRM told last. A
/// change is never seen before it is told to have happened.
std::vector<bool> find_told(const std::vector<Change>& told, const std::vector<Change>& seen);

/// A newer version took the place of `before`, or another of the same version: what differs in the
/// followed fields of an opportunity or a task is a change, at the time of the later version, or of
/// its fetch where it has none. Other entities have no history.
void note_version(Database& database, SourceId source, const model::Record& before,
                  const model::Record& after, Instant fetched_at);

/// A version of an opportunity older than the one that is stored arrived after it. It takes its
/// place in the history, which is the same in whatever order the versions came, unless one is more
/// than 30 days late.
void note_late_version(Database& database, SourceId source, const model::Record& stored,
                       const model::Record& late);

/// The CRM told a change itself, or took one back: what was seen of that opportunity's field counts
/// where its history does not reach, and nothing counts twice.
void merge_told_history(Database& database, SourceId source, std::string_view opportunity,
                        std::string_view field);

}  // namespace nudged::warehouse
