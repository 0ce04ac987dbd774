// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// Where a stream of the restored warehouse goes on.
struct RestoredStream {
    std::string source;
    std::string stream;
    std::optional<Instant> complete_at;  // empty: its first load is not done
};

struct Restored {
    /// The file that was replaced, with what was left of its log beside it under the same name (of
    /// a file that is gone, only that); empty: there was nothing.
    std::string kept_aside;
    std::int64_t held = 0;  // messages
    std::vector<RestoredStream> streams;
};

/// Puts the backup `from` in the place of the warehouse at `path`: copied, brought to this
/// program's schema, verified, messages held, `prepare`d, and only then exchanged, the old file
/// being kept beside. Takes the writer's lock: throws Failure(needs_person) while a daemon runs,
/// Failure(refused) for a file that is not there, Failure(corrupt) for one that does not pass.
/// A crash at any point leaves the old file or the new one, or a state that opening refuses with
/// the advice to restore again.
Restored restore_warehouse(const std::string& from, const std::string& path, Instant now,
                           const std::function<void(Database&)>& prepare = {});

/// What restores into `path` have replaced and kept beside it, the oldest first.
std::vector<std::string> replaced_files(const std::string& path);

/// Throws Failure(needs_person) when a restore into `path` was cut short between taking the old
/// file away and putting the new one there: an empty warehouse must not take its place.
void refuse_half_restored(const std::string& path);

}  // namespace nudged::warehouse
