// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/cli/columns.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/source_rows.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <set>

namespace nudged::cli {
namespace {

using model::FieldType;

/// As the warehouse's views show it; nullopt for null.
std::optional<std::string> shown(const model::Value& value, FieldType type) {
    if (const auto* text = std::get_if<std::string_view>(&value)) return std::string{*text};
    const auto* number = std::get_if<std::int64_t>(&value);
    if (!number) return std::nullopt;
    if (type == FieldType::boolean) return *number != 0 ? "true" : "false";
    if (type == FieldType::instant) return format_instant(from_millis(*number));
    return std::to_string(*number);
}

/// A record on its way to a person, with the row that it came from.
struct Shown {
    const model::Record& record;
    const RawRow* raw;
    std::vector<model::Malformed> malformed;
};

std::vector<std::string> lines_of(const Shown& one) {
    constexpr std::size_t name_width = 18;
    std::vector<std::string> lines;
    const auto add = [&](std::string_view name, const std::optional<std::string>& value) {
        lines.push_back(fmt::format("{:<{}}{}", name, name_width, value.value_or("—")));
    };
    add("id", std::string{one.record.id});
    add("modified",
        one.record.modified ? std::optional{format_instant(*one.record.modified)} : std::nullopt);
    if (one.record.deleted) {
        lines.emplace_back("deleted: a tombstone has no fields");
        return lines;
    }
    const auto fields = model::fields_of(one.record.entity);
    for (std::size_t i = 0; i < fields.size(); ++i)
        add(fields[i].name, shown(one.record.values[i], fields[i].type));
    return lines;
}

std::vector<std::string> raw_lines(const RawRow* raw) {
    if (!raw) return {"(the row is not shown)"};
    std::vector<std::string> lines;
    for (const auto line : split(raw->json, '\n')) lines.emplace_back(line);
    return lines;
}

void print_text(const Shown& one, std::size_t width) {
    fmt::print("{} {}\n", to_string(one.record.entity), escape_controls(one.record.id));
    fmt::print("{}", beside(raw_lines(one.raw), lines_of(one), width));
    for (const auto& bad : one.malformed)
        fmt::print("  malformed: {}: {}\n", escape_controls(bad.where), bad.what);
    fmt::print("\n");
}

void print_json(Json& json, const Shown& one) {
    json.begin_object().field("entity", to_string(one.record.entity)).field("id", one.record.id);
    json.key("modified");
    json.value(one.record.modified ? std::optional{format_instant(*one.record.modified)}
                                   : std::nullopt);
    json.field("deleted", one.record.deleted);
    json.key("record").begin_object();
    const auto fields = model::fields_of(one.record.entity);
    for (std::size_t i = 0; i < fields.size(); ++i)
        json.field(fields[i].name, shown(one.record.values[i], fields[i].type));
    json.end_object();
    json.field("raw", one.raw ? std::optional{one.raw->json} : std::nullopt);
    json.key("unread").begin_array();
    if (one.raw)
        for (const auto& place : one.raw->unread) json.value(place);
    json.end_array().key("malformed").begin_array();
    for (const auto& bad : one.malformed)
        json.begin_object().field("where", bad.where).field("what", bad.what).end_object();
    json.end_array().end_object();
}

void print_unread(const std::set<std::string>& unread) {
    if (unread.empty()) return;
    fmt::print("places of these rows that the manifest does not read:\n");
    for (const auto& place : unread) fmt::print("  {}\n", escape_controls(place));
}

std::vector<model::Malformed> malformed_of(const model::Page& page, const model::Record& record) {
    const auto prefix = fmt::format("{} {}: ", to_string(record.entity), record.id);
    std::vector<model::Malformed> found;
    for (const auto& bad : page.malformed)
        if (bad.where.starts_with(prefix)) found.push_back(bad);
    return found;
}

}  // namespace

std::size_t print_records(const std::vector<const model::Page*>& pages,
                          const sources::Manifest* manifest, const net::Capture& capture,
                          const RecordView& view) {
    std::optional<RawRows> rows;
    if (manifest) rows.emplace(*manifest, view.entity, capture.exchanged());
    const auto width = terminal_width();
    std::size_t count = 0;
    std::set<std::string> unread;
    Json json;
    json.begin_array();
    for (const auto* page : pages)
        for (const auto& record : page->records) {
            if (record.entity != view.entity || count == view.limit) continue;
            ++count;
            const Shown one{record, rows ? rows->find(record.id) : nullptr,
                            malformed_of(*page, record)};
            if (one.raw) unread.insert(one.raw->unread.begin(), one.raw->unread.end());
            if (view.json)
                print_json(json, one);
            else
                print_text(one, width);
        }
    json.end_array();
    if (view.json)
        fmt::print("{}\n", json.str());
    else
        print_unread(unread);
    return count;
}

}  // namespace nudged::cli
