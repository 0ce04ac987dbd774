// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/week_values.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>

namespace nudged::warehouse {
namespace {

/// Values are sums of hundredths at the finest.
constexpr double same = 1e-6;

struct Noted {
    double value = 0;
    bool is_same_basis = false;  // the users who count for the person are those of then

    bool is(double now) const { return is_same_basis && std::abs(value - now) < same; }
};

/// Looks up what was noted, and who counts for a person now.
class Notes {
public:
    explicit Notes(const Database& database)
        : noted_(database.prepare("SELECT value, basis FROM week_value WHERE person_id = ?1 AND "
                                  "measure = ?2 AND week = ?3")),
          users_(database.prepare(
              "SELECT s.name, u.external_id FROM user u JOIN source s ON s.id = u.source_id "
              "WHERE u.person_id = ?1 ORDER BY 1, 2")) {}

    std::optional<Noted> find(const WeekValue& week) {
        const auto name = week.week.str();
        noted_.reset();
        noted_.bind(1, week.person).bind(2, week.measure).bind(3, name);
        if (!noted_.step()) return std::nullopt;
        return Noted{noted_.real(0), noted_.text(1) == basis_of(week.person)};
    }
    const std::string& basis_of(PersonId person) {
        if (person == person_) return basis_;
        person_ = person;
        basis_.clear();
        users_.reset();
        users_.bind(1, person);
        while (users_.step()) basis_ += fmt::format("{}\t{}\n", users_.text(0), users_.text(1));
        return basis_;
    }

private:
    Statement noted_, users_;
    PersonId person_{};
    std::string basis_;
};

}  // namespace

std::vector<WeekValue> read_news(const Reader& reader, std::vector<WeekValue> values) {
    Notes notes(reader.database());
    std::erase_if(values, [&](const WeekValue& week) {
        const auto noted = notes.find(week);
        return noted && noted->is(week.value);
    });
    return values;
}

void note_weeks(Database& database, std::span<const WeekValue> values, Instant now) {
    Notes notes(database);
    for (const auto& week : values) {
        const auto noted = notes.find(week);
        if (noted && noted->is(week.value)) continue;
        const auto name = week.week.str();
        if (noted && noted->is_same_basis)
            database
                .prepare("INSERT OR REPLACE INTO week_edit (person_id, measure, week, seen_at, "
                         "before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                .bind(1, week.person)
                .bind(2, week.measure)
                .bind(3, name)
                .bind(4, now)
                .bind(5, noted->value)
                .bind(6, week.value)
                .run();
        database
            .prepare("INSERT OR REPLACE INTO week_value (person_id, measure, week, value, basis) "
                     "VALUES (?1, ?2, ?3, ?4, ?5)")
            .bind(1, week.person)
            .bind(2, week.measure)
            .bind(3, name)
            .bind(4, week.value)
            .bind(5, notes.basis_of(week.person))
            .run();
    }
}

std::vector<WeekEdit> read_week_edits(const Reader& reader, IsoWeek first, Instant until) {
    auto rows = reader.database().prepare(
        "SELECT person_id, measure, week, before, after, seen_at FROM week_edit "
        "WHERE week >= ?1 AND seen_at <= ?2 ORDER BY person_id, measure, week, seen_at");
    const auto from = first.str();
    rows.bind(1, from).bind(2, until);
    std::vector<WeekEdit> edits;
    while (rows.step()) {
        const auto week = IsoWeek::parse(rows.text(2));
        if (!week) continue;
        edits.push_back({PersonId{rows.integer(0)}, std::string{rows.text(1)}, *week, rows.real(3),
                         rows.real(4), from_millis(rows.integer(5))});
    }
    return edits;
}

}  // namespace nudged::warehouse
