// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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

bool is_wanted(const WherePlan& where, const Row& row) {
    const auto text = json::scalar(row.at(where.at)).value_or(std::string_view{});
    if (!where.in.empty()) return std::ranges::count(where.in, text) > 0;
    return std::ranges::count(where.except, text) == 0;
}

std::optional<std::uint64_t> count_at(const std::optional<json::Path>& path,
                                      const json::Document& answer) {
    if (!path) return std::nullopt;
    const auto digits = json::scalar(path->find(answer));
    if (!digits) return std::nullopt;
    std::uint64_t count = 0;
    const auto [end, error] =
        std::from_chars(digits->data(), digits->data() + digits->size(), count);
    if (error != std::errc{} || end != digits->data() + digits->size()) return std::nullopt;
    return count;
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

void decode_row(Row row, const RecordPlan& plan, Decoded& decoded, model::Page& page) {
    ++decoded.rows;
    const auto id = make_value(plan.id, row, page);
    const auto* id_text = std::get_if<std::string_view>(&id);
    if (!id_text || id_text->empty()) {
        page.add_malformed(fmt::format("{}: id", to_string(plan.entity)), "expected an id");
        return;
    }
    row.id = *id_text;
    if (decoded.greatest_id.empty() || id_less(decoded.greatest_id, row.id))
        decoded.greatest_id = row.id;
    for (const auto& where : plan.where)
        if (!is_wanted(where, row)) return;
    Record record;
    record.entity = plan.entity;
    record.id = row.id;
    if (plan.modified) {
        const auto modified = make_value(*plan.modified, row, page);
        if (const auto* millis = std::get_if<std::int64_t>(&modified))
            record.modified = from_millis(*millis);
    }
    for (const auto& field : plan.fields)
        record.values[field.rule.field] = make_value(field, row, page);
    page.records.push_back(record);
}

}  // namespace

Decoded decode(const json::Document& answer, const RequestPlan& request, const json::Path& records,
               const RecordPlan& plan, model::Page& page) {
    Decoded decoded;
    decoded.total = count_at(request.total, answer);
    if (request.next)
        decoded.next = json::scalar(request.next->find(answer)).value_or(std::string_view{});
    records.each_element(answer, [&](const json::Value& row, const json::Value& parent) {
        decode_row({row, parent, plan.entity, "?"}, plan, decoded, page);
    });
    return decoded;
}

}  // namespace nudged::sources
