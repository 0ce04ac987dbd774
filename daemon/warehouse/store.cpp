// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/store.hpp"

#include "daemon/warehouse/history.hpp"
#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/rollups_write.hpp"
#include "daemon/warehouse/snapshots.hpp"
#include "daemon/warehouse/tables.hpp"

#include <array>

namespace nudged::warehouse {
namespace {

using model::Entity;
using model::Record;

/// A stored record; its text lives until the statement that read it is reset.
struct Row {
    std::int64_t id;
    Instant fetched_at;
    std::int64_t hash;
    bool deleted;
    Record record;

    bool was_live() const { return hash != 0; }
};

bool wins(const Record& record, Instant fetched_at, const Row& stored, bool full) {
    if (stored.deleted && !record.deleted && fetched_at <= stored.fetched_at) return false;
    if (full) return true;
    const auto& version = record.modified;
    const auto& known = stored.record.modified;
    if (version && known && *version != *known) return *version > *known;
    return fetched_at >= stored.fetched_at;
}

/// Stores the records of one page.
class PageStore {
public:
    PageStore(Database& database, SourceId source, Instant fetched_at, bool full)
        : database_(database),
          source_(source),
          fetched_at_(fetched_at),
          full_(full),
          rollups_(database, source) {}

    /// True when anything but `fetched_at` was written.
    bool store(const Record& record);
    void flush() { rollups_.flush(); }

private:
    /// The statements of one entity, kept over the page.
    struct Statements {
        Statements(Database& database, const EntityTable& table)
            : select(database.prepare(table.select)),
              insert(database.prepare(table.insert)),
              update(database.prepare(table.update)),
              touch(database.prepare(table.touch)),
              bury(database.prepare(table.bury)) {}
        Statement select, insert, update, touch, bury;
    };

    Statements& statements_of(Entity entity);
    std::optional<Row> read(Statements& with, const Record& record);
    void insert(Statements& with, const Record& record);
    bool replace(Statements& with, const Row& stored, const Record& record);
    bool bury(Statements& with, const Row& stored, const Record& tombstone);
    void touch(Statements& with, const Row& stored);
    void write_history(const Row& stored, const Record& record);
    /// What other tables have to learn once a record is written.
    void follow(const Record& record);

    Database& database_;
    SourceId source_;
    Instant fetched_at_;
    bool full_;
    RollupChanges rollups_;
    std::array<std::optional<Statements>, model::entity_count> statements_;
};

PageStore::Statements& PageStore::statements_of(Entity entity) {
    auto& statements = statements_[static_cast<std::size_t>(entity)];
    if (!statements) statements.emplace(database_, table_of(entity));
    return *statements;
}

std::optional<Row> PageStore::read(Statements& with, const Record& record) {
    with.select.reset();
    with.select.bind(1, source_).bind(2, record.id);
    if (!with.select.step()) return std::nullopt;
    Row row{.id = with.select.integer(0),
            .fetched_at = from_millis(with.select.integer(2)),
            .hash = with.select.integer(3),
            .deleted = !with.select.is_null(4),
            .record = {}};
    row.record.entity = record.entity;
    row.record.id = record.id;
    row.record.modified = with.select.maybe_instant(1);
    read_values(with.select, 5, row.record);
    return row;
}

bool PageStore::store(const Record& record) {
    auto& with = statements_of(record.entity);
    const auto stored = read(with, record);
    if (!stored) {
        if (record.left) return false;
        insert(with, record);
        return true;
    }
    if (!wins(record, fetched_at_, *stored, full_)) return false;
    return record.deleted ? bury(with, *stored, record) : replace(with, *stored, record);
}

void PageStore::insert(Statements& with, const Record& record) {
    const bool by_stage = record.entity == Entity::stage && !record.deleted;
    if (by_stage) rollups_.take_stage(record.id);
    with.insert.bind(1, source_).bind(2, record.id).bind(3, record.modified);
    with.insert.bind(4, fetched_at_);
    if (record.deleted) {
        with.insert.bind(5, 0).bind(6, record.modified.value_or(fetched_at_));
        Record empty;
        empty.entity = record.entity;
        bind_values(with.insert, 7, empty);
        with.insert.run();
        return;
    }
    with.insert.bind(5, content_hash(record)).bind_null(6);
    bind_values(with.insert, 7, record);
    with.insert.run();
    if (by_stage) rollups_.add_stage(record.id);
    follow(record);
}

bool PageStore::replace(Statements& with, const Row& stored, const Record& record) {
    const auto hash = content_hash(record);
    if (!stored.deleted && stored.hash == hash) {
        touch(with, stored);
        return false;
    }
    if (!stored.deleted) rollups_.take(stored.record);
    if (record.entity == Entity::opportunity && stored.was_live()) write_history(stored, record);
    if (record.entity == Entity::stage) rollups_.take_stage(record.id);
    with.select.reset();
    with.update.bind(1, stored.id).bind(2, record.modified).bind(3, fetched_at_).bind(4, hash);
    bind_values(with.update, 5, record);
    with.update.run();
    if (record.entity == Entity::stage) rollups_.add_stage(record.id);
    follow(record);
    return true;
}

bool PageStore::bury(Statements& with, const Row& stored, const Record& tombstone) {
    if (stored.deleted) {
        touch(with, stored);
        return false;
    }
    rollups_.take(stored.record);
    with.select.reset();
    with.bury.bind(1, stored.id).bind(2, tombstone.modified).bind(3, fetched_at_);
    with.bury.bind(4, tombstone.modified.value_or(fetched_at_)).run();
    return true;
}

/// Later fetches are measured against the last one that told this version.
void PageStore::touch(Statements& with, const Row& stored) {
    if (fetched_at_ > stored.fetched_at) with.touch.bind(1, stored.id).bind(2, fetched_at_).run();
}

/// Under `full` a value may differ because the mapping does: only a version that the CRM itself
/// calls newer is a change of the opportunity then.
void PageStore::write_history(const Row& stored, const Record& record) {
    const bool newer =
        record.modified && stored.record.modified && *record.modified > *stored.record.modified;
    if (!full_ || newer) write_differences(database_, source_, stored.record, record, fetched_at_);
}

void PageStore::follow(const Record& record) {
    switch (record.entity) {
    case Entity::opportunity_change: prefer_told_history(database_, source_, record); break;
    case Entity::user:
        if (link_user(database_, source_, record.id)) {
            rollups_.flush();  // the recount reads records whose sums are not written yet
            recount_user(database_, source_, record.id);
            rollups_.forget_zones();
        }
        break;
    default: rollups_.add(record);
    }
}

void store_cursor(Database& database, SourceId source, model::Stream stream,
                  const model::Page& page) {
    const auto complete_at = page.more ? std::nullopt : std::optional{page.fetched_at};
    database
        .prepare("INSERT INTO cursor (source_id, entity, lane, floor, position, updated_at, "
                 "complete_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET "
                 "floor = excluded.floor, position = excluded.position, "
                 "updated_at = excluded.updated_at, "
                 "complete_at = coalesce(excluded.complete_at, complete_at)")
        .bind(1, source)
        .bind(2, model::to_string(stream.entity))
        .bind(3, model::to_string(stream.lane))
        .bind(4, page.cursor.floor)
        .bind(5, page.cursor.position)
        .bind(6, page.fetched_at)
        .bind(7, complete_at)
        .run();
}

}  // namespace

SourceId ensure_source(Database& database, const std::string& name, const std::string& connector) {
    auto upsert = database.prepare(
        "INSERT INTO source (name, connector) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET "
        "connector = coalesce(nullif(excluded.connector, ''), connector) RETURNING id");
    upsert.bind(1, name).bind(2, connector).step();
    return SourceId{upsert.integer(0)};
}

Stored& Stored::operator+=(const Stored& other) {
    pages += other.pages;
    records += other.records;
    changed += other.changed;
    malformed += other.malformed;
    kept += other.kept;
    return *this;
}

Stored store_records(Database& database, SourceId source, const model::Page& page) {
    Stored stored{.pages = 1, .records = page.records.size(), .malformed = page.malformed_count};
    PageStore store{database, source, page.fetched_at, false};
    for (const auto& record : page.records) stored.changed += store.store(record);
    store.flush();
    return stored;
}

Stored store_page(Database& database, SourceId source, model::Stream stream,
                  const model::Page& page, bool full) {
    Stored stored{.pages = 1, .records = page.records.size(), .malformed = page.malformed_count};
    PageStore store{database, source, page.fetched_at, full};
    for (const auto& record : page.records) stored.changed += store.store(record);
    if (page.snapshot) {
        const auto entity = page.snapshot->entity.value_or(stream.entity);
        note_snapshot(database, source, entity, page);
        const auto vanished = end_snapshot(database, source, entity, page, full);
        stored.kept = vanished.kept;
        Record tombstone;
        tombstone.entity = entity;
        tombstone.deleted = true;
        for (const auto& id : vanished.ids) {
            tombstone.id = id;
            stored.changed += store.store(tombstone);
        }
    }
    store.flush();
    store_cursor(database, source, stream, page);
    for (const auto entity : page.also) store_cursor(database, source, {entity, stream.lane}, page);
    return stored;
}

}  // namespace nudged::warehouse
