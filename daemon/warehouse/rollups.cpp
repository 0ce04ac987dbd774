// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/rollups.hpp"

#include "daemon/warehouse/measures.hpp"
#include "daemon/warehouse/recount.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::warehouse {
namespace {

std::int64_t number_of(std::chrono::local_days day) {
    return day.time_since_epoch().count();
}

std::chrono::local_days day_of(std::int64_t number) {
    return std::chrono::local_days{std::chrono::days{number}};
}

/// A row of rollup_user whose sums are a person's on the days [from, until).
struct Stint {
    std::int64_t user;
    std::int64_t from;
    std::int64_t until;
};

/// Apart from the sums, which are read so often that no part of their statement is for nothing.
std::vector<Stint> read_stints(const Database& database, PersonId person) {
    auto rows = database.prepare(R"sql(
SELECT o.id, unixepoch(u.from_day) / 86400, unixepoch(u.until_day) / 86400
  FROM attribution u JOIN rollup_user o ON o.source_id = u.source_id AND o.user = u.user
 WHERE u.person_id = ?1)sql");
    rows.bind(1, person);
    std::vector<Stint> stints;
    while (rows.step()) stints.push_back({rows.integer(0), rows.integer(1), rows.integer(2)});
    return stints;
}

std::optional<std::int64_t> find_measure_row(const Database& database, std::string_view measure) {
    auto row = database.prepare("SELECT id FROM rollup_measure WHERE name = ?1");
    if (!row.bind(1, measure).step()) return std::nullopt;
    return row.integer(0);
}

/// Adds what a statement of day and value gives.
void add_days(Statement& rows, WeekSums& sums) {
    // Days come in order, so that a week is looked up once and not for each of its days.
    WeekSums::value_type* week = nullptr;
    while (rows.step()) {
        const auto day = day_of(rows.integer(0));
        if (!week || day < week->first.monday() || day >= week->first.end())
            week = &*sums.try_emplace(IsoWeek::of(day)).first;
        week->second += rows.integer(1);
    }
}

}  // namespace

RollupProof read_rollup_proof(const Reader& reader, std::span<const Measure> wanted) {
    const auto& database = reader.database();
    RollupProof proof;
    const auto state = read_recount_state(database, wanted);
    const auto why = fmt::format("counted anew, {:.0f} % done", 100 * state.share);
    for (const auto& measure : state.measures) proof.measures.emplace(measure, why);
    auto rows = database.prepare(R"sql(
SELECT u.person_id
  FROM rollup_recount c
  JOIN rollup_user o ON o.id = c.user_id
  JOIN attribution u ON u.source_id = o.source_id AND u.user = o.user
 WHERE c.entity IS NOT NULL)sql");
    while (rows.step())
        proof.people.emplace(PersonId{rows.integer(0)}, "counted anew in another time zone");
    return proof;
}

std::optional<std::string> RollupProof::why_not(const Measure& measure, PersonId person) const {
    if (const auto found = measures.find(measure.name); found != measures.end())
        return found->second;
    for (const auto& other : warehouse::measures()) {
        if (other.entity != measure.entity || !other.shows_begin) continue;
        const auto found = measures.find(other.name);
        if (found != measures.end()) return found->second;
    }
    const auto found = people.find(person);
    return found == people.end() ? std::nullopt : std::optional{found->second};
}

std::map<PersonId, WeekSums> read_weeks(const Reader& reader, std::string_view measure,
                                        std::span<const PersonId> people,
                                        std::chrono::local_days from,
                                        std::chrono::local_days until) {
    std::map<PersonId, WeekSums> all;
    const auto& database = reader.database();
    const auto row = find_measure_row(database, measure);
    if (!row) return all;
    auto days = database.prepare("SELECT day, value FROM rollup WHERE user_id = ?1 AND "
                                 "measure_id = ?2 AND day >= ?3 AND day < ?4");
    for (const PersonId person : people) {
        WeekSums sums;
        for (const auto& stint : read_stints(database, person)) {
            days.bind(1, stint.user).bind(2, *row);
            days.bind(3, std::max(stint.from, number_of(from)));
            days.bind(4, std::min(stint.until, number_of(until)));
            add_days(days, sums);
            days.reset();
        }
        if (!sums.empty()) all.insert_or_assign(person, std::move(sums));
    }
    return all;
}

std::set<PersonId> read_people_with_data(const Reader& reader, std::span<const PersonId> people,
                                         std::chrono::local_days last) {
    std::set<PersonId> known;
    for (const PersonId person : people) {
        // OR stops at the first that holds, so the tables are only searched for people without
        // sums.
        auto rows = reader.database().prepare(R"sql(
SELECT 1 FROM attribution u
 WHERE u.person_id = ?1
   AND (EXISTS (SELECT 1 FROM rollup_user c JOIN rollup_measure m JOIN rollup r
                    ON r.user_id = c.id AND r.measure_id = m.id AND r.day <= ?2
                   AND r.day >= unixepoch(u.from_day) / 86400
                   AND r.day < unixepoch(u.until_day) / 86400
                 WHERE c.source_id = u.source_id AND c.user = u.user AND m.name IS NOT NULL)
     OR u.until_day = '9999-12-31' AND (
        EXISTS (SELECT 1 FROM opportunity o WHERE o.source_id = u.source_id
                   AND o.owner = u.user AND o.deleted_at IS NULL)
     OR EXISTS (SELECT 1 FROM account a WHERE a.source_id = u.source_id
                   AND a.owner = u.user AND a.deleted_at IS NULL)
     OR EXISTS (SELECT 1 FROM task t WHERE t.source_id = u.source_id
                   AND t.owner = u.user AND t.deleted_at IS NULL)))
 LIMIT 1)sql");
        rows.bind(1, person).bind(2, number_of(last));
        if (rows.step()) known.insert(person);
    }
    return known;
}

std::map<PersonId, std::chrono::local_days> read_first_days(const Reader& reader,
                                                            model::Entity entity,
                                                            std::span<const PersonId> people) {
    std::map<PersonId, std::chrono::local_days> first;
    const auto& database = reader.database();
    std::vector<std::int64_t> of_entity;
    for (const auto& measure : measures()) {
        if (measure.entity != entity || !measure.shows_begin) continue;
        if (const auto row = find_measure_row(database, measure.name)) of_entity.push_back(*row);
    }
    auto row = database.prepare("SELECT min(day) FROM rollup WHERE user_id = ?1 AND "
                                "measure_id = ?2 AND day >= ?3 AND day < ?4");
    for (const PersonId person : people)
        for (const auto& stint : read_stints(database, person))
            for (const auto measure : of_entity) {
                row.bind(1, stint.user).bind(2, measure).bind(3, stint.from).bind(4, stint.until);
                row.step();
                if (const auto number = row.maybe_integer(0)) {
                    const auto day = day_of(*number);
                    const auto [known, is_new] = first.emplace(person, day);
                    if (!is_new) known->second = std::min(known->second, day);
                }
                row.reset();
            }
    return first;
}

}  // namespace nudged::warehouse
