// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"

#include <span>
#include <string_view>

namespace nudged::warehouse {

/// One step of the schema: schema/NNNN_name.sql, embedded when nudged is built. Forward only; a
/// step that was released never changes.
struct Migration {
    int version;
    std::string_view name;
    const char* sql;
};

/// Views of one subject, schema/views/NAME.sql: no step, but what is made anew whenever any of the
/// scripts or the schema has changed.
struct ViewScript {
    std::string_view name;
    const char* sql;
};
std::span<const ViewScript> view_scripts();

/// Every step, the first one first; the versions count 1, 2, 3, …
std::span<const Migration> migrations();

/// What this program reads and writes; stands in the file as SQLite's user_version.
int schema_version();

/// "NUDG", SQLite's application_id of every warehouse.
inline constexpr std::int64_t application_id = 0x4e554447;

/// How a new file is laid out; of one that has content it changes nothing. Pages are half of what
/// SQLite takes by itself: a poll changes records that lie all over the tables, each of which costs
/// its page twice, in the log and in the file (docs/performance.md).
inline constexpr const char* layout_of_new_file = "PRAGMA page_size = 2048";

/// Brings the file to the last of `steps`, all in one transaction; before that, a copy of a file
/// that has content is made beside it (schema_copy.hpp), and is kept until the next migration or
/// for a month. Outside of any transaction; foreign keys are enforced afterwards. Throws
/// Failure(needs_person) for a file of a newer program or of another one, or when there is no room
/// for the copy.
void migrate(Database& database, std::span<const Migration> steps = migrations());

/// For readers, who change nothing: throws Failure(needs_person) unless the file is of exactly this
/// program's schema.
void require_schema(const Database& database);

}  // namespace nudged::warehouse
