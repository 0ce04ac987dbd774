// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/store.hpp"

#include "daemon/warehouse/page_store.hpp"
#include "daemon/warehouse/record_store.hpp"
#include "daemon/warehouse/snapshots.hpp"

namespace nudged::warehouse {
namespace {

/// The end of a first load: the links of all that there is have been read.
void note_links_read(Database& database, SourceId source, model::Entity entity, Instant at) {
    database
        .prepare("UPDATE cursor SET complete_at = ?3 WHERE source_id = ?1 AND entity = ?2 "
                 "AND lane = 'relink' AND complete_at IS NULL AND EXISTS "
                 "(SELECT 1 FROM cursor l WHERE l.source_id = ?1 AND l.entity = ?2 "
                 "AND l.lane = 'backfill' AND l.complete_at IS NULL)")
        .bind(1, source)
        .bind(2, model::to_string(entity))
        .bind(3, at)
        .run();
}

void store_cursor(Database& database, SourceId source, model::Stream stream,
                  const model::Page& page) {
    const auto complete_at = page.more ? std::nullopt : std::optional{page.fetched_at};
    if (complete_at && stream.lane == model::Lane::backfill)
        note_links_read(database, source, stream.entity, *complete_at);
    database
        .prepare("INSERT INTO cursor (source_id, entity, lane, floor, position, updated_at, "
                 "complete_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET "
                 "floor = excluded.floor, position = excluded.position, "
                 "updated_at = max(updated_at, excluded.updated_at), "
                 "complete_at = coalesce(excluded.complete_at, complete_at), "
                 "full = iif(excluded.complete_at IS NULL, full, 0)")
        .bind(1, source)
        .bind(2, model::to_string(stream.entity))
        .bind(3, model::to_string(stream.lane))
        .bind(4, page.cursor.floor)
        .bind(5, page.cursor.position)
        .bind(6, page.fetched_at)
        .bind(7, complete_at)
        .run();
}

/// Users and stages may cause a recount.
bool may_recount(const model::Page& page) {
    return std::ranges::any_of(page.records, [](const model::Record& record) {
        return record.entity == model::Entity::user || record.entity == model::Entity::stage;
    });
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
    to_reread.insert(to_reread.end(), other.to_reread.begin(), other.to_reread.end());
    return *this;
}

PageStore::PageStore(Database& database, IndexTime indexes, StoreRules* rules,
                     std::span<const Measure> wanted)
    : database_(database),
      records_(std::make_unique<RecordStore>(database, indexes, rules, wanted)) {}

PageStore::~PageStore() = default;

Stored PageStore::store(SourceId source, model::Stream stream, const model::Page& page, bool full,
                        std::optional<Instant> now) {
    Stored stored{.pages = 1, .records = page.records.size(), .malformed = page.malformed_count};
    Telling telling{.source = source,
                    .fetched_at = page.fetched_at,
                    .now = now.value_or(page.fetched_at),
                    .lane = stream.lane,
                    .full = full,
                    .moves_cursor = true,
                    .mapping = page.mapping};
    if (page.snapshot) telling.snapshot_of = page.snapshot->entity.value_or(stream.entity);
    // A recount writes sums; those of other pages may not go with this one.
    if (may_recount(page)) records_->flush();
    Savepoint whole{database_};
    try {
        records_->begin(telling);
        for (const auto& record : page.records) stored.changed += records_->store(record);
        if (page.snapshot) store_snapshot(source, stream, page, full, stored);
        store_cursor(database_, source, stream, page);
        for (const auto entity : page.also)
            store_cursor(database_, source, {entity, stream.lane}, page);
    } catch (...) {
        records_->drop();
        throw;
    }
    records_->keep();
    whole.keep();
    return stored;
}

void PageStore::store_snapshot(SourceId source, model::Stream stream, const model::Page& page,
                               bool full, Stored& stored) {
    const auto entity = page.snapshot->entity.value_or(stream.entity);
    note_snapshot(database_, source, entity, page);
    auto vanished = end_snapshot(database_, source, entity, page, full);
    stored.kept = vanished.kept;
    if (page.snapshot->is_reread) {
        stored.to_reread = std::move(vanished.ids);
        return;
    }
    const auto& closes = page.snapshot->closes;
    model::Record tombstone;
    tombstone.entity = entity;
    tombstone.deleted = true;
    tombstone.why = model::Gone::vanished;
    for (const auto& id : vanished.ids) {
        tombstone.id = id;
        stored.changed +=
            closes.empty() ? records_->store(tombstone) : records_->close(entity, id, closes);
    }
}

Stored PageStore::store_records(SourceId source, const model::Page& page) {
    Stored stored{.pages = 1, .records = page.records.size(), .malformed = page.malformed_count};
    records_->begin({.source = source,
                     .fetched_at = page.fetched_at,
                     .now = page.fetched_at,
                     .mapping = page.mapping});
    for (const auto& record : page.records) stored.changed += records_->store(record);
    records_->keep();
    return stored;
}

void PageStore::finish() {
    records_->flush();
}

Stored store_page(Database& database, SourceId source, model::Stream stream,
                  const model::Page& page, bool full, StoreRules* rules,
                  std::span<const Measure> wanted, std::optional<Instant> now) {
    PageStore store{database, IndexTime::at_once, rules, wanted};
    const auto stored = store.store(source, stream, page, full, now);
    store.finish();
    return stored;
}

Stored store_records(Database& database, SourceId source, const model::Page& page,
                     StoreRules* rules, std::span<const Measure> wanted) {
    PageStore store{database, IndexTime::at_once, rules, wanted};
    const auto stored = store.store_records(source, page);
    store.finish();
    return stored;
}

}  // namespace nudged::warehouse
