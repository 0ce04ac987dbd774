// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/record.hpp"
#include "daemon/warehouse/database.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nudged::warehouse {

/// The statements of an entity's table, made from fields_of(). The values stand in the order of
/// Record::values.
struct EntityTable {
    std::string name;
    std::string columns;  // "owner, account, …"
    std::size_t width;
    /// (source, id) → id, modified_at, fetched_at, content_hash, deleted_at
    std::string select;
    /// (source, id) → the same and the id, of that row and those that follow in order
    std::string select_from;
    /// row → values
    std::string select_values;
    /// source, id, modified_at, fetched_at, content_hash, deleted_at, values; nothing when there is
    /// such a record
    std::string insert;
    /// row, fetched_at
    std::string touch;
    /// row, modified_at (null: as it was), fetched_at, deleted_at
    std::string bury;
};

const EntityTable& table_of(model::Entity entity);

/// row, modified_at, fetched_at, content_hash, values: writes the values whose bits `columns` has,
/// and makes a tombstone live again.
std::string update_sql(model::Entity entity, std::uint64_t columns);

/// The values of a row whose first one stands in `column`; text lives until the statement's next
/// step.
void read_values(const Statement& row, int column, model::Record& record);
/// Those whose bits `columns` has, at the parameters that they would have among all.
void bind_values(Statement& statement, int parameter, const model::Record& record,
                 std::uint64_t columns = ~std::uint64_t{0});

/// What decides whether a row has to be written again: values, version and mapping revision. Never
/// 0, which marks a row that was never more than a tombstone. Stored: the same in every version of
/// nudged and on every machine, or all rows are written again.
std::int64_t content_hash(const model::Record& record);

}  // namespace nudged::warehouse
