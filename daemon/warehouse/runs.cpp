// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/runs.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace nudged::warehouse {
namespace {

constexpr std::int64_t kept_runs = 100'000;

/// But for the first one of each stream, and the first that went well: since when a source has been
/// watched is asked for as long as it is there.
void forget_runs(Database& database, std::int64_t last) {
    constexpr std::string_view first_sql = R"sql(
(SELECT f.id FROM run f WHERE f.kind = run.kind AND f.source_id IS run.source_id
    AND f.stream IS run.stream{} ORDER BY f.ended_at LIMIT 1))sql";
    static const std::string sql = fmt::format(
        "DELETE FROM run WHERE id <= ?1 AND (kind <> 'sync' OR (id IS NOT {} AND id IS NOT {}))",
        fmt::format(first_sql, ""), fmt::format(first_sql, " AND f.failure_kind IS NULL"));
    database.prepare(sql).bind(1, last).run();
}

}  // namespace

void insert_run(Database& database, const Run& run) {
    // A source that failed before its first page has no row yet, and its runs say why.
    const auto source =
        run.source.empty() ? std::nullopt : std::optional{ensure_source(database, run.source, "")};
    const auto stream = run.stream.empty() ? std::nullopt : std::optional{run.stream};
    const auto kind = run.failure_kind ? std::optional{to_string(*run.failure_kind)} : std::nullopt;
    auto insert = database.prepare(
        "INSERT INTO run (kind, source_id, stream, started_at, ended_at, pages, records, changed, "
        "malformed, failure_kind, failure) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    insert.bind(1, run.kind).bind(2, source);
    insert.bind(3, stream).bind(4, run.started_at).bind(5, run.ended_at);
    insert.bind(6, static_cast<std::int64_t>(run.stored.pages));
    insert.bind(7, static_cast<std::int64_t>(run.stored.records));
    insert.bind(8, static_cast<std::int64_t>(run.stored.changed));
    insert.bind(9, static_cast<std::int64_t>(run.stored.malformed));
    insert.bind(10, kind).bind(11, kind ? std::optional{run.failure} : std::nullopt).run();
    forget_runs(database, database.last_insert_id() - kept_runs);
}

}  // namespace nudged::warehouse
