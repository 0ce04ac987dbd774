// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/history.hpp"

#include <fmt/format.h>

#include <array>

namespace nudged::warehouse {
namespace {

using model::Entity;

constexpr std::array<std::string_view, 6> followed{
    "stage", "amount", "close_date", "owner", "forecast_category", "next_step"};

bool is_told(const Database& database, SourceId source, std::string_view opportunity,
             std::string_view field) {
    auto row = database.prepare(
        "SELECT 1 FROM opportunity_change WHERE source_id = ?1 AND opportunity = ?2 AND "
        "field = ?3 AND origin = 'crm' AND deleted_at IS NULL LIMIT 1");
    row.bind(1, source).bind(2, opportunity).bind(3, field);
    return row.step();
}

std::optional<std::string_view> text_of(const model::Value& value) {
    const auto* text = std::get_if<std::string_view>(&value);
    return text ? std::optional{*text} : std::nullopt;
}

}  // namespace

void write_differences(Database& database, SourceId source, const model::Record& before,
                       const model::Record& after, Instant fetched_at) {
    const Instant changed_at = after.modified.value_or(fetched_at);
    for (const auto field : followed) {
        const std::size_t index = *model::field_index(Entity::opportunity, field);
        if (before.values[index] == after.values[index]) continue;
        if (is_told(database, source, after.id, field)) continue;
        // Two differences of one instant need two fetches to be seen.
        const std::string id = fmt::format("seen/{}/{}/{}/{}", after.id, field,
                                           to_millis(changed_at), to_millis(fetched_at));
        auto insert = database.prepare(
            "INSERT INTO opportunity_change (source_id, external_id, modified_at, fetched_at, "
            "content_hash, opportunity, field, old, new, changed_at, origin) "
            "VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, 'seen') "
            "ON CONFLICT DO UPDATE SET new = excluded.new");
        insert.bind(1, source).bind(2, id).bind(3, after.modified).bind(4, fetched_at);
        insert.bind(5, after.id).bind(6, field).bind(7, text_of(before.values[index]));
        insert.bind(8, text_of(after.values[index])).bind(9, changed_at).run();
    }
}

void prefer_told_history(Database& database, SourceId source, const model::Record& change) {
    static const std::size_t opportunity =
        *model::field_index(Entity::opportunity_change, "opportunity");
    static const std::size_t field = *model::field_index(Entity::opportunity_change, "field");
    database
        .prepare("DELETE FROM opportunity_change WHERE source_id = ?1 AND opportunity = ?2 AND "
                 "field = ?3 AND origin = 'seen'")
        .bind(1, source)
        .bind(2, change.text_at(opportunity))
        .bind(3, change.text_at(field))
        .run();
}

}  // namespace nudged::warehouse
