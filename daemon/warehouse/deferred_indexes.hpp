// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/entity.hpp"
#include "daemon/warehouse/database.hpp"

#include <optional>
#include <string>

namespace nudged::warehouse {

/// A first load writes its rows before the secondary indexes: built in one go over what is there,
/// an index costs a fifth of what it costs row by row. Until then it is missing from the schema,
/// and stands in the table `deferred_index`, so that whoever comes next, after a crash too, builds
/// it. Queries answer the same without, only slower.

/// Drops the secondary indexes of an entity's table as long as it is empty, unless storing records
/// of it looks things up in them. False when there was nothing to drop. Inside a write transaction.
bool defer_indexes(Database& database, model::Entity entity);

/// Whether an index is still to be built.
bool has_deferred_indexes(const Database& database);

/// Builds one that is missing, and names it; nullopt when none is. Inside a write transaction.
std::optional<std::string> build_deferred_index(Database& database);

/// Builds all of them, for work that would be slow without. Inside a write transaction.
void build_deferred_indexes(Database& database);

}  // namespace nudged::warehouse
