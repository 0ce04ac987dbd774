// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/task_commitments.hpp"

#include "connectors/base/on.hpp"
#include "connectors/sources/notes.hpp"
#include "daemon/runtime/marked_text.hpp"
#include "daemon/warehouse/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::runtime {
namespace {

bool maps_commitments(const std::map<std::string, sources::MapEntry>& extra) {
    return extra.contains(std::string{sources::agreed_text});
}

SheetRows read_tasks(const warehouse::Reader& reader, const std::string& source) {
    // In the order in which they were agreed: of two for one week the first one holds.
    auto tasks = reader.database().prepare(
        "SELECT id, coalesce(owner_email, owner, ''), substr(coalesce(created_at, ''), 1, 10), "
        "subject, coalesce(json_extract(extra, '$.commitment'), '') FROM v_task "
        "WHERE source = ?1 AND substr(ltrim(subject), 1, 1) = '[' ORDER BY created_at, id");
    tasks.bind(1, source);
    SheetRows rows;
    while (tasks.step())
        add_commitment({.of = fmt::format("task {}/{}", source, tasks.text(0)),
                        .rep = std::string{tasks.text(1)},
                        .created = std::string{tasks.text(2)},
                        .subject = std::string{tasks.text(3)},
                        .body = std::string{tasks.text(4)}},
                       rows);
    return rows;
}

}  // namespace

bool has_task_commitments(const sources::SourceOptions& source) {
    if (const auto* http = std::get_if<sources::HttpSourceOptions>(&source.connector_options)) {
        const auto task = http->fields.find("task");
        return task != http->fields.end() && maps_commitments(task->second.extra);
    }
    if (const auto* csv = std::get_if<sources::CsvSourceOptions>(&source.connector_options))
        return std::ranges::any_of(csv->tables, [](const sources::CsvTable& table) {
            return table.entity == "task" && maps_commitments(table.extra);
        });
    return false;
}

asio::awaitable<SheetRows> read_task_commitments(const CareContext& context, std::string source) {
    auto read = [&] {
        const warehouse::Reader reader(context.config.warehouse_path().string());
        return read_tasks(reader, source);
    };
    co_return co_await on(context.workers, read);
}

}  // namespace nudged::runtime
