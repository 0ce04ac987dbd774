// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/retention.hpp"

#include <fmt/format.h>

#include <array>

namespace nudged::warehouse {
namespace {

using model::Entity;
using std::chrono::days;

constexpr std::int64_t rows_walked = 5000;  // in one step, a few milliseconds
constexpr std::int64_t rows_removed = 1000;

/// Rows of an entity that may be past their time: what SQLite can tell cheaply, so that only those
/// are read whole. ?3 is the moment, ?4 its day.
std::string candidates(Entity entity) {
    const auto name = to_string(entity);
    if (name == "call") return "coalesce(started_at, created_at, modified_at) < ?3";
    if (name == "meeting") return "coalesce(ends_at, starts_at, created_at, modified_at) < ?3";
    if (name == "email") return "coalesce(sent_at, created_at, modified_at) < ?3";
    if (name == "task") return "(is_done = 1 OR is_cancelled = 1)";
    if (name == "opportunity") return "(closed_at < ?3 OR close_date < ?4)";
    return "changed_at < ?3";
}

/// What the CRM no longer has goes, but for what others are known by: who left, and what was sold
/// to whom, still stand behind records of before.
bool goes_once_deleted(Entity entity) {
    return is_activity(entity) || entity == Entity::opportunity || entity == Entity::contact ||
           entity == Entity::opportunity_change;
}

/// A table that is no entity's: which rows are past their time, ?1 being the moment.
struct Simple {
    const char* table;
    days RetentionOptions::*kept;
    const char* past;
};
constexpr std::array simple{
    Simple{"finding", &RetentionOptions::findings, "state = 'resolved' AND resolved_at < ?1"},
    Simple{"outbox", &RetentionOptions::messages,
           "state NOT IN ('pending', 'claimed', 'held') AND "
           "coalesce(last_try_at, expires_at) < ?1 AND expires_at < ?1"},
    // The latest of each stream says how it stands.
    Simple{
        "run", &RetentionOptions::runs,
        "ended_at < ?1 AND id NOT IN (SELECT max(id) FROM run GROUP BY kind, source_id, stream)"},
};

}  // namespace

RetentionPass::RetentionPass(const RetentionOptions& options, Instant now, Mode mode)
    : options_(options), now_(now), mode_(mode) {}

bool RetentionPass::step(Database& database) {
    const auto entities = model::all_entities();
    if (stage_ < entities.size())
        step_records(database, entities[stage_]);
    else
        step_simple(database);
    return stage_ <= entities.size() + simple.size();
}

void RetentionPass::step_records(Database& database, Entity entity) {
    const auto name = to_string(entity);
    const auto kept = kept_for(options_, entity);
    const auto deleted = goes_once_deleted(entity) ? options_.deleted : days{0};
    const auto last = database.integer(fmt::format("SELECT coalesce(max(id), 0) FROM {}", name));
    if (walked_to_ >= last || (kept.count() == 0 && deleted.count() == 0)) {
        ++stage_;
        walked_to_ = 0;
        return;
    }
    const auto before = now_ - kept;
    const auto day =
        format_date(std::chrono::local_days{std::chrono::floor<days>(before).time_since_epoch()});
    auto rows = database.prepare(fmt::format(
        "SELECT {} FROM {} WHERE id > ?1 AND id <= ?2 AND (deleted_at < ?5 OR (deleted_at IS NULL "
        "AND ?6 AND {}))",
        stored_columns(entity), name, kept.count() > 0 ? candidates(entity) : "?3 AND ?4"));
    rows.bind(1, walked_to_).bind(2, walked_to_ + rows_walked).bind(3, before).bind(4, day);
    if (deleted.count() > 0) rows.bind(5, now_ - deleted);
    rows.bind(6, kept.count() > 0);
    walked_to_ += rows_walked;
    Removal removal(database);
    std::int64_t found = 0;
    while (rows.step()) {
        const auto stored = read_stored(rows, entity);
        const auto flags = [&] {
            static const std::size_t stage = *model::field_index(Entity::opportunity, "stage");
            return stage_flags_of(database, stored.source, stored.record.text_at(stage));
        };
        if (!stored.record.deleted && !is_past(options_, stored.record, now_, flags)) continue;
        ++found;
        if (mode_ == Mode::only_count) continue;
        removal.remove(stored);
        if (found < rows_removed) continue;
        walked_to_ = stored.row;
        break;
    }
    rows.reset();
    removal.flush();
    if (mode_ == Mode::only_count && found > 0) past_[std::string{name}] += found;
    for (const auto& [table, count] : removal.removed()) past_[table] += count;
}

void RetentionPass::step_simple(Database& database) {
    const std::size_t index = stage_ - model::all_entities().size();
    if (index == simple.size()) {
        if (options_.team_sums.count() > 0) {
            const auto day = format_date(std::chrono::local_days{
                std::chrono::floor<days>(now_ - options_.team_sums).time_since_epoch()});
            const bool counts = mode_ == Mode::only_count;
            auto statement =
                database.prepare(counts ? "SELECT count(*) FROM team_sum WHERE monday < ?1"
                                        : "DELETE FROM team_sum WHERE monday < ?1");
            statement.bind(1, day);
            std::int64_t found = 0;
            if (counts && statement.step()) found = statement.integer(0);
            if (!counts) found = statement.run();
            if (found > 0) past_["team_sum"] += found;
        }
        ++stage_;
        return;
    }
    const auto& table = simple[index];
    const auto kept = options_.*table.kept;
    if (kept.count() == 0) {
        ++stage_;
        return;
    }
    std::int64_t found = 0;
    if (mode_ == Mode::only_count) {
        auto count = database.prepare(
            fmt::format("SELECT count(*) FROM {} WHERE {}", table.table, table.past));
        count.bind(1, now_ - kept).step();
        found = count.integer(0);
    } else {
        found =
            database
                .prepare(fmt::format("DELETE FROM {0} WHERE id IN (SELECT id FROM {0} WHERE {1} "
                                     "LIMIT {2})",
                                     table.table, table.past, rows_removed))
                .bind(1, now_ - kept)
                .run();
    }
    if (found > 0) past_[table.table] += found;
    if (mode_ == Mode::only_count || found < rows_removed) ++stage_;
}

}  // namespace nudged::warehouse
