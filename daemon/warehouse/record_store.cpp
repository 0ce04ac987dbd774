// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/record_store.hpp"

#include "daemon/warehouse/clock_leap.hpp"
#include "daemon/warehouse/deferred_indexes.hpp"
#include "daemon/warehouse/history.hpp"
#include "daemon/warehouse/persons.hpp"

namespace nudged::warehouse {
namespace {

using model::Entity;
using model::Record;

/// What was told so long after now was told by a clock that has been set back since. Until then the
/// two clocks may be of two processes.
constexpr std::chrono::hours wrong_clock{1};

/// Different sets of columns change in a table; who has seen so many sets all of them from there.
constexpr std::size_t max_updates = 32;
constexpr std::uint64_t all_columns = ~std::uint64_t{0};

const std::size_t change_opportunity =
    *model::field_index(Entity::opportunity_change, "opportunity");
const std::size_t change_field = *model::field_index(Entity::opportunity_change, "field");

std::uint64_t differing(const Record& one, const Record& other) {
    std::uint64_t columns = 0;
    for (std::size_t i = 0; i < model::fields_of(one.entity).size(); ++i)
        if (one.values[i] != other.values[i]) columns |= std::uint64_t{1} << i;
    return columns;
}

bool has_snapshot(const Database& database, SourceId source, Entity entity) {
    auto row = database.prepare("SELECT 1 FROM snapshot WHERE source_id = ?1 AND entity = ?2");
    return row.bind(1, source).bind(2, model::to_string(entity)).step();
}

/// By a lane that tells records; a sweep tells ids, and buries what it misses by the row.
Instant last_told(const Database& database, SourceId source, Entity entity) {
    auto row = database.prepare("SELECT max(updated_at) FROM cursor WHERE source_id = ?1 AND "
                                "entity = ?2 AND lane <> 'sweep'");
    row.bind(1, source).bind(2, model::to_string(entity)).step();
    return from_millis(row.integer(0));
}

/// A first load that has got somewhere: its next page may be of the time when it began.
bool is_loading(const Database& database, SourceId source, Entity entity) {
    auto row = database.prepare(
        "SELECT 1 FROM cursor WHERE source_id = ?1 AND entity = ?2 AND lane = 'backfill' AND "
        "position <> ''");
    return row.bind(1, source).bind(2, model::to_string(entity)).step();
}

}  // namespace

RecordStore::Table::Table(Database& database, Entity entity)
    : walk(database.prepare(warehouse::table_of(entity).select_from)),
      select(database.prepare(warehouse::table_of(entity).select)),
      values(database.prepare(warehouse::table_of(entity).select_values)),
      insert(database.prepare(warehouse::table_of(entity).insert)),
      touch(database.prepare(warehouse::table_of(entity).touch)),
      bury(database.prepare(warehouse::table_of(entity).bury)) {}

RecordStore::RecordStore(Database& database, IndexTime indexes, StoreRules* rules,
                         std::span<const Measure> wanted)
    : database_(database), indexes_(indexes), rules_(rules), wanted_(database, wanted) {
    // Before the first record: what has records when a measure begins is counted in steps.
    adopt_measures(database_, wanted_.all());
}

void RecordStore::begin(const Telling& telling) {
    telling_ = telling;
    const bool believes_clock = !rules_ || doubt_clock(database_, telling.now).empty();
    gate_.emplace(rules_, database_, telling.source, telling.fetched_at, believes_clock);
    for (auto& table : tables_) {
        if (!table) continue;
        table->is_asked = false;
        table->mapped_since.reset();
    }
    for (const auto entity : model::all_entities())
        if (!model::followed_fields(entity).empty() &&
            !telling.mapping[static_cast<std::size_t>(entity)].empty())
            mapped_since(entity);
}

void RecordStore::keep() {
    stop_walks();
    rollups().keep();
}

void RecordStore::stop_walks() {
    for (auto& table : tables_)
        if (table) table->walk.stop();
}

void RecordStore::drop() {
    rollups().drop();
    // A statement that failed takes no values before it is reset, which it is when it is given
    // back.
    for (auto& table : tables_) table.reset();
}

void RecordStore::flush() {
    for (auto& [source, changes] : rollups_) changes.flush();
    // A recount of one source's users or stages moves the positions of any source's: what another
    // one's changes know of them is not so any more.
    rollups_.clear();
}

RollupChanges& RecordStore::rollups() {
    return rollups_.try_emplace(telling_.source, database_, telling_.source, wanted_.all())
        .first->second;
}

RecordStore::Table& RecordStore::table_of(Entity entity) {
    auto& table = tables_[static_cast<std::size_t>(entity)];
    if (!table) {
        // SQLite drops no index of any table while rows are read.
        stop_walks();
        if (indexes_ == IndexTime::after_first_load) defer_indexes(database_, entity);
        table.emplace(database_, entity);
    }
    if (!table->is_asked) ask(*table, entity);
    return *table;
}

/// A row that is told unchanged is not written, so its `fetched_at` says when it was told first.
/// That is enough as long as pages are stored in the order of their fetches. A page that was
/// overtaken cannot know which rows were told since, and takes it that all were: `last_told` is
/// when. Where no cursor says so, and while a snapshot goes by the rows, these are written.
void RecordStore::ask(Table& table, Entity entity) const {
    table.is_asked = true;
    table.touches = !telling_.moves_cursor || (telling_.snapshot_of != entity &&
                                               has_snapshot(database_, telling_.source, entity));
    const auto told = last_told(database_, telling_.source, entity);
    const bool is_overtaken = telling_.fetched_at < told && told - telling_.now < wrong_clock;
    table.last_told = is_overtaken ? told : Instant::min();
    table.is_loading = telling_.lane != model::Lane::backfill &&
                       warehouse::is_loading(database_, telling_.source, entity);
}

std::optional<RecordStore::Row> RecordStore::read(Table& table, SourceId source,
                                                  std::string_view id) {
    const auto row_at = [](const Statement& row) {
        return Row{.id = row.integer(0),
                   .modified = row.maybe_instant(1),
                   .fetched_at = from_millis(row.integer(2)),
                   .hash = row.integer(3),
                   .deleted = !row.is_null(4)};
    };
    const auto walked = table.walk.find(source, id);
    if (walked == KeyWalk::Found::here) return row_at(table.walk.row());
    if (walked == KeyWalk::Found::nowhere) return std::nullopt;
    auto& row = table.select;
    row.bind(1, source).bind(2, id);
    std::optional<Row> found;
    if (row.step()) found = row_at(row);
    row.reset();
    return found;
}

/// Until `values` is reset.
void RecordStore::read_values(Table& table, const Row& row, Record& record) {
    table.values.bind(1, row.id).step();
    record.modified = row.modified;
    warehouse::read_values(table.values, 0, record);
}

bool RecordStore::wins(const Table& table, const Record& record, const Row& stored) const {
    const auto told = std::max(stored.fetched_at, table.last_told);
    const bool is_believed = told - telling_.now < wrong_clock;
    const auto& version = record.modified;
    // Other pages have overtaken this one, but the tombstone has not, and is an older version. Had
    // the CRM deleted the record once more, the tombstone would have been written again.
    const bool is_restored = telling_.fetched_at > stored.fetched_at && version &&
                             stored.modified && *version > *stored.modified;
    if (is_believed && stored.deleted && !record.deleted && telling_.fetched_at <= told &&
        !is_restored)
        return false;
    const bool is_later = telling_.fetched_at >= told || !is_believed;
    if (telling_.full && is_later) return true;
    // Of the same version it is the same record, mapped as it is now: that others have been told
    // since is no reason to leave it as it was mapped before.
    if (telling_.full && version && version == stored.modified && !stored.deleted &&
        !record.deleted)
        return telling_.fetched_at >= stored.fetched_at;
    if (version && stored.modified && *version != *stored.modified)
        return *version > *stored.modified;
    return is_later;
}

bool RecordStore::store(const Record& told) {
    const auto* admitted = gate_->admit(told);
    if (!admitted) return false;
    const Record& record = *admitted;
    auto& table = table_of(record.entity);
    // What never came needs not leave, unless the first load is about to tell it as it was.
    const bool is_left = record.deleted && record.why == model::Gone::left && !table.is_loading;
    const bool may_be_new = !is_left && !gate_->is_past(record);
    if (table.expects_new && may_be_new && insert(table, record)) return true;
    const auto stored = read(table, telling_.source, record.id);
    table.expects_new = !stored;
    if (!stored) return may_be_new && insert(table, record);
    if (!wins(table, record, *stored)) {
        note_late(table, *stored, record);
        return false;
    }
    return record.deleted ? bury(table, *stored, record) : replace(table, *stored, record);
}

bool RecordStore::close(Entity entity, std::string_view id,
                        const std::vector<model::Page::Snapshot::Closing>& closes) {
    auto& table = table_of(entity);
    const auto stored = read(table, telling_.source, id);
    if (!stored || stored->deleted) return false;
    Record closed;
    closed.entity = entity;
    closed.id = id;
    read_values(table, *stored, closed);
    // The statement that read the texts is used again before they are written.
    model::Page texts;
    for (auto& value : closed.values)
        if (const auto* text = std::get_if<std::string_view>(&value)) value = texts.keep(*text);
    table.values.reset();
    for (const auto& [field, value, marks] : closes) closed.values[field] = value;
    return replace(table, *stored, closed);
}

/// False when there is such a record already.
bool RecordStore::insert(Table& table, const Record& record) {
    stop_walks();
    auto& insert = table.insert;
    insert.bind(1, telling_.source).bind(2, record.id).bind(3, record.modified);
    insert.bind(4, telling_.fetched_at);
    if (record.deleted) {
        insert.bind(5, 0).bind(6, record.modified.value_or(telling_.fetched_at));
        Record empty;
        empty.entity = record.entity;
        bind_values(insert, 7, empty);
    } else {
        insert.bind(5, content_hash(record)).bind_null(6);
        bind_values(insert, 7, record);
    }
    if (insert.run() == 0) return false;
    ++inserted_;
    if (record.deleted) {
        note_gone(record, record.modified.value_or(telling_.fetched_at));
        return true;
    }
    const auto row = database_.last_insert_id();
    if (record.entity == Entity::stage)
        rollups().change_stage(record.id, {}, flags_of_stage(record));
    follow(record, row);
    return true;
}

bool RecordStore::replace(Table& table, const Row& row, const Record& record) {
    const auto hash = content_hash(record);
    if (!row.deleted && row.hash == hash) {
        if (table.touches || is_of_old_mapping(row, record.entity)) touch(table, row);
        return false;
    }
    stop_walks();
    Record stored;
    stored.entity = record.entity;
    stored.id = record.id;
    read_values(table, row, stored);
    auto columns = differing(stored, record);
    if (!row.deleted) rollups().take(stored, row.id);
    if (row.was_live()) write_history(row, stored, record);
    // A stage that was deleted went on meaning what it had meant.
    if (record.entity == Entity::stage)
        rollups().change_stage(record.id, flags_of_stage(stored), flags_of_stage(record));
    table.values.reset();
    auto& update = update_of(table, record.entity, columns);
    update.bind(1, row.id).bind(2, record.modified).bind(3, telling_.fetched_at).bind(4, hash);
    bind_values(update, 5, record, columns);
    update.run();
    if (row.deleted) forget_gone(record);
    follow(record, row.id);
    return true;
}

bool RecordStore::bury(Table& table, const Row& row, const Record& tombstone) {
    const Instant deleted_at = tombstone.modified.value_or(telling_.fetched_at);
    stop_walks();
    if (row.deleted) {
        // It may have been restored in between, and pages of that time may still be under way.
        if (tombstone.modified && tombstone.modified != row.modified)
            write_tombstone(table, row, tombstone, deleted_at);
        else if (table.touches || !tombstone.modified)
            touch(table, row);
        // One listing tells that it is gone, another one what it was merged into.
        if (tombstone.why == model::Gone::merged) note_gone(tombstone, deleted_at);
        return false;
    }
    Record stored;
    stored.entity = tombstone.entity;
    stored.id = tombstone.id;
    read_values(table, row, stored);
    rollups().take(stored, row.id);
    // The row's text lives no longer than the statement that read it.
    std::string opportunity, field;
    if (tombstone.entity == Entity::opportunity_change) {
        opportunity = stored.text_at(change_opportunity);
        field = stored.text_at(change_field);
    }
    table.values.reset();
    write_tombstone(table, row, tombstone, deleted_at);
    note_gone(tombstone, deleted_at);
    if (!opportunity.empty()) merge_told_history(database_, telling_.source, opportunity, field);
    return true;
}

void RecordStore::write_tombstone(Table& table, const Row& row, const Record& tombstone,
                                  Instant deleted_at) {
    table.bury.bind(1, row.id).bind(2, tombstone.modified).bind(3, telling_.fetched_at);
    table.bury.bind(4, deleted_at).run();
}

void RecordStore::note_gone(const Record& tombstone, Instant deleted_at) {
    auto note = database_.prepare(
        "INSERT INTO tombstone (source_id, entity, external_id, deleted_at, why, into_id) "
        "VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, '')) ON CONFLICT DO UPDATE SET "
        "why = excluded.why, into_id = excluded.into_id");
    note.bind(1, telling_.source).bind(2, model::to_string(tombstone.entity));
    note.bind(3, tombstone.id).bind(4, deleted_at).bind(5, model::to_string(tombstone.why));
    note.bind(6, tombstone.into).run();
}

void RecordStore::forget_gone(const Record& record) {
    database_
        .prepare("DELETE FROM tombstone WHERE source_id = ?1 AND entity = ?2 AND external_id = ?3")
        .bind(1, telling_.source)
        .bind(2, model::to_string(record.entity))
        .bind(3, record.id)
        .run();
}

void RecordStore::touch(Table& table, const Row& row) {
    if (telling_.fetched_at <= row.fetched_at) return;
    stop_walks();
    table.touch.bind(1, row.id).bind(2, telling_.fetched_at).run();
}

/// SQLite writes an index anew when a statement sets one of its columns, to whatever value. So each
/// set of columns that changes has a statement of its own.
Statement& RecordStore::update_of(Table& table, Entity entity, std::uint64_t& columns) {
    if (table.updates.size() >= max_updates && !table.updates.contains(columns))
        columns = all_columns;
    const auto found = table.updates.find(columns);
    if (found != table.updates.end()) return found->second;
    return table.updates.emplace(columns, database_.prepare(update_sql(entity, columns)))
        .first->second;
}

/// Under `full` a value may differ because the mapping does: only a version that the CRM itself
/// calls newer is a change of the record then.
void RecordStore::write_history(const Row& row, const Record& stored, const Record& record) {
    if (model::followed_fields(record.entity).empty()) return;
    const bool newer = record.modified && row.modified && *record.modified > *row.modified;
    if ((!telling_.full || newer) && row.fetched_at >= mapped_since(record.entity))
        note_version(database_, telling_.source, stored, record, telling_.fetched_at);
}

/// Told unchanged by the new mapping, it is known to be what that makes of it: what differs from it
/// later is a change.
bool RecordStore::is_of_old_mapping(const Row& row, Entity entity) {
    const bool is_known = !telling_.mapping[static_cast<std::size_t>(entity)].empty();
    return is_known && !model::followed_fields(entity).empty() &&
           row.fetched_at < mapped_since(entity);
}

void RecordStore::note_late(Table& table, const Row& row, const Record& late) {
    if (late.entity != Entity::opportunity || late.deleted || row.deleted) return;
    if (!late.modified || !row.modified || *late.modified >= *row.modified) return;
    if (row.fetched_at < mapped_since(late.entity)) return;
    stop_walks();
    Record stored;
    stored.entity = late.entity;
    stored.id = late.id;
    read_values(table, row, stored);
    note_late_version(database_, telling_.source, stored, late);
    table.values.reset();
}

/// What was stored before anything was said of mappings is taken to be mapped like this.
Instant RecordStore::mapped_since(Entity entity) {
    auto& since = table_of(entity).mapped_since;
    const auto digest = telling_.mapping[static_cast<std::size_t>(entity)];
    if (since) return *since;
    auto row = database_.prepare(
        "INSERT INTO mapping (source_id, entity, digest, since) VALUES (?1, ?2, ?3, 0) "
        "ON CONFLICT DO UPDATE SET since = CASE WHEN '' IN (?3, digest) OR ?3 = digest THEN since "
        "ELSE ?4 END, digest = CASE ?3 WHEN '' THEN digest ELSE ?3 END RETURNING since");
    row.bind(1, telling_.source).bind(2, model::to_string(entity)).bind(3, digest);
    row.bind(4, telling_.fetched_at).step();
    since = from_millis(row.integer(0));
    return *since;
}

/// What other tables have to learn once a record is written.
void RecordStore::follow(const Record& record, std::int64_t row) {
    switch (record.entity) {
    case Entity::opportunity_change:
        merge_told_history(database_, telling_.source, record.text_at(change_opportunity),
                           record.text_at(change_field));
        break;
    case Entity::user:
        if (link_user(database_, telling_.source, record.id)) rollups().change_days(record.id);
        break;
    default: rollups().add(record, row);
    }
}

}  // namespace nudged::warehouse
