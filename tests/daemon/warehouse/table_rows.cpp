// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/warehouse/table_rows.hpp"

#include <fmt/format.h>

namespace nudged::tests {
namespace {

using warehouse::Database;

std::vector<std::string> names(const Database& database, const std::string& sql) {
    std::vector<std::string> found;
    auto row = database.prepare(sql);
    while (row.step()) found.emplace_back(row.text(0));
    return found;
}

}  // namespace

Columns columns_by_table(const Database& database) {
    Columns columns;
    for (const auto& table :
         names(database, "SELECT name FROM sqlite_schema WHERE type = 'table'")) {
        std::string list;
        for (const auto& column :
             names(database, fmt::format("SELECT name FROM pragma_table_info('{}')", table)))
            list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", column);
        columns[table] = list;
    }
    return columns;
}

Rows read_rows(const Database& database, const Columns& columns) {
    Rows rows;
    for (const auto& [table, list] : columns) {
        auto& found = rows[table];  // also of a table without rows
        auto row =
            database.prepare(fmt::format("SELECT {} FROM {} ORDER BY {}", list, table, list));
        while (row.step()) {
            std::string values;
            for (int i = 0; i < row.column_count(); ++i)
                values += row.is_null(i) ? "∅|" : fmt::format("{}|", row.text(i));
            found.push_back(std::move(values));
        }
    }
    return rows;
}

}  // namespace nudged::tests
