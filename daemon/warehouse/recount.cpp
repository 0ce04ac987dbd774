// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/recount.hpp"

#include "daemon/warehouse/deferred_indexes.hpp"
#include "daemon/warehouse/own_measures.hpp"
#include "daemon/warehouse/rollups_write.hpp"
#include "daemon/warehouse/tables.hpp"
#include "daemon/warehouse/zone_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

namespace nudged::warehouse {
namespace {

using model::Entity;

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();

/// Counts records of any source into sums, in steps that were decided before.
class Counter {
public:
    Counter(Database& database, std::span<const MeasureState> states,
            std::span<const Measure> wanted)
        : database_(database), states_(states), counts_(wanted) {}

    struct User {
        std::int64_t id;
        LocalDays days;
        bool has_recount;
    };
    User& user_of(SourceId source, std::string_view owner) {
        auto& users = users_[source];
        auto found = users.find(owner);
        if (found != users.end()) return found->second;
        const auto id = ensure_rollup_user(database_, source, owner);
        auto row = database_.prepare("SELECT 1 FROM rollup_recount WHERE user_id = ?1");
        const bool has_recount = row.bind(1, id).step();
        User user{id, LocalDays{day_zone_of(database_, source, owner)}, has_recount};
        return users.emplace(owner, user).first->second;
    }

    template <typename Wanted>
    void count(SourceId source, const model::Record& record, User& user, const Wanted& wants) {
        for (const auto& item : counts_.count(record, user.days, flags_of(source, record)))
            if (wants(states_[static_cast<std::size_t>(item.measure)]))
                sums_.add({user.id, item.measure, item.day}, item.value);
    }
    void flush() { sums_.flush(database_, states_); }

private:
    StageFlags flags_of(SourceId source, const model::Record& record) {
        const auto stage = stage_of(record);
        if (stage.empty()) return {};
        auto& stages = stages_[source];
        auto found = stages.find(stage);
        if (found == stages.end())
            found = stages.emplace(stage, stage_flags_of(database_, source, stage)).first;
        return found->second;
    }

    Database& database_;
    std::span<const MeasureState> states_;
    RecordCounts counts_;
    RollupSums sums_;
    std::map<SourceId, std::map<std::string, User, std::less<>>> users_;
    std::map<SourceId, std::map<std::string, StageFlags, std::less<>>> stages_;
};

/// One stretch of the walk over a user's records: those of one entity with a moment, or without.
struct Stretch {
    Entity entity;
    bool with_moment;
};

std::vector<Stretch> stretches() {
    std::vector<Stretch> all;
    for (const auto entity : counted_entities()) {
        all.push_back({entity, false});
        if (!walk_column(entity).empty()) all.push_back({entity, true});
    }
    return all;
}

WalkPosition start_of(const Stretch& stretch) {
    return {stretch.entity, stretch.with_moment ? std::optional{lowest} : std::nullopt, 0};
}

/// row, deleted_at, values, of the records of ?1 and ?2 behind row ?3 and moment ?4, at most ?5.
std::string stretch_sql(const Stretch& stretch) {
    const auto& table = table_of(stretch.entity);
    const auto column = walk_column(stretch.entity);
    const auto select = fmt::format("SELECT id, deleted_at, {} FROM {} WHERE source_id = ?1 AND "
                                    "owner = ?2 AND ",
                                    table.columns, table.name);
    if (stretch.with_moment)
        return select + fmt::format("({0}, id) > (?4, ?3) ORDER BY {0}, id LIMIT ?5", column);
    const auto empty = column.empty() ? std::string{} : fmt::format("{} IS NULL AND ", column);
    return select + empty + "id > ?3 AND ?4 IS NULL ORDER BY id LIMIT ?5";
}

struct PendingUser {
    std::int64_t id;
    SourceId source;
    std::string name;
    WalkPosition position;
};

std::optional<PendingUser> next_user(const Database& database) {
    auto row =
        database.prepare("SELECT c.user_id, o.source_id, o.user, c.entity, c.walked, c.record_id "
                         "FROM rollup_recount c JOIN rollup_user o ON o.id = c.user_id "
                         "WHERE c.entity IS NOT NULL ORDER BY c.user_id LIMIT 1");
    if (!row.step()) return std::nullopt;
    const auto entity = model::entity_of(row.text(3));
    return PendingUser{
        row.integer(0),
        SourceId{row.integer(1)},
        std::string{row.text(2)},
        {entity.value_or(counted_entities().front()), row.maybe_integer(4), row.integer(5)}};
}

/// Of one stretch, from the user's position on; moves it, and answers how many records there were.
std::int64_t walk(Database& database, Counter& counter, PendingUser& user, const Stretch& stretch,
                  std::int64_t limit) {
    auto rows = database.prepare(stretch_sql(stretch));
    rows.bind(1, user.source).bind(2, user.name).bind(3, user.position.row);
    rows.bind(4, user.position.moment).bind(5, limit);
    auto& counted = counter.user_of(user.source, user.name);
    model::Record record;
    record.entity = stretch.entity;
    std::int64_t seen = 0;
    for (; rows.step(); ++seen) {
        read_values(rows, 2, record);
        user.position = walk_position(record, rows.integer(0));
        if (rows.is_null(1))
            counter.count(user.source, record, counted, [](const MeasureState&) { return true; });
    }
    return seen;
}

bool counts_measures(std::span<const MeasureState> states) {
    return std::any_of(states.begin(), states.end(),
                       [](const MeasureState& state) { return state.counted_to.has_value(); });
}

void end_user(Database& database, const PendingUser& user, bool keep) {
    database
        .prepare(keep ? "UPDATE rollup_recount SET entity = NULL, walked = NULL, record_id = 0 "
                        "WHERE user_id = ?1"
                      : "DELETE FROM rollup_recount WHERE user_id = ?1")
        .bind(1, user.id)
        .run();
}

void move_user(Database& database, const PendingUser& user) {
    database
        .prepare("UPDATE rollup_recount SET entity = ?2, walked = ?3, record_id = ?4 "
                 "WHERE user_id = ?1")
        .bind(1, user.id)
        .bind(2, model::to_string(user.position.entity))
        .bind(3, user.position.moment)
        .bind(4, user.position.row)
        .run();
}

std::int64_t step_user(Database& database, Counter& counter, PendingUser user,
                       std::span<const MeasureState> states, std::int64_t limit) {
    static const auto all = stretches();
    std::int64_t seen = 0;
    auto at = std::find_if(all.begin(), all.end(), [&](const Stretch& stretch) {
        return stretch.entity == user.position.entity &&
               stretch.with_moment == user.position.moment.has_value();
    });
    for (; at != all.end(); ++at) {
        user.position = std::max(user.position, start_of(*at));
        seen += walk(database, counter, user, *at, limit - seen);
        if (seen >= limit) break;
    }
    counter.flush();
    if (at == all.end())
        end_user(database, user, counts_measures(states));
    else
        move_user(database, user);
    return seen + 1;  // a user without records costs something, too
}

/// Measures of one entity that are counted up to the same row, and the next such row of others.
struct PendingMeasures {
    Entity entity{};
    std::int64_t from = std::numeric_limits<std::int64_t>::max();
    std::int64_t until = std::numeric_limits<std::int64_t>::max();
};

std::optional<PendingMeasures> next_measures(std::span<const MeasureState> states) {
    std::optional<PendingMeasures> next;
    for (const auto& state : states) {
        if (!state.counted_to) continue;
        if (!next) next = PendingMeasures{.entity = state.measure->entity};
        if (state.measure->entity == next->entity)
            next->from = std::min(next->from, *state.counted_to);
    }
    if (!next) return next;
    for (const auto& state : states)
        if (state.measure->entity == next->entity && state.counted_to > next->from)
            next->until = std::min(next->until, *state.counted_to);
    return next;
}

/// Users who were counted by themselves need nothing any more once no measure is being counted.
void end_measures(Database& database) {
    database
        .prepare("DELETE FROM rollup_recount WHERE entity IS NULL AND NOT EXISTS (SELECT 1 FROM "
                 "rollup_measure WHERE name IS NOT NULL AND counted_to IS NOT NULL)")
        .run();
}

std::int64_t step_measures(Database& database, Counter& counter, const PendingMeasures& pending,
                           std::int64_t limit) {
    const auto& table = table_of(pending.entity);
    auto rows = database.prepare(
        fmt::format("SELECT id, deleted_at, source_id, {} FROM {} WHERE id > ?1 AND id <= ?2 "
                    "ORDER BY id LIMIT ?3",
                    table.columns, table.name));
    rows.bind(1, pending.from).bind(2, pending.until).bind(3, limit);
    const auto wants = [&](const MeasureState& state) { return state.counted_to == pending.from; };
    model::Record record;
    record.entity = pending.entity;
    std::int64_t seen = 0;
    std::optional<std::int64_t> last;
    for (; rows.step(); ++seen) {
        last = rows.integer(0);
        if (!rows.is_null(1)) continue;
        read_values(rows, 3, record);
        const auto owner = owner_of(record);
        if (owner.empty()) continue;
        const SourceId source{rows.integer(2)};
        auto& user = counter.user_of(source, owner);
        if (!user.has_recount) counter.count(source, record, user, wants);
    }
    counter.flush();
    if (seen < limit) {
        const bool others = pending.until != std::numeric_limits<std::int64_t>::max();
        last = others ? std::optional{pending.until} : std::nullopt;
    }
    database
        .prepare("UPDATE rollup_measure SET counted_to = ?3 WHERE name IS NOT NULL AND "
                 "entity = ?1 AND counted_to = ?2")
        .bind(1, model::to_string(pending.entity))
        .bind(2, pending.from)
        .bind(3, last)
        .run();
    if (!last) end_measures(database);
    return seen + 1;
}

/// Deletes sums of what no measure counts any more, user by user.
std::int64_t step_superseded(Database& database, std::int64_t limit) {
    auto oldest = database.prepare("SELECT id, counted_to FROM rollup_measure WHERE name IS NULL "
                                   "ORDER BY counted_to LIMIT 1");
    if (!oldest.step()) return 0;
    const auto id = oldest.integer(0);
    auto position = oldest.integer(1);
    oldest.reset();
    auto next = database.prepare("SELECT min(id) FROM rollup_user WHERE id > ?1");
    std::int64_t deleted = 0;
    while (deleted < limit) {
        const bool more = next.bind(1, position).step() && !next.is_null(0);
        const auto user = next.integer(0);
        next.reset();
        if (!more) {
            database.prepare("DELETE FROM rollup_measure WHERE id = ?1").bind(1, id).run();
            return deleted + 1;
        }
        deleted += 1 + database
                           .prepare("DELETE FROM rollup WHERE user_id = ?1 AND measure_id NOT IN "
                                    "(SELECT id FROM rollup_measure WHERE name IS NOT NULL)")
                           .bind(1, user)
                           .run();
        position = user;
    }
    database.prepare("UPDATE rollup_measure SET counted_to = ?2 WHERE id = ?1")
        .bind(1, id)
        .bind(2, position)
        .run();
    return deleted;
}

/// One step of the first kind that has something to do; 0 when none has.
std::int64_t step(Database& database, std::int64_t limit, std::span<const Measure> wanted) {
    const auto states = adopt_measures(database, wanted);
    Counter counter{database, states, wanted};
    if (auto user = next_user(database)) {
        // A walk without its index would read the whole table again and again.
        if (build_deferred_index(database)) return limit;
        return step_user(database, counter, std::move(*user), states, limit);
    }
    if (const auto pending = next_measures(states))
        return step_measures(database, counter, *pending, limit);
    return step_superseded(database, limit);
}

bool has_more(const Database& database) {
    return database.integer(
               "SELECT EXISTS (SELECT 1 FROM rollup_recount WHERE entity IS NOT NULL) "
               "OR EXISTS (SELECT 1 FROM rollup_measure WHERE counted_to IS NOT NULL)") != 0;
}

}  // namespace

bool recount_some(Database& database, std::int64_t records, std::span<const Measure> wanted) {
    const WantedMeasures kept{database, wanted};
    while (records > 0) {
        const auto done = step(database, records, kept.all());
        if (done == 0) return false;
        records -= done;
    }
    return has_more(database);
}

void recount_at_once(Database& database, std::span<const Measure> wanted) {
    if (!has_deferred_indexes(database)) recount_some(database, records_at_once, wanted);
}

void open_rollups(Database& database, std::span<const Measure> wanted) {
    const WantedMeasures kept{database, wanted};
    recount_changed_zones(database);
    adopt_measures(database, kept.all());
}

void begin_rebuild(Database& database, std::span<const Measure> wanted) {
    // Everybody is counted by their measures' counts, which begin at the first record.
    const WantedMeasures kept{database, wanted};
    database.execute("DELETE FROM rollup_recount");
    adopt_measures(database, kept.all());
    restart_measures(database, kept.all());
}

RecountState read_recount_state(const Database& database, std::span<const Measure> wanted) {
    const WantedMeasures kept{database, wanted};
    RecountState state;
    state.users = database.integer("SELECT count(*) FROM rollup_recount WHERE entity IS NOT NULL");
    state.has_superseded = database.integer("SELECT EXISTS (SELECT 1 FROM rollup_measure WHERE "
                                            "name IS NULL)") != 0;
    state.needs_index = state.users > 0 && has_deferred_indexes(database);
    auto known = database.prepare(
        "SELECT counted_to, entity FROM rollup_measure WHERE name = ?1 AND revision = ?2");
    double counted = 0;
    for (const auto& measure : kept.all()) {
        const bool is_known = known.bind(1, measure.name).bind(2, measure.revision).step();
        const bool is_done = is_known && known.is_null(0);
        const auto position = is_known ? known.integer(0) : 0;
        known.reset();
        if (is_done) continue;
        state.measures.emplace_back(measure.name);
        const auto last = database.integer(
            fmt::format("SELECT max(id) FROM {}", model::to_string(measure.entity)));
        if (last > 0) counted += static_cast<double>(position) / static_cast<double>(last);
    }
    if (!state.measures.empty()) state.share = counted / static_cast<double>(state.measures.size());
    return state;
}

}  // namespace nudged::warehouse
