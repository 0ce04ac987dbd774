// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/copy.hpp"

#include "daemon/warehouse/cursors.hpp"
#include "daemon/warehouse/schema.hpp"

#include <fmt/format.h>

namespace nudged::adversary {
namespace {

warehouse::Database& migrated(warehouse::Database& database) {
    warehouse::migrate(database);
    return database;
}

}  // namespace

Copy::Copy()
    : database_(":memory:", warehouse::Database::Mode::read_write),
      source_(warehouse::ensure_source(migrated(database_), "crm", "http")) {}

warehouse::Stored Copy::store(model::Stream stream, const model::Page& page, Instant now) {
    const bool full = warehouse::is_full_load(database_, "crm", stream);
    warehouse::Transaction transaction{database_};
    const auto stored = warehouse::store_page(database_, source_, stream, page, full, nullptr,
                                              warehouse::measures(), now);
    transaction.commit();
    return stored;
}

void Copy::store_records(const model::Page& page) {
    warehouse::Transaction transaction{database_};
    warehouse::store_records(database_, source_, page);
    transaction.commit();
}

model::Cursor Copy::cursor(model::Stream stream) const {
    return warehouse::read_cursor(database_, "crm", stream);
}

void Copy::begin_again(model::Stream stream) {
    warehouse::clear_position(database_, "crm", stream);
}

void Copy::begin_anew() {
    warehouse::begin_full_load(database_, "crm");
}

std::map<std::string, Kept> Copy::rows(Entity entity) const {
    std::map<std::string, Kept> rows;
    auto row = database_.prepare(fmt::format("SELECT * FROM {}", model::to_string(entity)));
    while (row.step()) {
        Kept kept;
        std::string id;
        for (int column = 0; column < row.column_count(); ++column) {
            const auto name = row.column_name(column);
            if (name == "external_id") id = row.text(column);
            if (row.is_null(column)) continue;
            if (name == "deleted_at") kept.deleted = true;
            if (name == "modified_at") kept.modified = row.maybe_instant(column);
            kept.fields[std::string{name}] = row.is_integer(column)
                                                 ? std::to_string(row.integer(column))
                                                 : std::string{row.text(column)};
        }
        rows[id] = std::move(kept);
    }
    return rows;
}

std::map<std::string, std::string> Copy::merged(Entity entity) const {
    std::map<std::string, std::string> merged;
    auto row = database_.prepare(
        "SELECT external_id, into_id FROM tombstone WHERE entity = ?1 AND why = 'merged'");
    row.bind(1, model::to_string(entity));
    while (row.step()) merged.emplace(row.text(0), row.text(1));
    return merged;
}

std::set<std::string> Copy::buried(Entity entity) const {
    std::set<std::string> ids;
    auto row = database_.prepare(fmt::format(
        "SELECT external_id FROM {} WHERE deleted_at IS NOT NULL", model::to_string(entity)));
    while (row.step()) ids.emplace(row.text(0));
    return ids;
}

}  // namespace nudged::adversary
