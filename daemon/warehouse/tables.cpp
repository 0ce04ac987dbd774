// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/tables.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>

namespace nudged::warehouse {
namespace {

/// Grows whenever the same record of a source comes to mean other values of ours, so that rows are
/// written again although nothing changed in the CRM.
constexpr std::uint64_t mapping_revision = 1;

EntityTable make_table(model::Entity entity) {
    EntityTable table;
    table.name = model::to_string(entity);
    table.width = model::fields_of(entity).size();
    std::string places;
    for (std::size_t i = 0; i < table.width; ++i) {
        const auto name = model::fields_of(entity)[i].name;
        table.columns += fmt::format("{}{}", i ? ", " : "", name);
        places += fmt::format(", ?{}", i + 7);
    }
    table.select = fmt::format("SELECT id, modified_at, fetched_at, content_hash, deleted_at "
                               "FROM {} WHERE source_id = ?1 AND external_id = ?2",
                               table.name);
    table.select_from = fmt::format("SELECT id, modified_at, fetched_at, content_hash, deleted_at, "
                                    "external_id FROM {} WHERE source_id = ?1 AND "
                                    "external_id >= ?2 ORDER BY external_id",
                                    table.name);
    table.select_values = fmt::format("SELECT {} FROM {} WHERE id = ?1", table.columns, table.name);
    table.insert = fmt::format("INSERT INTO {} (source_id, external_id, modified_at, fetched_at, "
                               "content_hash, deleted_at, {}) VALUES (?1, ?2, ?3, ?4, ?5, ?6{}) "
                               "ON CONFLICT (source_id, external_id) DO NOTHING",
                               table.name, table.columns, places);
    table.touch = fmt::format("UPDATE {} SET fetched_at = ?2 WHERE id = ?1", table.name);
    table.bury = fmt::format("UPDATE {} SET modified_at = coalesce(?2, modified_at), "
                             "fetched_at = ?3, deleted_at = ?4 WHERE id = ?1",
                             table.name);
    return table;
}

/// Mixes eight bytes at a time. Not for an opponent: whoever can choose a record's values to
/// collide with its own can as well leave them as they are.
class ContentHash {
public:
    void add(std::uint64_t number) {
        hash_ = (hash_ ^ number) * multiplier;
        hash_ ^= hash_ >> 32;
    }
    void add(std::string_view bytes) {
        add(bytes.size());
        for (; bytes.size() >= sizeof(std::uint64_t); bytes.remove_prefix(sizeof(std::uint64_t)))
            add(word(bytes, sizeof(std::uint64_t)));
        if (!bytes.empty()) add(word(bytes, bytes.size()));
    }
    std::uint64_t hash() const { return hash_; }

private:
    /// Little-endian, as the machines are that we are built for.
    static std::uint64_t word(std::string_view bytes, std::size_t size) {
        static_assert(std::endian::native == std::endian::little);
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), size);
        return word;
    }
    static constexpr std::uint64_t multiplier = 0x9E3779B97F4A7C15;
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace

const EntityTable& table_of(model::Entity entity) {
    static const auto tables = [] {
        std::array<EntityTable, model::entity_count> made;
        for (const auto each : model::all_entities())
            made[static_cast<std::size_t>(each)] = make_table(each);
        return made;
    }();
    return tables[static_cast<std::size_t>(entity)];
}

std::string update_sql(model::Entity entity, std::uint64_t columns) {
    std::string assignments;
    const auto fields = model::fields_of(entity);
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (columns >> i & 1) assignments += fmt::format(", {} = ?{}", fields[i].name, i + 5);
    return fmt::format("UPDATE {} SET deleted_at = NULL, modified_at = ?2, fetched_at = ?3, "
                       "content_hash = ?4{} WHERE id = ?1",
                       table_of(entity).name, assignments);
}

void read_values(const Statement& row, int column, model::Record& record) {
    const auto fields = model::fields_of(record.entity);
    for (std::size_t i = 0; i < fields.size(); ++i, ++column) {
        using enum model::FieldType;
        auto& value = record.values[i];
        const auto type = fields[i].type;
        if (row.is_null(column))
            value = std::monostate{};
        else if (type == integer || type == boolean || type == instant)
            value = row.integer(column);
        else
            value = row.text(column);
    }
}

void bind_values(Statement& statement, int parameter, const model::Record& record,
                 std::uint64_t columns) {
    for (std::size_t i = 0; i < model::fields_of(record.entity).size(); ++i, ++parameter) {
        if ((columns >> i & 1) == 0) continue;
        const auto& value = record.values[i];
        if (const auto* number = std::get_if<std::int64_t>(&value))
            statement.bind(parameter, *number);
        else if (const auto* text = std::get_if<std::string_view>(&value))
            statement.bind(parameter, *text);
        else
            statement.bind_null(parameter);
    }
}

std::int64_t content_hash(const model::Record& record) {
    ContentHash hash;
    hash.add(mapping_revision);
    hash.add(record.modified ? static_cast<std::uint64_t>(to_millis(*record.modified))
                             : ~std::uint64_t{0});
    for (std::size_t i = 0; i < model::fields_of(record.entity).size(); ++i) {
        const auto& value = record.values[i];
        hash.add(std::uint64_t{value.index()});  // null, 0 and "" differ
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            hash.add(static_cast<std::uint64_t>(*number));
        } else if (const auto* text = std::get_if<std::string_view>(&value)) {
            hash.add(*text);
        }
    }
    const auto result = static_cast<std::int64_t>(hash.hash());
    return result == 0 ? 1 : result;
}

}  // namespace nudged::warehouse
