// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/runs.hpp"

namespace nudged::warehouse {
namespace {

constexpr std::int64_t kept_runs = 100'000;

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
    database.prepare("DELETE FROM run WHERE id <= ?1")
        .bind(1, database.last_insert_id() - kept_runs)
        .run();
}

}  // namespace nudged::warehouse
