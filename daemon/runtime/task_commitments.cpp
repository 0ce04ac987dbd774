// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/task_commitments.hpp"

#include "connectors/base/on.hpp"
#include "connectors/sources/notes.hpp"
#include "daemon/runtime/marked_text.hpp"
#include "daemon/warehouse/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace nudged::runtime {
namespace {

using Extra = std::map<std::string, sources::MapEntry>;

/// Calls `look` with the fields that an admin has added to tasks.
template <typename Look>
bool any_of_tasks(const sources::SourceOptions& source, const Look& look) {
    if (const auto* http = std::get_if<sources::HttpSourceOptions>(&source.connector_options)) {
        const auto task = http->fields.find("task");
        return task != http->fields.end() && look(task->second.extra);
    }
    if (const auto* csv = std::get_if<sources::CsvSourceOptions>(&source.connector_options))
        return std::ranges::any_of(csv->tables, [&](const sources::CsvTable& table) {
            return table.entity == "task" && look(table.extra);
        });
    return false;
}

bool maps(const sources::SourceOptions& source, std::string_view field) {
    return any_of_tasks(source,
                        [&](const Extra& extra) { return extra.contains(std::string{field}); });
}

/// The fields of the text that are mapped; of a source that is not configured, commitments alone.
std::vector<std::string_view> fields_of(const config::Config& config, const std::string& name) {
    const auto source = std::ranges::find(config.sources, name, &sources::SourceOptions::name);
    if (source == config.sources.end()) return {sources::agreed_text};
    std::vector<std::string_view> fields;
    for (const auto field : {sources::agreed_text, sources::coaching_text})
        if (maps(*source, field)) fields.push_back(field);
    return fields;
}

constexpr const char* no_talk =
    "a 1:1 is not read from a task, whose text is stored for whoever may query: write a note that "
    "begins with \"[1:1] Ana\"";

/// A task with a mark that is switched on.
void add_task(MarkedText task, const std::string& coaching,
              const std::vector<std::string_view>& fields, SheetRows& rows) {
    const auto kind = checks::record_kind_of(task.subject);
    if (!kind) return;
    const auto is_on = [&](std::string_view field) {
        return std::ranges::count(fields, field) > 0;
    };
    if (*kind == checks::RecordKind::one_to_one) {
        if (is_on(sources::coaching_text))
            rows.problems.push_back(fmt::format("{}: {}", task.of, no_talk));
        return;
    }
    if (!is_on(field_of(*kind))) return;
    if (*kind != checks::RecordKind::commitment) task.body = coaching;
    add_marked(task, rows);
}

SheetRows read_tasks(const warehouse::Reader& reader, const std::string& source,
                     const std::vector<std::string_view>& fields) {
    // In the order in which they were agreed: of two for one week the first one holds.
    auto tasks = reader.database().prepare(
        "SELECT id, coalesce(owner_email, owner, ''), substr(coalesce(created_at, ''), 1, 10), "
        "subject, coalesce(json_extract(extra, '$.commitment'), ''), "
        "coalesce(json_extract(extra, '$.coaching'), '') FROM v_task "
        "WHERE source = ?1 AND substr(ltrim(subject), 1, 1) = '[' ORDER BY created_at, id");
    tasks.bind(1, source);
    SheetRows rows;
    while (tasks.step())
        add_task({.of = fmt::format("task {}/{}", source, tasks.text(0)),
                  .rep = std::string{tasks.text(1)},
                  .created = std::string{tasks.text(2)},
                  .subject = std::string{tasks.text(3)},
                  .body = std::string{tasks.text(4)}},
                 std::string{tasks.text(5)}, fields, rows);
    return rows;
}

}  // namespace

bool has_task_commitments(const sources::SourceOptions& source) {
    return maps(source, sources::agreed_text) || maps(source, sources::coaching_text);
}

asio::awaitable<SheetRows> read_task_commitments(const CareContext& context, std::string source) {
    auto read = [&] {
        const warehouse::Reader reader(context.config.warehouse_path().string());
        return read_tasks(reader, source, fields_of(context.config, source));
    };
    co_return co_await on(context.workers, read);
}

}  // namespace nudged::runtime
