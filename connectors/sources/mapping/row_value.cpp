// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/row_value.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

using model::Value;

bool is_null(const Value& value) {
    return std::holds_alternative<std::monostate>(value);
}

/// What a value is made from: a text, or something that is no text.
struct Found {
    Raw raw;
    bool is_compound = false;
};

/// Not what the value map names: whoever maps a null means something by it. Nor what a boolean may
/// be: false is a value there.
bool stands_for_null(const ValuePlan& plan, std::string_view text) {
    if (text.empty()) return true;
    const bool is_value =
        plan.rule.type == model::FieldType::boolean || plan.rule.values.contains(text);
    return !is_value && plan.nulls && plan.nulls->has(text);
}

/// nullopt: nothing there, or what stands for it.
std::optional<Found> found_at(const ValuePlan& plan, const json::Value* value) {
    if (json::is_compound(value)) {
        if (plan.nulls && plan.nulls->has(value)) return std::nullopt;
        return Found{std::nullopt, true};
    }
    const auto text = json::scalar(value);
    if (!text || stands_for_null(plan, trim(*text))) return std::nullopt;
    return Found{trim(*text)};
}

/// The first that holds anything.
Found find_raw(const ValuePlan& plan, const Row& row) {
    for (const auto& path : plan.from)
        if (const auto found = found_at(plan, row.at(path))) return *found;
    return {};
}

/// A day and the time on it, from two places. Null without a time: that is a day and no instant.
std::optional<std::string> timed(const ValuePlan& plan, const Row& row, std::string_view date) {
    const auto time = found_at(plan, row.at(*plan.time));
    if (!time || !time->raw) return std::nullopt;
    // Some write the day as its midnight.
    if (plan.rule.format.empty()) date = date.substr(0, date.find('T'));
    return fmt::format("{} {}", date, *time->raw);
}

/// "{/first} {/last}" of a row; nullopt when none of the places holds anything.
std::optional<std::string> join_text(const ValuePlan& plan, const Row& row) {
    std::string text;
    bool holds_anything = false;
    for (const auto& part : plan.join->parts) {
        if (const auto* literal = std::get_if<std::string>(&part)) {
            text += *literal;
            continue;
        }
        const auto* value = row.at(std::get<json::Path>(part));
        if (plan.nulls && plan.nulls->has(value)) continue;
        const auto found = json::scalar(value);
        holds_anything = holds_anything || (found && !found->empty());
        text += found.value_or(std::string_view{});
    }
    return holds_anything ? std::optional{text} : std::nullopt;
}

}  // namespace

bool all_hold(const std::vector<Condition>& conditions, const Row& row) {
    const auto holds = [&](const Condition& one) { return one.holds(row.at(one.at)); };
    return std::ranges::all_of(conditions, [&](const auto& one) {
        return one.any.empty() ? holds(one) : std::ranges::any_of(one.any, holds);
    });
}

Value ValueMaker::value(const ValuePlan& plan, const Row& row) {
    auto value = value_of_one(plan, row);
    for (auto other = plan.others.begin(); is_null(value) && other != plan.others.end(); ++other)
        value = value_of_one(*other, row);
    return value;
}

/// An instant, so many seconds earlier or later; where there is no telling how many, as it is.
Value ValueMaker::value_of_one(const ValuePlan& plan, const Row& row) {
    if (!plan.span.empty()) return seconds_between(plan, row);
    auto made = value_as_told(plan, row);
    auto* millis = std::get_if<std::int64_t>(&made);
    if (!millis) return made;
    constexpr std::int64_t most = 1'000'000'000;  // seconds: thirty years
    const auto move = [&](const std::vector<ValuePlan>& by, std::int64_t sign) {
        for (const auto& one : by) {
            const auto length = value(one, row);
            const auto* seconds = std::get_if<std::int64_t>(&length);
            if (seconds && *seconds >= -most && *seconds <= most) *millis += sign * *seconds * 1000;
        }
    };
    move(plan.minus, -1);
    move(plan.plus, 1);
    return made;
}

/// Null where the beginning or the end is; an end before the beginning is no duration.
Value ValueMaker::seconds_between(const ValuePlan& plan, const Row& row) {
    const auto begin = value(plan.span.front(), row);
    const auto end = value(plan.span.back(), row);
    const auto* from = std::get_if<std::int64_t>(&begin);
    const auto* until = std::get_if<std::int64_t>(&end);
    if (!from || !until) return {};
    if (*until >= *from) return (*until - *from) / 1000;
    page_.add_malformed(fmt::format("{} {}: {}", to_string(row.entity), row.id, plan.name),
                        "expected an end that is not before its beginning");
    return {};
}

Value ValueMaker::value_as_told(const ValuePlan& plan, const Row& row) {
    if (!all_hold(plan.when, row)) return {};
    if (plan.latest) return latest(plan, row);
    if (plan.join)
        if (const auto joined = join_text(plan, row)) return converted(plan, row, *joined);
    const auto found = find_raw(plan, row);
    if (found.is_compound) return malformed(plan, row);
    if (!plan.time || !found.raw) return converted(plan, row, found.raw);
    const auto text = timed(plan, row, *found.raw);
    return text ? converted(plan, row, *text) : Value{};
}

Value ValueMaker::latest(const ValuePlan& plan, const Row& row) {
    Value latest;
    const auto take = [&](const json::Value* value) {
        const auto found = found_at(plan, value);
        if (!found) return;
        const auto one =
            found->is_compound ? malformed(plan, row) : converted(plan, row, found->raw);
        // Null is less than any number.
        latest = std::max(latest, one);
    };
    for (const auto& path : plan.from) {
        if (path.is_single())
            take(row.at(path));
        else
            path.each_value(row.place.element, [&](const json::Value& value) { take(&value); });
    }
    return latest;
}

Value ValueMaker::converted(const ValuePlan& plan, const Row& row, Raw raw) {
    Raw label;
    if (const auto& lookup = plan.rule.lookup; lookup && raw) {
        const auto* told = tables_.find(lookup->table, lookup->column, trim(*raw));
        if (!told) unknown_.insert(lookup->table);
        if (lookup->is_of_row)
            raw = told ? Raw{*told} : std::nullopt;
        else if (told && !told->empty())
            label = *told;
    }
    const auto value = convert(plan.rule, raw, page_, label);
    return value ? *value : malformed(plan, row);
}

Value ValueMaker::malformed(const ValuePlan& plan, const Row& row) {
    page_.add_malformed(fmt::format("{} {}: {}", to_string(row.entity), row.id, plan.name),
                        fmt::format("expected {}", expectation(plan.rule)));
    return {};
}

}  // namespace nudged::sources
