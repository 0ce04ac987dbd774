// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// The copy of a warehouse that is made before it is migrated stands beside it, named after the
/// schema that it has: "nudged.db.schema-2".
std::string schema_copy_path(const std::string& path, std::int64_t version);

/// Copies the database, as of its latest commit, for its user and group alone, and flushes the copy
/// to the disk; its path. A copy of the same schema that is there is replaced: a migration began
/// and did not end. Throws Failure(needs_person) when there is no room for it.
std::string copy_before_migration(Database& database, std::int64_t version);

/// The copies that there are, and what SQLite may have put beside one that somebody opened.
std::vector<std::string> schema_copies(const std::string& path);

/// Removes every copy but the one of `version`.
void keep_one_copy(const std::string& path, std::int64_t version);

/// Removes the copies that were made so long ago.
void remove_old_copies(const std::string& path, std::chrono::hours age);

}  // namespace nudged::warehouse
