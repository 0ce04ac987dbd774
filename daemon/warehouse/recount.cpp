// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/recount.hpp"

#include "daemon/warehouse/rollups_write.hpp"
#include "daemon/warehouse/tables.hpp"

#include <map>
#include <set>

namespace nudged::warehouse {
namespace {

std::set<model::Entity> counted_entities() {
    std::set<model::Entity> entities;
    for (const auto& measure : measures()) entities.insert(measure.entity);
    return entities;
}

/// What the records of one user come to.
RollupSums count_user(const Database& database, SourceId source, std::string_view user) {
    static const std::size_t stage = *model::field_index(model::Entity::opportunity, "stage");
    const Zone zone = day_zone_of(database, source, user);
    std::map<std::string, StageFlags, std::less<>> stages;
    RollupSums sums;
    for (const auto entity : counted_entities()) {
        const auto& table = table_of(entity);
        auto rows = database.prepare(
            fmt::format("SELECT {} FROM {} WHERE source_id = ?1 AND owner = ?2 AND "
                        "deleted_at IS NULL",
                        table.columns, table.name));
        rows.bind(1, source).bind(2, user);
        model::Record record;
        record.entity = entity;
        while (rows.step()) {
            read_values(rows, 0, record);
            StageFlags flags;
            if (entity == model::Entity::opportunity) {
                const auto id = record.text_at(stage);
                auto found = stages.find(id);
                if (found == stages.end())
                    found = stages.emplace(id, stage_flags_of(database, source, id)).first;
                flags = found->second;
            }
            add_counts(record, zone, flags, +1, sums);
        }
    }
    std::erase_if(sums, [](const auto& entry) { return entry.second == 0; });
    return sums;
}

struct SourceUser {
    SourceId source;
    std::string source_name;
    std::string user;
};

/// Everybody for whom something is counted, or should be.
std::vector<SourceUser> counted_users(const Database& database) {
    std::string owners = "SELECT source_id, user FROM rollup";
    for (const auto entity : counted_entities())
        owners += fmt::format(" UNION SELECT source_id, owner FROM {} WHERE owner IS NOT NULL",
                              table_of(entity).name);
    auto rows = database.prepare(fmt::format(
        "SELECT o.source_id, s.name, o.user FROM ({}) o JOIN source s ON s.id = o.source_id "
        "ORDER BY s.name, o.user",
        owners));
    std::vector<SourceUser> users;
    while (rows.step())
        users.push_back(
            {SourceId{rows.integer(0)}, std::string{rows.text(1)}, std::string{rows.text(2)}});
    return users;
}

}  // namespace

void recount_user(Database& database, SourceId source, std::string_view user) {
    database.prepare("DELETE FROM rollup WHERE source_id = ?1 AND user = ?2")
        .bind(1, source)
        .bind(2, user)
        .run();
    auto insert = database.prepare(
        "INSERT INTO rollup (source_id, user, day, measure, value) VALUES (?1, ?2, ?3, ?4, ?5)");
    for (const auto& [key, sum] : count_user(database, source, user)) {
        const auto& [owner, measure, local_day] = key;
        const std::string day = format_date(local_day);
        insert.bind(1, source).bind(2, owner).bind(3, day).bind(4, measures()[measure].name);
        insert.bind(5, sum).run();
    }
}

void rebuild_rollups(Database& database) {
    for (const auto& [source, name, user] : counted_users(database))
        recount_user(database, source, user);
}

std::vector<RollupDifference> verify_rollups(const Database& database) {
    using DayMeasure = std::pair<std::string, std::string>;
    std::vector<RollupDifference> differences;
    for (const auto& [source, source_name, user] : counted_users(database)) {
        std::map<DayMeasure, std::pair<std::int64_t, std::int64_t>> both;  // stored, counted
        auto rows = database.prepare(
            "SELECT day, measure, value FROM rollup WHERE source_id = ?1 AND user = ?2");
        rows.bind(1, source).bind(2, user);
        while (rows.step())
            both[{std::string{rows.text(0)}, std::string{rows.text(1)}}].first = rows.integer(2);
        for (const auto& [key, sum] : count_user(database, source, user))
            both[{format_date(std::get<2>(key)), std::string{measures()[std::get<1>(key)].name}}]
                .second = sum;
        for (const auto& [key, values] : both)
            if (values.first != values.second)
                differences.push_back(
                    {source_name, user, key.first, key.second, values.first, values.second});
    }
    return differences;
}

}  // namespace nudged::warehouse
