// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/decode.hpp"

#include "connectors/sources/mapping/extra_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace nudged::sources {
namespace {

using model::Record;
using model::Value;

/// A row of the answer on its way to a record.
struct Row {
    const json::Value& value;
    const json::Value& parent;
    model::Entity entity;
    std::string_view id;  // for telling what is malformed

    const json::Value* at(const json::Path& path) const { return path.find(value, &parent); }
};

/// What a value is made from: a text, or something that is no text.
struct Found {
    Raw raw;
    bool is_compound = false;
};

/// The first that holds anything; CRMs write "" for null.
Found find_raw(const ValuePlan& plan, const Row& row) {
    for (const auto& path : plan.from) {
        const auto* value = row.at(path);
        if (json::is_compound(value)) return {std::nullopt, true};
        const auto text = json::scalar(value);
        if (text && !text->empty()) return {text};
    }
    return {};
}

/// "{/first} {/last}" of a row; nullopt when none of the places holds anything.
std::optional<std::string> join_text(const JoinedText& join, const Row& row) {
    std::string text;
    bool holds_anything = false;
    for (const auto& part : join.parts) {
        if (const auto* literal = std::get_if<std::string>(&part)) {
            text += *literal;
            continue;
        }
        const auto found = json::scalar(row.at(std::get<json::Path>(part)));
        holds_anything = holds_anything || (found && !found->empty());
        text += found.value_or(std::string_view{});
    }
    return holds_anything ? std::optional{text} : std::nullopt;
}

bool holds(const Condition& condition, const Row& row) {
    const auto text = json::scalar(row.at(condition.at)).value_or(std::string_view{});
    if (!condition.in.empty()) return std::ranges::count(condition.in, text) > 0;
    return std::ranges::count(condition.except, text) == 0;
}

/// Null and counted when it does not convert.
Value make_value(const ValuePlan& plan, const Row& row, model::Page& page) {
    auto found = find_raw(plan, row);
    const auto joined = plan.join ? join_text(*plan.join, row) : std::nullopt;
    if (joined) found = {Raw{*joined}};
    const auto value = found.is_compound ? std::nullopt : convert(plan.rule, found.raw, page);
    if (value) return *value;
    page.add_malformed(fmt::format("{} {}: {}", to_string(row.entity), row.id, plan.name),
                       fmt::format("expected {}", expectation(plan.rule.as)));
    return {};
}

/// The list of choices at a place, where there is one and nothing says how to convert it.
const json::Value* find_list(const ValuePlan& plan, const Row& row) {
    if (plan.rule.as != Conversion::text) return nullptr;
    for (const auto& path : plan.from) {
        const auto* value = row.at(path);
        if (json::is_compound(value)) return value->IsArray() ? value : nullptr;
        if (json::scalar(value)) return nullptr;
    }
    return nullptr;
}

Value make_extra(const RecordPlan& plan, const Row& row, model::Page& page) {
    ExtraObject object;
    for (const auto& field : plan.extra) {
        if (const auto* list = find_list(field, row))
            object.add_list(field.name, *list);
        else
            object.add(field.name, field.rule, make_value(field, row, page));
    }
    return object.value(page);
}

std::optional<Instant> modified_of(const RecordPlan& plan, const Row& row, model::Page& page) {
    if (!plan.modified) return std::nullopt;
    const auto value = make_value(*plan.modified, row, page);
    const auto* millis = std::get_if<std::int64_t>(&value);
    return millis ? std::optional{from_millis(*millis)} : std::nullopt;
}

void count(Tally& tally, std::string_view id, std::optional<Instant> modified) {
    tally.last_id = id;
    const auto version = modified ? static_cast<std::uint64_t>(to_millis(*modified)) : 0;
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;  // spreads the versions over all bits
    tally.keys.push_back({std::hash<std::string_view>{}(id) ^ (version * odd), modified});
    if (!modified) return;
    tally.oldest = std::min(tally.oldest.value_or(*modified), *modified);
    tally.newest = std::max(tally.newest.value_or(*modified), *modified);
}

bool all_hold(const std::vector<Condition>& conditions, const Row& row) {
    return std::ranges::all_of(conditions, [&](const auto& one) { return holds(one, row); });
}

void decode_row(Row row, const RecordPlan& plan, Tally& tally, model::Page& page) {
    ++tally.rows;
    const auto id = make_value(plan.id, row, page);
    const auto* id_text = std::get_if<std::string_view>(&id);
    if (!id_text || id_text->empty()) {
        page.add_malformed(fmt::format("{}: id", to_string(plan.entity)), "expected an id");
        return;
    }
    row.id = *id_text;
    Record record;
    record.entity = plan.entity;
    record.id = row.id;
    record.modified = modified_of(plan, row, page);
    count(tally, row.id, record.modified);
    const bool fits = all_hold(plan.where, row);
    if (!fits && !plan.leaves) return;
    record.deleted = !fits || (!plan.deleted.empty() && all_hold(plan.deleted, row));
    if (!record.deleted)
        for (const auto& field : plan.fields)
            record.values[field.rule.field] = make_value(field, row, page);
    const auto extra = extra_field(plan.entity);
    if (extra && !record.deleted && !plan.extra.empty())
        record.values[*extra] = make_extra(plan, row, page);
    page.records.push_back(record);
}

}  // namespace

bool id_less(std::string_view left, std::string_view right) {
    return left.size() != right.size() ? left.size() < right.size() : left < right;
}

Tally decode(const json::Value& answer, const json::Path& records, const RecordPlan& plan,
             model::Page& page) {
    Tally tally;
    records.each_element(answer, [&](const json::Value& row, const json::Value& parent) {
        decode_row({row, parent, plan.entity, "?"}, plan, tally, page);
    });
    return tally;
}

}  // namespace nudged::sources
