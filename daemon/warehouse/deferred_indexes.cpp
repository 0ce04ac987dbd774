// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/deferred_indexes.hpp"

#include <vector>

namespace nudged::warehouse {
namespace {

/// The others have few rows, or indexes that storing them reads: the stage of opportunities, what
/// is told of their changes.
bool is_deferrable(model::Entity entity) {
    using enum model::Entity;
    return entity == contact || entity == call || entity == task || entity == meeting;
}

bool is_empty(const Database& database, std::string_view table) {
    return database.integer(fmt::format("SELECT EXISTS (SELECT 1 FROM {})", table)) == 0;
}

}  // namespace

bool defer_indexes(Database& database, model::Entity entity) {
    const auto table = model::to_string(entity);
    if (!is_deferrable(entity) || !is_empty(database, table)) return false;
    std::vector<std::string> dropped;
    {
        // What a constraint brought has no statement of its own.
        auto rows = database.prepare(
            "INSERT INTO deferred_index (name, table_name, sql) SELECT name, tbl_name, sql "
            "FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL "
            "RETURNING name");
        rows.bind(1, table);
        while (rows.step()) dropped.emplace_back(rows.text(0));
    }
    for (const auto& name : dropped) database.execute(fmt::format("DROP INDEX {}", name));
    return !dropped.empty();
}

bool has_deferred_indexes(const Database& database) {
    return !is_empty(database, "deferred_index");
}

std::optional<std::string> build_deferred_index(Database& database) {
    std::string name, sql;
    {
        auto row = database.prepare("SELECT name, sql FROM deferred_index ORDER BY name LIMIT 1");
        if (!row.step()) return std::nullopt;
        name = row.text(0);
        sql = row.text(1);
    }
    database.execute(sql);
    database.prepare("DELETE FROM deferred_index WHERE name = ?1").bind(1, name).run();
    return name;
}

void build_deferred_indexes(Database& database) {
    while (build_deferred_index(database)) continue;
}

}  // namespace nudged::warehouse
