// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/record_compiler.hpp"

#include "connectors/base/text.hpp"
#include "connectors/sources/mapping/extra_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace nudged::sources {
namespace {

void add_places(std::vector<json::Path>& places, const std::vector<Condition>& conditions) {
    for (const auto& condition : conditions) {
        if (condition.any.empty())
            places.push_back(condition.at);
        else
            add_places(places, condition.any);
    }
}

void add_places(std::vector<json::Path>& places, const ValuePlan& value) {
    places.insert(places.end(), value.from.begin(), value.from.end());
    if (value.time) places.push_back(*value.time);
    add_places(places, value.when);
    for (const auto* more : {&value.minus, &value.plus, &value.span, &value.others})
        for (const auto& other : *more) add_places(places, other);
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

std::string digest_of(model::Entity entity, const AnswerEntries& entries) {
    std::string text;
    for (const auto field : model::followed_fields(entity)) {
        const auto found = entries.find(std::string{field});
        text += fmt::format("{}={};", field, found == entries.end() ? "" : describe(found->second));
    }
    return text.empty() ? "" : fingerprint(text);
}

bool is_made(const ValuePlan& value) {
    return value.rule.constant || value.join || !value.from.empty() || !value.span.empty() ||
           !value.others.empty();
}

}  // namespace

RecordPlan RecordCompiler::read(model::Entity entity, TomlTable& table) {
    RecordPlan record;
    record.entity = entity;
    read_id(table, record);
    if (const auto* modified = table.node("modified"))
        record.modified = read_value(entity, "modified", *modified, table.file());
    record.where = read_conditions(table, "where");
    record.deleted = read_conditions(table, "deleted");
    if (const auto* into = table.node("merged_into"))
        record.into = read_value(entity, "id", *into, table.file());
    record.parts = read_optional_path(table, "merged_from");
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

/// The manifest's, or what the source says instead: the rows of a sheet by hand have no number.
void RecordCompiler::read_id(TomlTable& table, RecordPlan& record) {
    const toml::value<std::string> usual{"/id"};
    const auto* written = table.node("id");
    AnswerEntries entries{{"id", read_entry(written ? *written : usual, table.file())}};
    const auto& own = own_of(record.entity).map;
    if (const auto own_id = own.find("id"); own_id != own.end()) {
        entries = laid_over(std::move(entries), {*own_id});
        record.is_id_own = !own_id->second.constant;
    }
    const auto compile = [&](const MapEntry& one) {
        return compile_rule(record.entity, "id", one, source_zone_, problems_);
    };
    record.id = make_value("id", compile, entries.at("id"));
}

void RecordCompiler::read_map(TomlTable& table, RecordPlan& record) {
    auto map = table.table("map");
    if (!map) {
        table.error("map", "the stream maps nothing", "add a [stream.ENTITY.map]");
        return;
    }
    auto own = own_of(record.entity).map;
    own.erase("id");  // stands beside the map
    const auto entries = laid_over(read_entries(*map), own);
    record.digest = digest_of(record.entity, entries);
    for (const auto& [name, entry] : entries) {
        if (name == "id" || name == "modified") {
            problems_.error(entry.place, fmt::format("\"{}\" is no field of the map", name),
                            "it stands beside the map in the manifest");
            continue;
        }
        const auto compile = [&, &field = name](const MapEntry& one) {
            return compile_rule(record.entity, field, one, source_zone_, problems_);
        };
        auto value = make_value(name, compile, entry);
        if (is_made(value)) record.fields.push_back(std::move(value));
    }
}

void RecordCompiler::read_extra(TomlTable& table, RecordPlan& record) {
    AnswerEntries entries;
    if (auto extra = table.table("extra")) entries = read_entries(*extra);
    for (const auto& [name, entry] : laid_over(std::move(entries), own_of(record.entity).extra)) {
        check_extra_name(record.entity, name, entry.place, problems_);
        const auto compile = [&, &field = name](const MapEntry& one) {
            return compile_extra_rule(field, one, source_zone_, problems_);
        };
        auto value = make_value(name, compile, entry);
        if (is_made(value)) record.extra.push_back(std::move(value));
    }
}

AnswerEntries RecordCompiler::read_entries(TomlTable& map) {
    AnswerEntries entries;
    map.each([&](const std::string& name, const toml::node& node) {
        entries[name] = read_entry(node, map.file());
    });
    return entries;
}

AnswerEntry RecordCompiler::read_entry(const toml::node& node, const std::string& file) {
    if (const auto* table = node.as_table())
        return read_entry_table(TomlTable{*table, file, problems_});
    AnswerEntry entry;
    entry.place = place_of(node, file);
    if (const auto* pointer = node.as_string()) entry.from = {pointer->get()};
    const auto* list = node.as_array();
    if (!list) return entry;
    const bool has_tables =
        std::ranges::any_of(*list, [](const auto& element) { return element.is_table(); });
    for (const auto& element : *list) {
        if (!element.is_table() && !element.is_string())
            problems_.error(place_of(element, file), "this is neither a place nor a table",
                            "write \"/place\" or { from = \"/place\", … }");
        else if (has_tables)
            entry.others.push_back(read_entry(element, file));
        else
            entry.from.push_back(element.as_string()->get());
    }
    if (!has_tables) return entry;
    // The first is the entry itself.
    auto others = std::move(entry.others);
    entry = std::move(others.front());
    entry.others.assign(std::make_move_iterator(others.begin() + 1),
                        std::make_move_iterator(others.end()));
    return entry;
}

AnswerEntry RecordCompiler::read_entry_table(TomlTable table) {
    AnswerEntry entry;
    entry.place = table.place();
    entry.from = table.texts("from");
    entry.as = table.text("as");
    entry.format = table.text("format");
    entry.zone = Template::compile(table.text("zone"), settings_, table.place("zone"), problems_)
                     .text({})
                     .value_or("");
    entry.join = table.text("join");
    if (table.has("constant")) entry.constant = table.text("constant");
    if (table.has("otherwise")) entry.otherwise = table.text("otherwise");
    if (auto values = table.table("values"))
        values->each([&](const std::string& theirs, const toml::node& ours) {
            if (auto text = scalar_text(ours))
                entry.values[theirs] = std::move(*text);
            else
                values->error(theirs, fmt::format("what \"{}\" means is not a text", theirs));
        });
    entry.when = read_conditions(table, "when");
    entry.latest = table.flag("latest");
    entry.lookup = table.text("lookup");
    entry.value = table.text("value");
    if (const auto* minus = table.node("minus")) entry.minus = {read_entry(*minus, table.file())};
    if (const auto* plus = table.node("plus")) entry.plus = {read_entry(*plus, table.file())};
    if (const auto* until = table.node("until")) entry.until = {read_entry(*until, table.file())};
    entry.time = table.text("time");
    const auto date = table.text("date");
    if (date.empty() != entry.time.empty())
        table.error(date.empty() ? "time" : "date", "a day and its time go together",
                    "give both date = \"/…\" and time = \"/…\", or from = \"/…\"");
    if (!date.empty() && !entry.from.empty())
        table.error("date", "\"date\" and \"from\" both tell the day", "keep one of them");
    if (!date.empty()) entry.from = {date};
    table.finish();
    return entry;
}

ValuePlan RecordCompiler::read_value(model::Entity entity, const std::string& name,
                                     const toml::node& node, const std::string& file) {
    const auto compile = [&](const MapEntry& one) {
        return compile_rule(entity, name, one, source_zone_, problems_);
    };
    return make_value(name, compile, read_entry(node, file));
}

ValuePlan RecordCompiler::make_value(const std::string& name, const CompileRule& compile,
                                     const AnswerEntry& entry) {
    if (!entry.until.empty()) return make_span(name, compile, entry);
    ValuePlan value;
    value.name = name;
    value.rule = compile(entry);
    value.nulls = nulls_;
    value.when = entry.when;
    value.latest = entry.latest;
    for (const auto& place : entry.from)
        value.from.push_back(path_of(place, entry.place, problems_));
    if (!entry.time.empty()) value.time = path_of(entry.time, entry.place, problems_);
    if (!entry.join.empty() && !names_empty_setting(entry.join, settings_))
        value.join = read_join(entry);
    value.rule.lookup = read_lookup(entry);
    const auto compile_seconds = [&](const MapEntry& one) {
        return compile_rule(model::FieldType::integer, name, one, source_zone_, problems_);
    };
    for (const auto& one : entry.minus)
        value.minus.push_back(make_value(name, compile_seconds, one));
    for (const auto& one : entry.plus) value.plus.push_back(make_value(name, compile_seconds, one));
    check_times(entry, value);
    for (const auto& other : entry.others) value.others.push_back(make_value(name, compile, other));
    return value;
}

/// Seconds between two instants, each of which is told in a way of its own.
ValuePlan RecordCompiler::make_span(const std::string& name, const CompileRule& compile,
                                    const AnswerEntry& entry) {
    AnswerEntry seconds;
    seconds.from = entry.from;
    seconds.place = entry.place;
    ValuePlan value;
    value.name = name;
    value.rule = compile(seconds);
    if (value.rule.type != model::FieldType::integer)
        problems_.error(entry.place, "what lies between two instants is a number of seconds",
                        "leave `until` out, or use it for a duration");
    const auto compile_instant = [&](const MapEntry& one) {
        return compile_rule(model::FieldType::instant, name, one, source_zone_, problems_);
    };
    auto begin = entry;
    begin.until.clear();
    begin.others.clear();
    value.span.push_back(make_value(name, compile_instant, begin));
    value.span.push_back(make_value(name, compile_instant, entry.until.front()));
    for (const auto& other : entry.others) value.others.push_back(make_value(name, compile, other));
    return value;
}

void RecordCompiler::check_times(const AnswerEntry& entry, const ValuePlan& value) {
    const auto type = value.rule.type;
    if (value.latest && (type != model::FieldType::instant || value.from.empty() || value.join))
        problems_.error(entry.place, "only of the places of an instant the latest can be found",
                        "leave `latest` out");
    const bool is_shifted = !value.minus.empty() || !value.plus.empty();
    if (is_shifted && type != model::FieldType::instant)
        problems_.error(entry.place, "only an instant can be moved by seconds",
                        "leave `minus` and `plus` out");
    if (value.time && (type != model::FieldType::instant || !entry.as.empty()))
        problems_.error(entry.place, "a day and its time make an instant, and nothing else",
                        "leave `as` out, and use `from` for other fields");
}

void RecordCompiler::set_lookups(std::vector<Lookup> lookups) {
    lookups_ = std::move(lookups);
    lookup_columns_.assign(lookups_.size(), {});
    for (std::size_t i = 0; i < lookups_.size(); ++i)
        if (lookups_[i].label) lookup_columns_[i].push_back(*lookups_[i].label);
}

std::optional<LookupUse> RecordCompiler::read_lookup(const AnswerEntry& entry) {
    if (entry.lookup.empty()) {
        if (!entry.value.empty())
            problems_.error(entry.place, "\"value\" is a place in the row of a lookup",
                            "name the lookup, or use `from`");
        return std::nullopt;
    }
    const auto found = std::ranges::find(lookups_, entry.lookup, &Lookup::name);
    if (found == lookups_.end()) {
        std::vector<std::string> names;
        for (const auto& one : lookups_) names.push_back(one.name);
        problems_.error(entry.place, fmt::format("there is no lookup \"{}\"", entry.lookup),
                        hint(entry.lookup, names, "lookups"));
        return std::nullopt;
    }
    const auto table = static_cast<std::size_t>(found - lookups_.begin());
    if (entry.value.empty()) {
        if (!found->label)
            problems_.error(entry.place,
                            fmt::format("the lookup \"{}\" does not say what is read of its rows",
                                        entry.lookup),
                            "add value = \"/PLACE\" here or there");
        return LookupUse{.table = table};
    }
    auto& columns = lookup_columns_[table];
    columns.push_back(path_of(entry.value, entry.place, problems_));
    return LookupUse{.table = table, .column = columns.size() - 1, .is_of_row = true};
}

JoinedText RecordCompiler::read_join(const AnswerEntry& entry) {
    JoinedText joined;
    const auto join = Template::compile(entry.join, settings_, entry.place, problems_);
    for (const auto& part : join.parts()) {
        if (const auto* literal = std::get_if<std::string>(&part))
            joined.parts.emplace_back(*literal);
        else
            joined.parts.emplace_back(
                path_of(std::get<Template::Placeholder>(part).name, entry.place, problems_));
    }
    return joined;
}

std::vector<json::Path> places_read(const RecordPlan& record) {
    std::vector<json::Path> places;
    add_places(places, record.id);
    if (record.modified) add_places(places, *record.modified);
    add_places(places, record.where);
    add_places(places, record.deleted);
    if (record.into) add_places(places, *record.into);
    if (record.parts) places.push_back(*record.parts);
    for (const auto& field : record.fields) add_places(places, field);
    for (const auto& field : record.extra) add_places(places, field);
    return places;
}

std::vector<json::Path> places_read(const ValuePlan& value) {
    std::vector<json::Path> places;
    add_places(places, value);
    return places;
}

json::Path path_of(std::string_view text, const Place& place, Diagnostics& problems) {
    if (auto parsed = json::Path::parse(text)) return *parsed;
    problems.error(place, fmt::format("\"{}\" is no JSON pointer", text),
                   "begin it with / (or with ../ for what holds the record), close every [, or "
                   "write @key alone");
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
