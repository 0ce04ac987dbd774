// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/retention.hpp"

#include "connectors/base/calendar.hpp"
#include "daemon/warehouse/audit.hpp"
#include "daemon/warehouse/coaching_records.hpp"

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
    Simple{"finding", &RetentionOptions::findings,
           "state = 'resolved' AND resolved_at < CAST(?1 AS INTEGER)"},
    Simple{"outbox", &RetentionOptions::messages,
           "state NOT IN ('pending', 'claimed', 'held') AND "
           "max(coalesce(last_try_at, 0), expires_at) < CAST(?1 AS INTEGER)"},
    // The latest of each stream says how it stands.
    Simple{"run", &RetentionOptions::runs,
           "ended_at < CAST(?1 AS INTEGER) AND id NOT IN (SELECT max(id) FROM run GROUP BY kind, "
           "source_id, stream)"},
    Simple{"note", &RetentionOptions::coaching, "held_on < date(?1 / 1000, 'unixepoch')"},
    Simple{"audit", &RetentionOptions::coaching, "at < CAST(?1 AS INTEGER)"},
    Simple{"note_handover", &RetentionOptions::coaching, "at < CAST(?1 AS INTEGER)"},
    Simple{"plan", &RetentionOptions::coaching,
           "ended_at IS NOT NULL AND until_day < date(?1 / 1000, 'unixepoch')"},
    Simple{"escalation", &RetentionOptions::coaching, "closed_at < CAST(?1 AS INTEGER)"},
    Simple{"coverage_week", &RetentionOptions::opportunities, "seen_at < CAST(?1 AS INTEGER)"},
    Simple{"away", &RetentionOptions::coaching, "to_day < date(?1 / 1000, 'unixepoch')"},
};

/// What was agreed and what came of it: a commitment goes with all of its revisions, by its last
/// week. ?1 is the first week that is kept.
struct CommitmentTable {
    const char* name;
    const char* past;
};
constexpr std::array commitment_tables{
    CommitmentTable{"commitment_verdict",
                    "commitment IN (SELECT commitment FROM commitment GROUP BY commitment "
                    "HAVING max(week) < ?1)"},
    CommitmentTable{"commitment",
                    "commitment IN (SELECT commitment FROM commitment GROUP BY commitment "
                    "HAVING max(week) < ?1)"},
};

struct WeekTable {
    const char* name;
    const char* key;
};
constexpr std::array week_tables{WeekTable{"week_value", "person_id, measure, week"},
                                 WeekTable{"week_edit", "person_id, measure, week, seen_at"}};

std::chrono::local_days day_of(Instant instant) {
    return std::chrono::local_days{std::chrono::floor<days>(instant).time_since_epoch()};
}

}  // namespace

RetentionPass::RetentionPass(const RetentionOptions& options, Instant now, Mode mode)
    : options_(options), now_(now), mode_(mode) {}

bool RetentionPass::step(Database& database) {
    if (!measures_) measures_ = read_measures(database);
    const auto entities = model::all_entities().size();
    const auto commitments = entities + simple.size();
    const auto weeks = commitments + commitment_tables.size() + 1;
    if (stage_ < entities)
        step_records(database, model::all_entities()[stage_]);
    else if (stage_ < commitments)
        step_simple(database);
    else if (stage_ < commitments + commitment_tables.size())
        step_commitments(database);
    else if (stage_ < weeks)
        step_team_sums(database);
    else if (stage_ < weeks + week_tables.size() * measures_->all().size())
        step_weeks(database);
    else
        return mode_ == Mode::remove && past_.contains("note") && compact_search(database);
    return true;
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
    const auto day = format_date(day_of(before));
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

/// Rows of `table` with the unique `key` for which `past` holds, ?1 and ?2 being `first` and
/// `second`: all of them counted, or as many removed as one step may.
std::int64_t RetentionPass::count_or_remove(Database& database, const std::string& table,
                                            const std::string& key, const std::string& past,
                                            std::string_view first, std::string_view second) {
    const bool counts = mode_ == Mode::only_count;
    auto statement = database.prepare(
        counts ? fmt::format("SELECT count(*) FROM {} WHERE {}", table, past)
               : fmt::format("DELETE FROM {0} WHERE ({1}) IN (SELECT {1} FROM {0} WHERE {2} "
                             "LIMIT {3})",
                             table, key, past, rows_removed));
    statement.bind(1, first);
    if (!second.empty()) statement.bind(2, second);
    std::int64_t rows = 0;
    if (!counts)
        rows = statement.run();
    else if (statement.step())
        rows = statement.integer(0);
    if (rows > 0) past_[table] += rows;
    if (counts || rows < rows_removed) ++stage_;
    return rows;
}

void RetentionPass::step_simple(Database& database) {
    const auto& table = simple[stage_ - model::all_entities().size()];
    const auto kept = options_.*table.kept;
    if (kept.count() == 0) {
        ++stage_;
        return;
    }
    const auto before = fmt::format("{}", to_millis(now_ - kept));
    const auto gone = count_or_remove(database, table.table, "id", table.past, before, "");
    if (gone == 0 || mode_ != Mode::remove || table.table != std::string_view{"note"}) return;
    drop_unreferenced_words(database);
    AuditEntry expired{.at = now_, .user = {}, .use = NoteUse::expired};
    expired.notes = static_cast<int>(gone);
    store_audit(database, expired);
}

void RetentionPass::step_commitments(Database& database) {
    const auto& table = commitment_tables[stage_ - model::all_entities().size() - simple.size()];
    if (options_.commitments.count() == 0) {
        ++stage_;
        return;
    }
    count_or_remove(database, table.name, "commitment, revision", table.past,
                    IsoWeek::of(day_of(now_ - options_.commitments)).str(), "");
}

void RetentionPass::step_team_sums(Database& database) {
    if (options_.team_sums.count() == 0) {
        ++stage_;
        return;
    }
    count_or_remove(database, "team_sum", "team, measure, monday", "monday < ?1",
                    format_date(day_of(now_ - options_.team_sums)), "");
}

/// What is noted of a person's weeks is theirs as the records are that made it.
void RetentionPass::step_weeks(Database& database) {
    const auto index =
        stage_ - model::all_entities().size() - simple.size() - commitment_tables.size() - 1;
    const auto& table = week_tables[index % week_tables.size()];
    const auto& measure = measures_->all()[index / week_tables.size()];
    const auto kept = kept_for(options_, measure.entity);
    if (kept.count() == 0) {
        ++stage_;
        return;
    }
    count_or_remove(database, table.name, table.key, "measure = ?1 AND week < ?2", measure.name,
                    IsoWeek::of(day_of(now_ - kept)).str());
}

}  // namespace nudged::warehouse
