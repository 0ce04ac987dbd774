// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/decode.hpp"

#include "connectors/sources/mapping/extra_fields.hpp"
#include "connectors/sources/mapping/row_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace nudged::sources {
namespace {

using model::Value;

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

Value make_extra(const RecordPlan& plan, const Row& row, ValueMaker& make, model::Page& page) {
    ExtraObject object;
    for (const auto& field : plan.extra) {
        if (const auto* list = find_list(field, row))
            object.add_list(field.name, *list);
        else
            object.add(field.name, field.rule, make.value(field, row));
    }
    return object.value(page);
}

std::optional<Instant> modified_of(const RecordPlan& plan, const Row& row, ValueMaker& make) {
    if (!plan.modified) return std::nullopt;
    const auto value = make.value(*plan.modified, row);
    const auto* millis = std::get_if<std::int64_t>(&value);
    return millis ? std::optional{from_millis(*millis)} : std::nullopt;
}

void count(Tally& tally, std::string_view id, std::optional<Instant> modified) {
    tally.last_id = id;
    const auto version = modified ? static_cast<std::uint64_t>(to_millis(*modified)) : 0;
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;  // spreads the versions over all bits
    const std::uint64_t hash = std::hash<std::string_view>{}(id) | 1;  // none is 0
    tally.keys.push_back({hash, hash ^ (version * odd), modified});
    if (!modified) return;
    tally.oldest = std::min(tally.oldest.value_or(*modified), *modified);
    tally.newest = std::max(tally.newest.value_or(*modified), *modified);
}

/// A list of ids, or a text in which they stand.
void each_id(const json::Value* value, const std::function<void(std::string_view)>& use) {
    constexpr std::string_view between = ";, ";
    if (value && value->IsArray()) {
        for (const auto& one : value->GetArray())
            if (const auto id = json::scalar(&one); id && !id->empty()) use(*id);
        return;
    }
    auto rest = json::scalar(value).value_or(std::string_view{});
    while (!rest.empty()) {
        const auto end = std::min(rest.find_first_of(between), rest.size());
        if (end > 0) use(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

/// A tombstone of each record that the row has taken in. It has no version: the row's grows with
/// each later change, and they went into it once.
void bury_parts(const Row& row, std::string_view id, const RecordPlan& plan, model::Page& page) {
    each_id(row.at(*plan.parts), [&](std::string_view part) {
        if (part == id) return;
        auto& record = page.records.emplace_back();
        record.entity = plan.entity;
        record.id = page.keep(part);
        record.deleted = true;
        record.why = model::Gone::merged;
        record.into = id;
    });
}

void decode_row(Row row, const RecordPlan& plan, ValueMaker& make, Tally& tally,
                model::Page& page) {
    ++tally.rows;
    const auto told = page.malformed_count;
    const auto id = make.value(plan.id, row);
    const auto* id_text = std::get_if<std::string_view>(&id);
    if (!id_text || id_text->empty()) {
        if (page.malformed_count == told)  // else it has been counted for what it is
            page.add_malformed(fmt::format("{}: id", to_string(plan.entity)),
                               "expected an id; \"id\" says where it stands, or which places "
                               "together are one");
        tally.keys.emplace_back();  // such rows are alike
        return;
    }
    // What an id is made of may be somebody's name, which is nothing for a log.
    row.id = plan.is_id_own ? page.keep(fmt::format("in row {}", tally.rows)) : *id_text;
    const auto modified = modified_of(plan, row, make);
    count(tally, *id_text, modified);
    const bool fits = all_hold(plan.where, row);
    if (!fits && !plan.leaves) return;
    if (plan.is_id_own && !tally.own_ids.insert(tally.keys.back().id).second) {
        page.add_malformed(fmt::format("{} {}: id", to_string(plan.entity), row.id),
                           "another row has this id, too; name more places in it");
        return;
    }
    auto& record = page.records.emplace_back();
    record.entity = plan.entity;
    record.id = *id_text;
    record.modified = modified;
    if (!fits) record.why = model::Gone::left;
    record.deleted =
        !fits || plan.all_deleted || (!plan.deleted.empty() && all_hold(plan.deleted, row));
    if (record.deleted && fits && plan.into) {
        const auto into = make.value(*plan.into, row);
        if (const auto* winner = std::get_if<std::string_view>(&into); winner && !winner->empty())
            record.why = model::Gone::merged, record.into = *winner;
    }
    if (!record.deleted)
        for (const auto& field : plan.fields)
            record.values[field.rule.field] = make.value(field, row);
    const auto extra = extra_field(plan.entity);
    if (extra && !record.deleted && !plan.extra.empty())
        record.values[*extra] = make_extra(plan, row, make, page);
    if (plan.parts && !record.deleted) bury_parts(row, *id_text, plan, page);
}

/// Records are large: a growing vector would move them again and again.
void make_room(const json::Value& answer, const json::Path& records, model::Page& page,
               Tally& tally) {
    std::size_t rows = 0;
    records.each_located(answer, [&](const json::Located&) { ++rows; });
    const auto needed = page.records.size() + rows;
    if (needed > page.records.capacity())
        page.records.reserve(std::max(needed, 2 * page.records.capacity()));
    tally.keys.reserve(rows);
}

}  // namespace

bool id_less(std::string_view left, std::string_view right) {
    return left.size() != right.size() ? left.size() < right.size() : left < right;
}

Tally decode(const json::Value& answer, const json::Path& records, const RecordPlan& plan,
             model::Page& page, const LookupTables& tables) {
    Tally tally;
    ValueMaker make{tables, page};
    make_room(answer, records, page, tally);
    page.mapping[static_cast<std::size_t>(plan.entity)] = page.keep(plan.digest);
    records.each_located(answer, [&](const json::Located& place) {
        decode_row({place, plan.entity, "?"}, plan, make, tally, page);
    });
    tally.unknown = make.unknown();
    return tally;
}

std::set<std::size_t> lookups_of(const RecordPlan& plan) {
    std::set<std::size_t> used;
    for (const auto& field : plan.fields) used.merge(lookups_of(field));
    for (const auto& field : plan.extra) used.merge(lookups_of(field));
    return used;
}

std::set<std::size_t> lookups_of(const ValuePlan& value) {
    std::set<std::size_t> used;
    if (value.rule.lookup) used.insert(value.rule.lookup->table);
    for (const auto* more : {&value.minus, &value.plus, &value.span, &value.others})
        for (const auto& one : *more) used.merge(lookups_of(one));
    return used;
}

}  // namespace nudged::sources
