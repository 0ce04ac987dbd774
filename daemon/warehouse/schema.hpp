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

/// Every step, the first one first; the versions count 1, 2, 3, …
std::span<const Migration> migrations();

/// What this program reads and writes; stands in the file as SQLite's user_version.
int schema_version();

/// "NUDG", SQLite's application_id of every warehouse.
inline constexpr std::int64_t application_id = 0x4e554447;

/// Brings the file to `schema_version()`, each step in a transaction of its own. Throws
/// Failure(needs_person) for a file of a newer program or of another one.
void migrate(Database& database);

/// For readers, who change nothing: throws Failure(needs_person) unless the file is of exactly this
/// program's schema.
void require_schema(const Database& database);

}  // namespace nudged::warehouse
