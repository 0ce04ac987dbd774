// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/sources/http/manifest_compiler.hpp"

#include <fmt/format.h>

namespace nudged::sources {
namespace {

using std::chrono::seconds;

void add_places(std::vector<json::Path>& places, const ValuePlan& value) {
    places.insert(places.end(), value.from.begin(), value.from.end());
    if (!value.join) return;
    for (const auto& part : value.join->parts)
        if (const auto* place = std::get_if<json::Path>(&part)) places.push_back(*place);
}

/// Everything that a record is made of, so that a request can ask for just that.
std::vector<json::Path> read_places(const RecordPlan& record) {
    std::vector<json::Path> places;
    add_places(places, record.id);
    if (record.modified) add_places(places, *record.modified);
    for (const auto& where : record.where) places.push_back(where.at);
    for (const auto& field : record.fields) add_places(places, field);
    return places;
}

/// A text that names a setting which is empty has no value: a link into an account whose number
/// nobody gave is no link.
bool names_empty_setting(const std::string& text, const Settings& settings) {
    for (const auto& [name, value] : settings)
        if (value.empty() && text.find(fmt::format("{{settings.{}}}", name)) != std::string::npos)
            return true;
    return false;
}

MapEntry read_entry(TomlTable table) {
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

void ManifestCompiler::read_streams(TomlTable& top) {
    auto table = top.table("stream");
    if (!table) {
        top.error("stream", "the manifest has no streams", "add a [stream.ENTITY]");
        return;
    }
    table->each([&](const std::string& name, const toml::node& node) {
        const auto* inner = node.as_table();
        if (!inner) {
            table->error(name, fmt::format("the stream \"{}\" is not a table", name));
            return;
        }
        if (auto stream = read_stream(name, TomlTable{*inner, table->file(), problems_}))
            manifest_.streams.push_back(std::move(*stream));
    });
    // The entities are declared in such an order that what others refer to comes first.
    std::ranges::sort(manifest_.streams, {}, &StreamPlan::entity);
}

std::optional<StreamPlan> ManifestCompiler::read_stream(const std::string& name, TomlTable table) {
    const auto entity = model::entity_of(name);
    if (!entity || entity == model::Entity::opportunity_change) {
        std::vector<std::string> known;
        for (const auto one : model::all_entities())
            if (one != model::Entity::opportunity_change) known.emplace_back(to_string(one));
        problems_.error(table.place(), fmt::format("there is no entity \"{}\" to pull", name),
                        hint(name, known, "entities"));
        return std::nullopt;
    }
    StreamPlan stream;
    stream.entity = *entity;
    read_record(table, stream);
    read_walk(table, stream);
    read_joins(table, stream);
    read_history(table, stream);
    read_sweep(table, stream);
    read_by_id(table, stream);
    table.finish();
    return stream;
}

void ManifestCompiler::read_record(TomlTable& table, StreamPlan& stream) {
    auto& record = stream.record;
    record.entity = stream.entity;
    const toml::value<std::string> usual_id{"/id"};
    const auto* id = table.node("id");
    record.id = read_value(stream.entity, "id", id ? *id : usual_id, table.file());
    if (const auto* modified = table.node("modified"))
        record.modified = read_value(stream.entity, "modified", *modified, table.file());
    read_where(table, record);
    auto map = table.table("map");
    if (!map) {
        table.error("map", "the stream maps nothing", "add a [stream.ENTITY.map]");
        return;
    }
    map->each([&](const std::string& name, const toml::node& node) {
        auto value = read_value(stream.entity, name, node, table.file());
        const bool is_made = value.rule.constant || value.join || !value.from.empty();
        if (is_made) record.fields.push_back(std::move(value));
    });
}

ValuePlan ManifestCompiler::read_value(model::Entity entity, const std::string& name,
                                       const toml::node& node, const std::string& file) {
    MapEntry entry;
    entry.place = place_of(node, file);
    if (const auto* table = node.as_table())
        entry = read_entry(TomlTable{*table, file, problems_});
    else if (const auto* pointer = node.as_string())
        entry.from = {pointer->get()};
    else if (const auto* list = node.as_array()) {
        for (const auto& element : *list)
            if (auto text_of_element = scalar_text(element)) entry.from.push_back(*text_of_element);
    }
    ValuePlan value;
    value.name = name;
    value.rule = compile_rule(entity, name, entry, source_.zone, problems_);
    for (const auto& place : entry.from) value.from.push_back(path_of(place, entry.place));
    if (entry.join.empty() || names_empty_setting(entry.join, settings_)) return value;
    value.join.emplace();
    const auto join = read_template(entry.join, entry.place);
    for (const auto& part : join.parts()) {
        if (const auto* literal = std::get_if<std::string>(&part))
            value.join->parts.emplace_back(*literal);
        else
            value.join->parts.emplace_back(
                path_of(std::get<Template::Placeholder>(part).name, entry.place));
    }
    return value;
}

void ManifestCompiler::read_where(TomlTable& table, RecordPlan& record) {
    for (auto& entry : table.tables("where")) {
        entry.required_text("at");
        WherePlan where{path(entry, "at"), entry.texts("in"), entry.texts("except")};
        if (where.in.empty() == where.except.empty())
            problems_.error(entry.place(), "a condition has either \"in\" or \"except\"");
        record.where.push_back(std::move(where));
        entry.finish();
    }
}

void ManifestCompiler::read_walk(TomlTable& table, StreamPlan& stream) {
    const auto walk = table.text("walk", "list");
    if (walk == "window")
        stream.walk = Walk::window;
    else if (walk != "list")
        table.error("walk", fmt::format("unknown walk \"{}\"", walk),
                    hint(walk, {"window", "list"}, "walks"));
    std::set<std::string> given{"page.token"};
    if (stream.walk == Walk::window)
        given = {"window.lo", "window.hi", "window.last", "keyset.last_id"};
    for (auto& pass : table.tables("passes")) {
        Variables arguments;
        pass.each([&](const std::string& name, const toml::node&) {
            arguments[name] = pass.text(name);
            given.insert(name);
        });
        stream.passes.push_back(std::move(arguments));
    }
    if (stream.passes.empty()) stream.passes.emplace_back();
    stream.complete = table.flag("complete");
    stream.call = read_call(table, {}, given, read_places(stream.record));
    if (stream.walk == Walk::window && (stream.complete || stream.passes.size() > 1))
        problems_.error(table.place(), "only a list can be complete or have passes",
                        "leave them out, or set walk = \"list\"");
    if (stream.walk == Walk::window && !stream.record.modified)
        problems_.error(table.place(), "a window needs to know when a record was modified",
                        "add modified = \"/…\"");
    stream.records = table.has("records") ? path(table, "records")
                                          : (manifest_.requests.empty()
                                                 ? json::Path{}
                                                 : manifest_.requests[stream.call.request].records);
}

std::size_t ManifestCompiler::batch(TomlTable& table, std::int64_t otherwise) {
    return static_cast<std::size_t>(table.number("batch", otherwise, 1, 100'000));
}

void ManifestCompiler::read_joins(TomlTable& table, StreamPlan& stream) {
    auto joins = table.table("join");
    if (!joins) return;
    joins->each([&](const std::string& name, const toml::node& node) {
        const auto* inner = node.as_table();
        const auto field = model::field_index(stream.entity, name);
        if (!inner || !field ||
            model::fields_of(stream.entity)[*field].type != model::FieldType::reference) {
            std::vector<std::string> known;
            for (const auto& one : model::fields_of(stream.entity))
                if (one.type == model::FieldType::reference) known.emplace_back(one.name);
            joins->error(
                name,
                fmt::format("{} has no reference \"{}\" to join", to_string(stream.entity), name),
                hint(name, known, "references"));
            return;
        }
        TomlTable join{*inner, table.file(), problems_};
        JoinPlan plan{.field = *field,
                      .call = read_call(join, stream.call.with, {"each.id", "ids"}, {}),
                      .batch = batch(join, 100),
                      .from = path(join, "from", "/id"),
                      .to = path(join, "to"),
                      .to_id = path(join, "to_id", "/id"),
                      .prefer_at = std::nullopt,
                      .prefer_in = {}};
        if (auto prefer = join.table("prefer")) {
            plan.prefer_at = path(*prefer, "at");
            plan.prefer_in = prefer->texts("in");
            prefer->finish();
        }
        join.finish();
        stream.joins.push_back(std::move(plan));
    });
}

void ManifestCompiler::read_history(TomlTable& table, StreamPlan& stream) {
    auto history = table.table("history");
    if (!history) return;
    if (stream.entity != model::Entity::opportunity) {
        table.error("history", "only opportunities have a history");
        return;
    }
    HistoryPlan plan{.call = {},
                     .batch = batch(*history, 50),
                     .id = path(*history, "id", "/id"),
                     .value = path(*history, "value", "/value"),
                     .time = path(*history, "time", "/timestamp"),
                     .fields = {}};
    std::vector<json::Path> places;
    if (auto fields = history->table("fields"))
        fields->each([&](const std::string& name, const toml::node&) {
            // The history's values are made by the rules of the field itself.
            const auto& mapped = stream.record.fields;
            const auto rule = std::ranges::find(mapped, name, &ValuePlan::name);
            if (rule == mapped.end()) {
                fields->error(name, fmt::format("the field \"{}\" is not mapped", name),
                              "its history is read the way the field itself is: map it first");
                return;
            }
            plan.fields.push_back(
                {static_cast<std::size_t>(rule - mapped.begin()), path(*fields, name)});
            places.push_back(plan.fields.back().list);
        });
    plan.call = read_call(*history, stream.call.with, {"each.id", "ids"}, places);
    history->finish();
    stream.history = std::move(plan);
}

void ManifestCompiler::read_sweep(TomlTable& table, StreamPlan& stream) {
    auto sweep = table.table("sweep");
    if (!sweep) return;
    SweepPlan plan;
    plan.record.entity = stream.entity;
    plan.record.id = stream.record.id;
    if (const auto* modified = sweep->node("modified"))
        plan.record.modified = read_value(stream.entity, "modified", *modified, table.file());
    plan.every = std::chrono::duration_cast<seconds>(duration(*sweep, "every", plan.every));
    plan.call = read_call(*sweep, stream.call.with, {"page.token"}, read_places(plan.record));
    sweep->finish();
    stream.sweep = std::move(plan);
}

void ManifestCompiler::read_by_id(TomlTable& table, StreamPlan& stream) {
    auto by_id = table.table("by_id");
    if (!by_id) return;
    BatchPlan plan{.call = {}, .batch = batch(*by_id, 100)};
    plan.call = read_call(*by_id, stream.call.with, {"each.id", "ids"}, read_places(stream.record));
    by_id->finish();
    stream.by_id = std::move(plan);
}

}  // namespace nudged::sources
