// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/warehouse/measure_rule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace nudged::warehouse {
namespace {

using model::Entity;
using model::FieldType;

/// What a field is to those who ask it something.
enum class Kind { text, number, flag, day, extra, ending };

std::string remedy_for(std::string_view word, const std::vector<std::string>& known) {
    const auto near = nearest(word, known);
    if (!near.empty()) return fmt::format("did you mean \"{}\"?", near);
    return "docs/records.md lists the fields; one of your own is \"extra.NAME\"";
}

std::string with_article(Entity entity) {
    const auto name = model::to_string(entity);
    return fmt::format("{} {}", name.find_first_of("aeo") == 0 ? "an" : "a", name);
}

std::vector<std::string> fields_for(Entity entity) {
    std::vector<std::string> known;
    for (const auto& field : model::fields_of(entity))
        if (field.type != FieldType::json) known.emplace_back(field.name);
    if (entity == Entity::opportunity) known.emplace_back("ending");
    return known;
}

Kind kind_of(FieldType type) {
    switch (type) {
    case FieldType::integer:
    case FieldType::decimal: return Kind::number;
    case FieldType::boolean: return Kind::flag;
    case FieldType::instant:
    case FieldType::date: return Kind::day;
    default: return Kind::text;
    }
}

bool is_allowed(Kind kind, MeasureTest test) {
    switch (test) {
    case MeasureTest::is: return kind != Kind::day;
    case MeasureTest::is_not: return kind != Kind::day && kind != Kind::flag;
    case MeasureTest::contains: return kind == Kind::text || kind == Kind::extra;
    case MeasureTest::at_least:
    case MeasureTest::at_most: return kind == Kind::number || kind == Kind::extra;
    case MeasureTest::is_set: return kind != Kind::flag && kind != Kind::ending;
    }
    return false;
}

class Checker {
public:
    Checker(const OwnMeasure& measure, Diagnostics& problems)
        : measure_(measure), problems_(problems) {}

    void check() {
        for (const auto& condition : measure_.where) check_condition(condition);
        if (!measure_.sum.empty()) check_sum();
        if (!measure_.day.empty()) check_day();
    }

private:
    void report(const Place& place, std::string what, std::string remedy) {
        problems_.error(place, std::move(what), std::move(remedy));
    }

    /// Reports a field that is not there.
    std::optional<Kind> kind_of_field(const std::string& field, const Place& place) {
        if (field.starts_with("extra.") && field.size() > 6) return Kind::extra;
        if (measure_.entity == Entity::opportunity && field == "ending") return Kind::ending;
        const auto index = model::field_index(measure_.entity, field);
        if (index && model::fields_of(measure_.entity)[*index].type != FieldType::json)
            return kind_of(model::fields_of(measure_.entity)[*index].type);
        report(place, fmt::format("{} has no field \"{}\"", with_article(measure_.entity), field),
               remedy_for(field, fields_for(measure_.entity)));
        return std::nullopt;
    }

    void check_condition(const MeasureCondition& one) {
        if (measure_.entity == Entity::opportunity &&
            (one.field == "is_won" || one.field == "is_closed"))
            return report(one.place,
                          fmt::format("\"{}\" is empty where the stage alone says it", one.field),
                          "write ending = \"won\", \"lost\", \"closed\" or \"open\"");
        if (one.field == "owner")
            return report(one.place, "a measure counts for every owner of records",
                          "leave \"owner\" out; a KPI has targets of its own for teams and reps");
        const auto kind = kind_of_field(one.field, one.place);
        if (!kind) return;
        if (!is_allowed(*kind, one.test))
            return report(
                one.place,
                fmt::format("\"{}\" cannot be asked for \"{}\"", one.field, to_string(one.test)),
                allowed_tests(*kind));
        check_values(one, *kind);
    }

    static std::string allowed_tests(Kind kind) {
        std::vector<std::string_view> words;
        for (const auto& [word, test] : measure_tests)
            if (is_allowed(kind, test)) words.push_back(word);
        return fmt::format("here it can be asked for {}", fmt::join(words, ", "));
    }

    void check_values(const MeasureCondition& one, Kind kind) {
        const bool compares = one.test == MeasureTest::at_least || one.test == MeasureTest::at_most;
        if (one.values.empty() || (compares && one.values.size() != 1))
            return report(one.place, fmt::format("\"{}\" needs a value", one.field),
                          compares ? "write one number" : "write a text or a list of texts");
        for (const auto& value : one.values) {
            const bool is_flag = value == "true" || value == "false";
            if ((one.test == MeasureTest::is_set || kind == Kind::flag) && !is_flag)
                return report(one.place,
                              fmt::format("\"{}\" is not asked for \"{}\"", one.field, value),
                              "write true or false");
            if ((compares || (kind == Kind::number && one.test != MeasureTest::is_set)) &&
                !Decimal::parse(value))
                return report(one.place,
                              fmt::format("\"{}\" is a number, not \"{}\"", one.field, value),
                              "write a number");
            if (kind == Kind::ending) check_ending(one, value);
        }
    }

    void check_ending(const MeasureCondition& one, const std::string& value) {
        const std::vector<std::string> endings{"open", "won", "lost", "closed"};
        if (std::find(endings.begin(), endings.end(), value) == endings.end())
            report(one.place, fmt::format("an opportunity does not end as \"{}\"", value),
                   "write open, won, lost or closed (of which it is not known whether it was won)");
    }

    void check_sum() {
        const auto kind = kind_of_field(measure_.sum, measure_.sum_place);
        if (kind && kind != Kind::number && kind != Kind::extra)
            report(measure_.sum_place,
                   fmt::format("\"{}\" is no number that could be added up", measure_.sum),
                   "name a field with a number, or leave \"sum\" out to count records");
    }

    void check_day() {
        const auto kind = kind_of_field(measure_.day, measure_.day_place);
        if (kind && kind != Kind::day)
            report(measure_.day_place, fmt::format("\"{}\" is no day", measure_.day),
                   "name a field with a moment or a date, or leave \"day\" out");
    }

    const OwnMeasure& measure_;
    Diagnostics& problems_;
};

}  // namespace

void check_measure(const OwnMeasure& measure, Diagnostics& problems) {
    Checker{measure, problems}.check();
}

}  // namespace nudged::warehouse
