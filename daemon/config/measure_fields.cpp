// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/measure_fields.hpp"

#include "daemon/checks/kpi/computed_weeks.hpp"

#include <algorithm>

namespace nudged::config {
namespace {

using warehouse::MeasureCondition;
using warehouse::MeasureTest;

std::vector<std::string> known_measures(const Reading& reading) {
    auto known = reading.measures;
    for (const auto& one : warehouse::measures()) known.emplace_back(one.name);
    return known;
}

bool check_known(const toml::node& node, const std::string& name, const Spot& spot) {
    const auto known = known_measures(spot.reading);
    if (std::find(known.begin(), known.end(), name) != known.end()) return true;
    auto remedy = suggest(name, known);
    if (remedy.empty())
        remedy = "docs/views.md lists those that ship; a [[measure]] declares another";
    spot.error(node, fmt::format("\"{}\" cannot be \"{}\"", spot.key, name), std::move(remedy));
    return false;
}

std::optional<std::string> scalar_text(const toml::node& node) {
    if (const auto text = node.value<std::string>(); text && node.is_string()) return *text;
    if (node.is_boolean()) return *node.value<bool>() ? "true" : "false";
    if (node.is_integer()) return fmt::format("{}", *node.value<std::int64_t>());
    if (node.is_floating_point()) return fmt::format("{}", *node.value<double>());
    return std::nullopt;
}

bool read_values(const toml::node& node, std::vector<std::string>& values, const Spot& spot) {
    if (auto text = scalar_text(node)) {
        values.push_back(std::move(*text));
        return true;
    }
    const auto* list = node.as_array();
    bool good = list != nullptr;
    for (std::size_t i = 0; list && i < list->size(); ++i)
        if (auto text = scalar_text((*list)[i]))
            values.push_back(std::move(*text));
        else
            good = false;
    if (!good) spot.wrong_type(node, "a text, a number, true or false, or a list of them");
    return good;
}

/// `{ at_least = 120 }`: one condition for each test.
bool read_tests(const toml::table& table, const MeasureCondition& of, Conditions::List& out,
                const Spot& spot) {
    std::vector<std::string> words;
    for (const auto& [word, test] : warehouse::measure_tests) words.emplace_back(word);
    bool good = true;
    for (const auto& [key, node] : table) {
        const std::string word{key.str()};
        const auto found = std::find(words.begin(), words.end(), word);
        if (found == words.end()) {
            spot.error(
                node, fmt::format("\"{}\" is nothing that \"{}\" can be asked for", word, of.field),
                suggest(word, words));
            good = false;
            continue;
        }
        auto condition = of;
        condition.test =
            warehouse::measure_tests[static_cast<std::size_t>(found - words.begin())].second;
        good = read_values(node, condition.values, spot.inside(word)) && good;
        out.push_back(std::move(condition));
    }
    return good;
}

bool read_conditions(const toml::table& table, std::string_view prefix, Conditions::List& out,
                     const Spot& spot) {
    bool good = true;
    for (const auto& [key, node] : table) {
        const auto* inner = node.as_table();
        // A dot leads into an inner table: extra.segment = "…".
        if (inner && prefix.empty() && key.str() == "extra") {
            good = read_conditions(*inner, "extra.", out, spot.inside(key.str())) && good;
            continue;
        }
        const auto at = key.source().begin;
        MeasureCondition condition{
            fmt::format("{}{}", prefix, key.str()),
            MeasureTest::is,
            {},
            {spot.reading.file, static_cast<int>(at.line), static_cast<int>(at.column)}};
        if (inner) {
            good = read_tests(*inner, condition, out, spot.inside(key.str())) && good;
            continue;
        }
        good = read_values(node, condition.values, spot.inside(key.str())) && good;
        out.push_back(std::move(condition));
    }
    return good;
}

Value written(const MeasureCondition& condition) {
    std::string text;
    for (const auto& value : condition.values)
        text += (text.empty() ? "" : ", ") + (condition.test == MeasureTest::is ||
                                                      condition.test == MeasureTest::is_not ||
                                                      condition.test == MeasureTest::contains
                                                  ? quote(value)
                                                  : value);
    const bool is_flag = condition.values.size() == 1 && (condition.values.front() == "true" ||
                                                          condition.values.front() == "false");
    if (condition.values.size() != 1) return Value::of("[" + text + "]");
    return Value::of(is_flag ? condition.values.front() : text);
}

}  // namespace

/// A measure alone may be a computed one, too: that is a share or a median, and no part of others.
bool KpiMeasure::read(const toml::node& node, std::string& out, const Spot& spot) {
    if (!Codec<std::string>::read(node, out, spot)) return false;
    for (const auto& computed : checks::computed_measures())
        if (computed.name == out) return true;
    return check_known(node, out, spot);
}

bool MeasureName::read(const toml::node& node, std::string& out, const Spot& spot) {
    return Codec<std::string>::read(node, out, spot) && check_known(node, out, spot);
}

std::optional<Value> MeasureName::write(const std::string& measure) {
    return measure.empty() ? std::nullopt : Codec<std::string>::write(measure);
}

bool MeasureNames::read(const toml::node& node, std::vector<std::string>& out, const Spot& spot) {
    if (!Codec<std::vector<std::string>>::read(node, out, spot)) return false;
    return std::all_of(out.begin(), out.end(),
                       [&](const std::string& name) { return check_known(node, name, spot); });
}

std::optional<Value> MeasureNames::write(const std::vector<std::string>& measures) {
    return Codec<std::vector<std::string>>::write(measures);
}

bool Conditions::read(const toml::node& node, List& out, const Spot& spot) {
    const auto* table = node.as_table();
    if (!table) {
        spot.wrong_type(node, "a table", "write where = { FIELD = VALUE, … }");
        return false;
    }
    out.clear();
    return read_conditions(*table, "", out, spot);
}

/// By field a value, some of them, or a test with such; fields of `extra` have a table of their
/// own.
Shape Conditions::shape() {
    const auto number = Shape::of(Shape::Kind::number);
    const auto truth = Shape::of(Shape::Kind::boolean);
    const auto some = Shape::list_of(Shape::either({Shape::text(), number, truth}));
    const auto test = Shape::table_of(Shape::either({Shape::text(), number, truth, some}));
    const auto extra = Shape::table_of(Shape::either({Shape::text(), number, truth, some, test}));
    return Shape::table_of(Shape::either({Shape::text(), number, truth, some, extra}));
}

std::optional<Value> Conditions::write(const List& conditions) {
    if (conditions.empty()) return std::nullopt;
    Table table;
    for (const auto& condition : conditions) {
        if (condition.test == MeasureTest::is) {
            table.add(condition.field, written(condition));
            continue;
        }
        const auto known =
            std::find_if(table.entries.begin(), table.entries.end(), [&](const auto& entry) {
                return entry.first == condition.field && entry.second.form == Value::Form::table;
            });
        auto test = written(condition);
        if (known != table.entries.end()) {
            known->second.tables.front().add(std::string{to_string(condition.test)},
                                             std::move(test));
            continue;
        }
        Table tests;
        tests.add(std::string{to_string(condition.test)}, std::move(test));
        table.add(condition.field, Value::of(std::move(tests)));
    }
    return Value::of(render_inline(table));
}

bool Codec<warehouse::OwnMeasure>::read(const toml::node& node, warehouse::OwnMeasure& out,
                                        const Spot& spot) {
    const auto* table = node.as_table();
    if (!table) {
        spot.wrong_type(node, "a table");
        return false;
    }
    read_table(*table, spot, out);
    if (const auto* sum = table->get("sum")) out.sum_place = spot.place(*sum);
    if (const auto* day = table->get("day")) out.day_place = spot.place(*day);
    if (table->get("entity")) check_measure(out, spot.reading.problems);
    auto known = known_measures(spot.reading);
    for (const auto& computed : checks::computed_measures()) known.emplace_back(computed.name);
    if (std::find(known.begin(), known.end(), out.name) != known.end())
        spot.error(*table->get("name"), fmt::format("there is a measure \"{}\" already", out.name),
                   "choose another name");
    else if (!out.name.empty())
        spot.reading.measures.push_back(out.name);
    return true;
}

std::optional<Value> Codec<warehouse::OwnMeasure>::write(const warehouse::OwnMeasure& measure) {
    Table table;
    write_fields(measure, table);
    return Value::of(std::move(table));
}

}  // namespace nudged::config
