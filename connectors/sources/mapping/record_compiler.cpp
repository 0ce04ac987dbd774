// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/record_compiler.hpp"

#include "connectors/base/text.hpp"
#include "connectors/sources/mapping/extra_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nudged::sources {
namespace {

void add_places(std::vector<json::Path>& places, const ValuePlan& value) {
    places.insert(places.end(), value.from.begin(), value.from.end());
    if (!value.join) return;
    for (const auto& part : value.join->parts)
        if (const auto* place = std::get_if<json::Path>(&part)) places.push_back(*place);
}

/// A text that names a setting which is empty has no value: a link into an account whose number
/// nobody gave is no link.
bool names_empty_setting(const std::string& text, const Settings& settings) {
    for (const auto& [name, value] : settings)
        if (value.empty() && text.find(fmt::format("{{settings.{}}}", name)) != std::string::npos)
            return true;
    return false;
}

bool is_made(const ValuePlan& value) {
    return value.rule.constant || value.join || !value.from.empty();
}

MapEntry read_entry_table(TomlTable table) {
    MapEntry entry{.from = table.texts("from"),
                   .as = table.text("as"),
                   .format = table.text("format"),
                   .zone = table.text("zone"),
                   .constant = std::nullopt,
                   .join = table.text("join"),
                   .values = {},
                   .otherwise = std::nullopt,
                   .place = table.place()};
    if (table.has("constant")) entry.constant = table.text("constant");
    if (table.has("otherwise")) entry.otherwise = table.text("otherwise");
    if (auto values = table.table("values"))
        values->each([&](const std::string& theirs, const toml::node& ours) {
            if (auto text = scalar_text(ours))
                entry.values[theirs] = std::move(*text);
            else
                values->error(theirs, fmt::format("what \"{}\" means is not a text", theirs));
        });
    table.finish();
    return entry;
}

}  // namespace

MapEntries laid_over(MapEntries entries, const MapEntries& own) {
    for (const auto& [name, entry] : own) {
        auto& under = entries[name];
        if (entry.constant || !entry.join.empty() || !entry.from.empty()) {
            under = entry;
            continue;
        }
        under.place = entry.place;
        if (!entry.as.empty()) under.as = entry.as;
        if (!entry.format.empty()) under.format = entry.format;
        if (!entry.zone.empty()) under.zone = entry.zone;
        if (entry.otherwise) under.otherwise = entry.otherwise;
        for (const auto& [theirs, ours] : entry.values) under.values[theirs] = ours;
    }
    return entries;
}

RecordPlan RecordCompiler::read(model::Entity entity, TomlTable& table) {
    RecordPlan record;
    record.entity = entity;
    const toml::value<std::string> usual_id{"/id"};
    const auto* id = table.node("id");
    record.id = read_value(entity, "id", id ? *id : usual_id, table.file());
    if (const auto* modified = table.node("modified"))
        record.modified = read_value(entity, "modified", *modified, table.file());
    record.where = read_conditions(table, "where");
    record.deleted = read_conditions(table, "deleted");
    record.leaves = table.flag("leaves");
    read_map(table, record);
    read_extra(table, record);
    return record;
}

const FieldMapping& RecordCompiler::own_of(model::Entity entity) const {
    static const FieldMapping none;
    const auto found = own_.find(std::string{to_string(entity)});
    return found == own_.end() ? none : found->second;
}

void RecordCompiler::read_map(TomlTable& table, RecordPlan& record) {
    auto map = table.table("map");
    if (!map) {
        table.error("map", "the stream maps nothing", "add a [stream.ENTITY.map]");
        return;
    }
    for (const auto& [name, entry] : laid_over(read_entries(*map), own_of(record.entity).map)) {
        if (name == "id" || name == "modified") {
            problems_.error(entry.place, fmt::format("\"{}\" is no field of the map", name),
                            "it stands beside the map in the manifest");
            continue;
        }
        auto rule = compile_rule(record.entity, name, entry, source_zone_, problems_);
        auto value = make_value(name, std::move(rule), entry);
        if (is_made(value)) record.fields.push_back(std::move(value));
    }
}

void RecordCompiler::read_extra(TomlTable& table, RecordPlan& record) {
    MapEntries entries;
    if (auto extra = table.table("extra")) entries = read_entries(*extra);
    for (const auto& [name, entry] : laid_over(std::move(entries), own_of(record.entity).extra)) {
        check_extra_name(record.entity, name, entry.place, problems_);
        auto rule = compile_extra_rule(name, entry, source_zone_, problems_);
        auto value = make_value(name, std::move(rule), entry);
        if (is_made(value)) record.extra.push_back(std::move(value));
    }
}

MapEntries RecordCompiler::read_entries(TomlTable& map) {
    MapEntries entries;
    map.each([&](const std::string& name, const toml::node& node) {
        entries[name] = read_entry(node, map.file());
    });
    return entries;
}

MapEntry RecordCompiler::read_entry(const toml::node& node, const std::string& file) {
    if (const auto* table = node.as_table())
        return read_entry_table(TomlTable{*table, file, problems_});
    MapEntry entry;
    entry.place = place_of(node, file);
    if (const auto* pointer = node.as_string())
        entry.from = {pointer->get()};
    else if (const auto* list = node.as_array()) {
        for (const auto& element : *list)
            if (auto text_of_element = scalar_text(element)) entry.from.push_back(*text_of_element);
    }
    return entry;
}

ValuePlan RecordCompiler::read_value(model::Entity entity, const std::string& name,
                                     const toml::node& node, const std::string& file) {
    const auto entry = read_entry(node, file);
    return make_value(name, compile_rule(entity, name, entry, source_zone_, problems_), entry);
}

ValuePlan RecordCompiler::make_value(const std::string& name, FieldRule rule,
                                     const MapEntry& entry) {
    ValuePlan value;
    value.name = name;
    value.rule = std::move(rule);
    for (const auto& place : entry.from)
        value.from.push_back(path_of(place, entry.place, problems_));
    if (entry.join.empty() || names_empty_setting(entry.join, settings_)) return value;
    value.join.emplace();
    const auto join = Template::compile(entry.join, settings_, entry.place, problems_);
    for (const auto& part : join.parts()) {
        if (const auto* literal = std::get_if<std::string>(&part))
            value.join->parts.emplace_back(*literal);
        else
            value.join->parts.emplace_back(
                path_of(std::get<Template::Placeholder>(part).name, entry.place, problems_));
    }
    return value;
}

std::vector<Condition> RecordCompiler::read_conditions(TomlTable& table, std::string_view key) {
    std::vector<Condition> conditions;
    for (auto& entry : table.tables(key)) {
        entry.required_text("at");
        Condition condition{read_path(entry, "at"), entry.texts("in"), entry.texts("except")};
        if (condition.in.empty() == condition.except.empty())
            problems_.error(entry.place(), "a condition has either \"in\" or \"except\"");
        conditions.push_back(std::move(condition));
        entry.finish();
    }
    return conditions;
}

std::vector<json::Path> places_read(const RecordPlan& record) {
    std::vector<json::Path> places;
    add_places(places, record.id);
    if (record.modified) add_places(places, *record.modified);
    for (const auto& condition : record.where) places.push_back(condition.at);
    for (const auto& condition : record.deleted) places.push_back(condition.at);
    for (const auto& field : record.fields) add_places(places, field);
    for (const auto& field : record.extra) add_places(places, field);
    return places;
}

json::Path path_of(std::string_view text, const Place& place, Diagnostics& problems) {
    if (auto parsed = json::Path::parse(text)) return *parsed;
    problems.error(place, fmt::format("\"{}\" is no JSON pointer", text),
                   "begin it with / (or with ../ for what holds the record)");
    return {};
}

json::Path read_path(TomlTable& table, std::string_view key, std::string_view otherwise) {
    return path_of(table.text(key, std::string{otherwise}), table.place(key), table.problems());
}

std::optional<json::Path> read_optional_path(TomlTable& table, std::string_view key) {
    if (!table.has(key)) return std::nullopt;
    return read_path(table, key);
}

std::string hint(std::string_view word, const std::vector<std::string>& known,
                 std::string_view what) {
    const auto near = nearest(word, known);
    if (!near.empty()) return fmt::format("did you mean \"{}\"?", near);
    if (known.empty()) return fmt::format("there are no {}", what);
    return fmt::format("the {} are {}", what, fmt::join(known, ", "));
}

}  // namespace nudged::sources
