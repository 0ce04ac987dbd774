// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/rollups_verify.hpp"

#include "daemon/warehouse/own_measures.hpp"
#include "daemon/warehouse/rollups_write.hpp"
#include "daemon/warehouse/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sqlite3.h>

namespace nudged::warehouse {
namespace {

using model::Entity;

struct Source {
    SourceId id;
    std::string name;
};

struct CountedUser {
    const Source& source;
    std::string name;
    std::int64_t id = 0;  // in rollup_user; 0: not there
    std::optional<UserRecount> recount;
};

std::vector<Source> read_sources(const Database& database) {
    std::vector<Source> sources;
    auto rows = database.prepare("SELECT id, name FROM source ORDER BY name");
    while (rows.step()) sources.push_back({SourceId{rows.integer(0)}, std::string{rows.text(1)}});
    return sources;
}

/// The first name behind `last` among owners of records and users with sums: a look-up per index,
/// however many records there are.
std::optional<std::string> next_name(const Database& database, const Source& source,
                                     const std::optional<std::string>& last) {
    static const std::string sql = [] {
        std::string parts = "SELECT min(user) AS name FROM rollup_user "
                            "WHERE source_id = ?1 AND user > coalesce(?2, '')";
        for (const auto entity : counted_entities())
            parts += fmt::format(" UNION ALL SELECT min(owner) FROM {} WHERE source_id = ?1 AND "
                                 "owner > coalesce(?2, '')",
                                 model::to_string(entity));
        return "SELECT min(name) FROM (" + parts + ")";
    }();
    auto row = database.prepare(sql);
    row.bind(1, source.id).bind(2, last);
    row.step();
    return row.maybe_text(0);
}

CountedUser read_user(const Database& database, const Source& source, std::string name) {
    CountedUser user{source, std::move(name), 0, std::nullopt};
    auto row = database.prepare(
        "SELECT o.id, c.user_id, c.entity, c.walked, c.record_id FROM rollup_user o "
        "LEFT JOIN rollup_recount c ON c.user_id = o.id "
        "WHERE o.source_id = ?1 AND o.user = ?2");
    row.bind(1, source.id).bind(2, user.name);
    if (!row.step()) return user;
    user.id = row.integer(0);
    if (row.is_null(1)) return user;
    user.recount.emplace();
    if (const auto entity = model::entity_of(row.text(2)))
        user.recount->position = WalkPosition{*entity, row.maybe_integer(3), row.integer(4)};
    return user;
}

/// The states of `wanted` as they are, without beginning any: one that is not there has the id 0.
std::vector<MeasureState> read_states(const Database& database, std::span<const Measure> wanted) {
    std::vector<MeasureState> states;
    auto row = database.prepare(
        "SELECT id, counted_to FROM rollup_measure WHERE name = ?1 AND revision = ?2");
    for (const auto& measure : wanted) {
        MeasureState state{&measure, 0, 0};
        if (row.bind(1, measure.name).bind(2, measure.revision).step())
            state = {&measure, row.integer(0), row.maybe_integer(1)};
        row.reset();
        states.push_back(state);
    }
    return states;
}

/// Both sides of the rollups of one user and entity.
class Comparison {
public:
    Comparison(const Database& database, std::span<const Measure> wanted)
        : database_(database), wanted_(wanted), counts_(wanted) {}

    void compare(const Source& source, const std::string& name, Entity entity,
                 const DifferenceSink& differs) {
        const auto user = read_user(database_, source, name);
        const auto states = read_states(database_, wanted_);
        std::map<Key, Sums> sums;
        count(user, entity, states, sums);
        for (std::size_t i = 0; i < states.size(); ++i)
            if (states[i].measure->entity == entity) read(user, i, states[i].id, sums);
        for (const auto& [key, both] : sums)
            if (both.stored != both.counted)
                differs({source.name, name, format_date(key.second),
                         std::string{wanted_[key.first].name}, both.stored, both.counted});
    }

    /// Sums of measures that are nowhere described.
    void find_strangers(const Source& source, const std::string& name,
                        const DifferenceSink& differs) {
        auto rows = database_.prepare(
            "SELECT r.day, r.value FROM rollup r JOIN rollup_user o ON o.id = r.user_id "
            "WHERE o.source_id = ?1 AND o.user = ?2 "
            "AND r.measure_id NOT IN (SELECT id FROM rollup_measure)");
        rows.bind(1, source.id).bind(2, name);
        while (rows.step())
            differs({source.name, name, format_date(day(rows.integer(0))), "", rows.integer(1), 0});
    }

private:
    struct Sums {
        std::int64_t stored = 0, counted = 0;
    };
    using Key = std::pair<std::size_t, std::chrono::local_days>;

    static std::chrono::local_days day(std::int64_t number) {
        return std::chrono::local_days{std::chrono::days{number}};
    }

    void count(const CountedUser& user, Entity entity, std::span<const MeasureState> states,
               std::map<Key, Sums>& sums) {
        const auto& table = table_of(entity);
        auto rows = database_.prepare(
            fmt::format("SELECT id, {} FROM {} WHERE source_id = ?1 AND owner = ?2 AND "
                        "deleted_at IS NULL",
                        table.columns, table.name));
        rows.bind(1, user.source.id).bind(2, user.name);
        LocalDays days{day_zone_of(database_, user.source.id, user.name)};
        std::map<std::string, StageFlags, std::less<>> stages;
        model::Record record;
        record.entity = entity;
        while (rows.step()) {
            read_values(rows, 1, record);
            const auto row = rows.integer(0);
            if (user.recount && !user.recount->counts(walk_position(record, row))) continue;
            for (const auto& item :
                 counts_.count(record, days, flags_of(stages, user.source.id, record)))
                if (user.recount || states[static_cast<std::size_t>(item.measure)].counts(row))
                    sums[{static_cast<std::size_t>(item.measure), day(item.day)}].counted +=
                        item.value;
        }
        std::erase_if(sums, [](const auto& entry) { return entry.second.counted == 0; });
    }

    StageFlags flags_of(std::map<std::string, StageFlags, std::less<>>& stages, SourceId source,
                        const model::Record& record) {
        const auto stage = stage_of(record);
        if (stage.empty()) return {};
        auto found = stages.find(stage);
        if (found == stages.end())
            found = stages.emplace(stage, stage_flags_of(database_, source, stage)).first;
        return found->second;
    }

    void read(const CountedUser& user, std::size_t measure, std::int64_t id,
              std::map<Key, Sums>& sums) {
        auto rows = database_.prepare(
            "SELECT day, value FROM rollup WHERE user_id = ?1 AND measure_id = ?2");
        rows.bind(1, user.id).bind(2, id);
        while (rows.step()) sums[{measure, day(rows.integer(0))}].stored = rows.integer(1);
    }

    const Database& database_;
    std::span<const Measure> wanted_;
    RecordCounts counts_;
};

/// Runs `work` in one snapshot: the caller's, or one of its own.
template <typename Work>
void in_snapshot(const Database& database, const std::function<void()>& begins, const Work& work) {
    if (database.in_transaction()) return work();
    if (begins) begins();
    struct Snapshot {
        explicit Snapshot(const Database& of) : database(of) { of.prepare("BEGIN").run(); }
        ~Snapshot() { sqlite3_exec(database.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }
        const Database& database;
    };
    const Snapshot snapshot{database};
    work();
}

}  // namespace

std::int64_t verify_rollups(const Database& database, const DifferenceSink& differs,
                            std::span<const Measure> wanted, const std::function<void()>& begins) {
    const WantedMeasures kept{database, wanted};
    Comparison comparison{database, kept.all()};
    const auto read = [&](const auto& work) { in_snapshot(database, begins, work); };
    std::int64_t users = 0;
    std::vector<Source> sources;
    read([&] { sources = read_sources(database); });
    for (const auto& source : sources) {
        std::optional<std::string> name;
        for (;;) {
            read([&] { name = next_name(database, source, name); });
            if (!name) break;
            ++users;
            for (const auto entity : counted_entities())
                read([&] { comparison.compare(source, *name, entity, differs); });
            read([&] { comparison.find_strangers(source, *name, differs); });
        }
    }
    return users;
}

std::vector<RollupDifference> verify_rollups(const Database& database,
                                             std::span<const Measure> wanted) {
    std::vector<RollupDifference> differences;
    verify_rollups(
        database, [&](const RollupDifference& one) { differences.push_back(one); }, wanted);
    return differences;
}

}  // namespace nudged::warehouse
