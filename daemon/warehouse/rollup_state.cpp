// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/rollup_state.hpp"

#include "daemon/warehouse/zone_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace nudged::warehouse {
namespace {

using model::Entity;

struct Walk {
    Entity entity;
    std::string_view column;
};

/// As the indexes …_owner are made.
constexpr Walk walks[] = {{Entity::opportunity, ""},
                          {Entity::call, "started_at"},
                          {Entity::task, "completed_at"},
                          {Entity::meeting, "starts_at"},
                          {Entity::email, "sent_at"}};

bool has_records(const Database& database, Entity entity) {
    return database.integer(
               fmt::format("SELECT EXISTS (SELECT 1 FROM {})", model::to_string(entity))) != 0;
}

/// Its sums are deleted by and by, and its name is free for another.
void supersede(Database& database, std::int64_t id) {
    database.prepare("UPDATE rollup_measure SET name = NULL, counted_to = 0 WHERE id = ?1")
        .bind(1, id)
        .run();
}

MeasureState begin(Database& database, const Measure& measure) {
    MeasureState state{&measure, 0, std::nullopt};
    if (has_records(database, measure.entity)) state.counted_to = 0;
    database
        .prepare("INSERT INTO rollup_measure (name, revision, entity, unit, parts, counted_to) "
                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(1, measure.name)
        .bind(2, measure.revision)
        .bind(3, model::to_string(measure.entity))
        .bind(4, measure.unit)
        .bind(5, measure.parts)
        .bind(6, state.counted_to)
        .run();
    state.id = database.last_insert_id();
    return state;
}

/// Users who were counted without a measure that has begun since begin anew, too.
void restart_users(Database& database) {
    std::vector<std::pair<SourceId, std::string>> users;
    auto rows = database.prepare("SELECT o.source_id, o.user FROM rollup_recount c "
                                 "JOIN rollup_user o ON o.id = c.user_id");
    while (rows.step()) users.emplace_back(SourceId{rows.integer(0)}, rows.text(1));
    for (const auto& [source, user] : users) recount_user(database, source, user);
}

}  // namespace

std::vector<MeasureState> adopt_measures(Database& database, std::span<const Measure> wanted) {
    std::vector<std::optional<MeasureState>> found(wanted.size());
    std::vector<std::int64_t> unwanted;
    {
        auto rows = database.prepare(
            "SELECT id, name, revision, counted_to FROM rollup_measure WHERE name IS NOT NULL");
        while (rows.step()) {
            const auto same = std::find_if(wanted.begin(), wanted.end(), [&](const auto& measure) {
                return measure.name == rows.text(1) && measure.revision == rows.integer(2);
            });
            if (same == wanted.end())
                unwanted.push_back(rows.integer(0));
            else
                found[static_cast<std::size_t>(same - wanted.begin())] =
                    MeasureState{&*same, rows.integer(0), rows.maybe_integer(3)};
        }
    }
    for (const auto id : unwanted) supersede(database, id);
    bool begun = false;
    std::vector<MeasureState> states;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        begun = begun || !found[i];
        states.push_back(found[i] ? *found[i] : begin(database, wanted[i]));
    }
    if (begun) restart_users(database);
    return states;
}

void restart_measures(Database& database, std::span<const Measure> which) {
    for (const auto& measure : which) {
        auto known = database.prepare("SELECT id FROM rollup_measure WHERE name = ?1");
        if (known.bind(1, measure.name).step()) {
            const auto id = known.integer(0);
            known.reset();
            supersede(database, id);
        }
        begin(database, measure);
    }
    restart_users(database);
}

std::span<const Entity> counted_entities() {
    static const auto entities = [] {
        std::array<Entity, std::size(walks)> all{};
        std::transform(std::begin(walks), std::end(walks), all.begin(),
                       [](const Walk& walk) { return walk.entity; });
        return all;
    }();
    return entities;
}

std::string_view walk_column(Entity entity) {
    for (const auto& walk : walks)
        if (walk.entity == entity) return walk.column;
    return {};
}

WalkPosition walk_position(const model::Record& record, std::int64_t row) {
    static const auto columns = [] {
        std::array<std::optional<std::size_t>, model::entity_count> indexes;
        for (const auto& walk : walks)
            if (!walk.column.empty())
                indexes[static_cast<std::size_t>(walk.entity)] =
                    model::field_index(walk.entity, walk.column);
        return indexes;
    }();
    WalkPosition position{record.entity, std::nullopt, row};
    if (const auto column = columns[static_cast<std::size_t>(record.entity)])
        if (const auto* moment = std::get_if<std::int64_t>(&record.values[*column]))
            position.moment = *moment;
    return position;
}

Zone day_zone_of(const Database& database, SourceId source, std::string_view user) {
    auto row =
        database.prepare("SELECT day_zone FROM user WHERE source_id = ?1 AND external_id = ?2");
    row.bind(1, source).bind(2, user);
    return row.step() ? Zone::find(row.text(0)).value_or(Zone::utc()) : Zone::utc();
}

std::int64_t ensure_rollup_user(Database& database, SourceId source, std::string_view user) {
    {
        auto known =
            database.prepare("SELECT id FROM rollup_user WHERE source_id = ?1 AND user = ?2");
        if (known.bind(1, source).bind(2, user).step()) return known.integer(0);
    }
    database.prepare("INSERT INTO rollup_user (source_id, user) VALUES (?1, ?2)")
        .bind(1, source)
        .bind(2, user)
        .run();
    return database.last_insert_id();
}

void recount_user(Database& database, SourceId source, std::string_view user) {
    note_zone_rules(database, day_zone_of(database, source, user));
    const auto id = ensure_rollup_user(database, source, user);
    database.prepare("DELETE FROM rollup WHERE user_id = ?1").bind(1, id).run();
    database
        .prepare("INSERT OR REPLACE INTO rollup_recount (user_id, entity, walked, record_id) "
                 "VALUES (?1, ?2, NULL, 0)")
        .bind(1, id)
        .bind(2, model::to_string(counted_entities().front()))
        .run();
}

}  // namespace nudged::warehouse
