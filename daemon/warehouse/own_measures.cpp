// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/own_measures.hpp"

#include "connectors/base/text.hpp"
#include "daemon/warehouse/recount.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::warehouse {
namespace {

/// Of what conditions mean: grows when the same definition comes to count something else.
constexpr int rule_version = 1;

Measure as_measure(const OwnMeasure& own, const MeasureRule& rule) {
    Measure measure{.name = own.name,
                    .unit = rule.unit(),
                    .meaning = own.meaning,
                    .entity = own.entity,
                    .parts = rule.parts(),
                    .revision = revision_of(own),
                    .count = nullptr};
    measure.by_stage = rule.asks_stage();
    measure.below_zero = rule.parts() != 1;
    measure.shows_begin = false;
    measure.rule = &rule;
    return measure;
}

std::optional<MeasureTest> test_of(std::string_view word) {
    for (const auto& [known, test] : measure_tests)
        if (known == word) return test;
    return std::nullopt;
}

void read_conditions(const Database& database, OwnMeasure& measure) {
    auto rows = database.prepare("SELECT position, field, test, value FROM own_measure_condition "
                                 "WHERE measure = ?1 ORDER BY position, value_position");
    rows.bind(1, measure.name);
    std::int64_t last = -1;
    while (rows.step()) {
        const auto test = test_of(rows.text(2));
        if (!test)
            throw Failure(
                FailureKind::corrupt,
                fmt::format("the measure {} has a condition of an unknown kind", measure.name));
        if (rows.integer(0) != last)
            measure.where.push_back({std::string{rows.text(1)}, *test, {}, {}});
        last = rows.integer(0);
        measure.where.back().values.emplace_back(rows.text(3));
    }
}

void write_measure(Database& database, const OwnMeasure& measure, std::int64_t position) {
    database
        .prepare("INSERT INTO own_measure (name, position, meaning, entity, sum, day) "
                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .bind(1, measure.name)
        .bind(2, position)
        .bind(3, measure.meaning)
        .bind(4, model::to_string(measure.entity))
        .bind(5, measure.sum)
        .bind(6, measure.day)
        .run();
    auto insert = database.prepare(
        "INSERT INTO own_measure_condition (measure, position, field, test, value_position, value) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    std::int64_t condition = 0;
    for (const auto& one : measure.where) {
        std::int64_t at = 0;
        for (const auto& value : one.values)
            insert.bind(1, measure.name)
                .bind(2, condition)
                .bind(3, one.field)
                .bind(4, to_string(one.test))
                .bind(5, at++)
                .bind(6, value)
                .run();
        ++condition;
    }
}

bool is_same(std::span<const OwnMeasure> left, std::span<const OwnMeasure> right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const OwnMeasure& one, const OwnMeasure& other) {
                          return one.name == other.name && one.meaning == other.meaning &&
                                 revision_of(one) == revision_of(other);
                      });
}

}  // namespace

std::int64_t revision_of(const OwnMeasure& measure) {
    std::string text = fmt::format("{}\n{}\n{}\n{}", rule_version, model::to_string(measure.entity),
                                   measure.sum, measure.day);
    for (const auto& one : measure.where) {
        text += fmt::format("\n{} {}", one.field, to_string(one.test));
        // Lengths, so that no value can look like two.
        for (const auto& value : one.values) text += fmt::format(" {}:{}", value.size(), value);
    }
    const auto hash = fingerprint(text);
    std::uint64_t number = 0;
    std::from_chars(hash.data(), hash.data() + 15, number, 16);  // 60 bits: never negative
    return static_cast<std::int64_t>(number);
}

std::shared_ptr<const MeasureList::Held> MeasureList::hold(std::vector<OwnMeasure> own) {
    auto held = std::make_shared<Held>();
    held->own = std::move(own);
    held->rules.reserve(held->own.size());
    held->all.assign(measures().begin(), measures().end());
    for (const auto& one : held->own) {
        held->rules.emplace_back(one);
        held->all.push_back(as_measure(one, held->rules.back()));
    }
    return held;
}

MeasureList::MeasureList() {
    static const auto shipped = hold({});
    held_ = shipped;
}

MeasureList::MeasureList(std::vector<OwnMeasure> own) : held_(hold(std::move(own))) {}

const Measure* MeasureList::find(std::string_view name) const {
    const auto found = std::find_if(held_->all.begin(), held_->all.end(),
                                    [&](const Measure& one) { return one.name == name; });
    return found == held_->all.end() ? nullptr : &*found;
}

MeasureList read_measures(const Database& database) {
    std::vector<OwnMeasure> own;
    auto rows = database.prepare(
        "SELECT name, meaning, entity, sum, day FROM own_measure ORDER BY position");
    while (rows.step()) {
        OwnMeasure measure;
        measure.name = rows.text(0);
        // A later release may ship one of that name.
        if (find_measure(measure.name)) continue;
        measure.meaning = rows.text(1);
        const auto entity = model::entity_of(rows.text(2));
        if (!entity)
            throw Failure(FailureKind::corrupt,
                          fmt::format("the measure {} counts an unknown entity", measure.name));
        measure.entity = *entity;
        measure.sum = rows.text(3);
        measure.day = rows.text(4);
        read_conditions(database, measure);
        own.push_back(std::move(measure));
    }
    return own.empty() ? MeasureList{} : MeasureList{std::move(own)};
}

void apply_measures(Database& database, const MeasureList& measures) {
    if (!is_same(read_measures(database).own(), measures.own())) {
        database.execute("DELETE FROM own_measure_condition; DELETE FROM own_measure");
        std::int64_t position = 0;
        for (const auto& one : measures.own()) write_measure(database, one, position++);
    }
    adopt_measures(database, measures.all());
    recount_at_once(database, measures.all());
}

}  // namespace nudged::warehouse
