// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/sources/http/field_parts.hpp"
#include "connectors/sources/http/manifest_compiler.hpp"
#include "connectors/sources/notes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

const std::vector<std::string> walk_kinds{"list", "window", "feed"};

/// What a walk itself gives to its request.
std::set<std::string> given_by(WalkKind kind) {
    std::set<std::string> given{"page.token", "page.number", "page.offset", "keyset.last_id"};
    if (kind == WalkKind::window) given.insert({"window.lo", "window.hi", "window.last"});
    return given;
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
        // Notes are a source by themselves, which tells them as tasks.
        const bool is_of_notes = name == notes_stream;
        has_notes_ |= is_of_notes;
        if (is_of_notes != options_.reads_notes) return;
        const auto entity = is_of_notes ? std::string{to_string(model::Entity::task)} : name;
        if (auto stream = read_stream(entity, TomlTable{*inner, table->file(), problems_}))
            manifest_.streams.push_back(std::move(*stream));
    });
    // The entities are declared in such an order that what others refer to comes first.
    std::ranges::sort(manifest_.streams, {}, &StreamPlan::entity);
    connect_feeds(top);
    for (const auto& stream : manifest_.streams) check_fields(top, stream);
}

/// What a request has no room for is read by id.
void ManifestCompiler::check_fields(TomlTable& top, const StreamPlan& stream) const {
    if (stream.fed_by || stream.by_id) return;
    auto calls = stream.walk.passes;
    if (stream.backfill)
        calls.insert(calls.end(), stream.backfill->walk.passes.begin(),
                     stream.backfill->walk.passes.end());
    for (const auto& call : calls) {
        const auto listed = call.with.find("fields");
        if (listed == call.with.end()) continue;
        const auto& request = manifest_.requests[call.request];
        const auto& fields = std::get<std::vector<std::string>>(listed->second);
        if (field_parts(*request.fields, fields, key_fields(*request.fields, stream.record))
                .size() < 2)
            continue;
        top.error("stream",
                  fmt::format("the request \"{}\" has no room for the {} fields of \"{}\"",
                              request.name, fields.size(), to_string(stream.entity)),
                  fmt::format("add a [stream.{}.by_id], by which the others are read, or map fewer",
                              to_string(stream.entity)));
        return;
    }
}

std::optional<StreamPlan> ManifestCompiler::read_stream(const std::string& name, TomlTable table) {
    const auto entity = model::entity_of(name);
    if (!entity) {
        std::vector<std::string> known;
        for (const auto one : model::all_entities()) known.emplace_back(to_string(one));
        problems_.error(table.place(), fmt::format("there is no entity \"{}\" to pull", name),
                        hint(name, known, "entities"));
        return std::nullopt;
    }
    const bool is_wanted = is_enabled(table);
    StreamPlan stream;
    stream.entity = *entity;
    stream.record = records_.read(*entity, table);
    stream.complete = table.flag("complete");
    stream.every = std::chrono::duration_cast<std::chrono::seconds>(
        duration(table, "every", std::chrono::milliseconds{0}));
    if (table.has("fed_by"))
        read_feeding(table, stream);
    else
        stream.walk = read_walk(table, {}, stream.record, WalkKind::list);
    if (!stream.fed_by) stream.records = records_of(table, stream.walk.passes.front());
    check_walk(table, stream);
    read_absent(table, stream);
    read_joins(table, stream);
    read_history(table, stream);
    read_backfill(table, stream);
    check_reach(table, stream);
    read_deleted(table, stream);
    read_sweep(table, stream);
    read_relink(table, stream);
    read_by_id(table, stream);
    read_of_each(table, stream);
    read_describe(table, stream);
    check_own_id(stream);
    table.finish();
    if (!is_wanted) return std::nullopt;
    return stream;
}

/// What a source may choose by a setting.
bool ManifestCompiler::is_enabled(TomlTable& table) {
    const auto enabled = plain(table, "enabled", "true");
    if (enabled != "true" && enabled != "false")
        table.error("enabled", fmt::format("\"{}\" is neither true nor false", enabled),
                    "write \"true\" or \"false\", or a setting that is one of them");
    return enabled == "true";
}

void ManifestCompiler::read_feeding(TomlTable& table, StreamPlan& stream) {
    const auto name = table.text("fed_by");
    stream.fed_by = model::entity_of(name);
    if (!stream.fed_by || stream.fed_by == stream.entity)
        table.error("fed_by", fmt::format("\"{}\" is no other stream", name),
                    "name the stream whose answers tell these records, too");
    if (table.has("records")) stream.records = read_path(table, "records");
    for (const auto* key : {"request", "walk", "passes", "with"})
        if (table.has(key))
            table.error(key, fmt::format("a stream that is fed by another has no \"{}\"", key),
                        "leave it out, or leave out fed_by");
}

/// Each stream learns which others come with its answers.
void ManifestCompiler::connect_feeds(TomlTable& top) {
    auto& streams = manifest_.streams;
    for (std::size_t i = 0; i < streams.size(); ++i) {
        if (!streams[i].fed_by) continue;
        const auto feeder = std::ranges::find(streams, *streams[i].fed_by, &StreamPlan::entity);
        if (feeder == streams.end() || feeder->fed_by) {
            top.error("stream",
                      fmt::format("the stream \"{}\" is fed by \"{}\", which asks for nothing",
                                  to_string(streams[i].entity), to_string(*streams[i].fed_by)),
                      "fed_by names a stream with a request of its own");
            continue;
        }
        feeder->feeds.push_back(i);
        if (!streams[i].records.is_whole()) continue;
        streams[i].records = feeder->records;
        ask_for_fed_fields(*feeder, streams[i].record);
    }
}

/// Rows that tell several entities are asked for what all of these read.
void ManifestCompiler::ask_for_fed_fields(StreamPlan& feeder, const RecordPlan& fed) const {
    const auto places = places_read(fed);
    for (auto& pass : feeder.walk.passes) ask_for_fields(pass, places);
    if (feeder.relink)
        for (auto& pass : feeder.relink->walk.passes) ask_for_fields(pass, places);
    if (!feeder.backfill) return;
    for (auto& pass : feeder.backfill->walk.passes) ask_for_fields(pass, places);
    if (!feeder.backfill->job) return;
    ask_for_fields(feeder.backfill->job->create, places);
    ask_for_fields(feeder.backfill->job->results, places);
}

std::optional<WalkKind> ManifestCompiler::read_walk_kind(TomlTable& table, WalkKind usual) {
    if (!table.has("walk")) return usual;
    const auto name = table.text("walk");
    const auto found = std::ranges::find(walk_kinds, name);
    if (found != walk_kinds.end()) return static_cast<WalkKind>(found - walk_kinds.begin());
    table.error("walk", fmt::format("unknown walk \"{}\"", name), hint(name, walk_kinds, "walks"));
    return std::nullopt;
}

WalkPlan ManifestCompiler::read_walk(TomlTable& table, const Variables& inherited,
                                     const RecordPlan& record, WalkKind usual,
                                     const std::set<std::string>& also_given) {
    WalkPlan walk;
    const auto kind = read_walk_kind(table, usual);
    walk.kind = kind.value_or(usual);
    walk.window = window_;
    if (auto window = table.table("window")) walk.window = read_window(*window, window_);
    // A misspelt walk is told once, and not again by all that it would have given.
    auto given = given_by(kind.value_or(WalkKind::window));
    given.insert(also_given.begin(), also_given.end());
    const auto places = places_read(record);
    auto passes = table.tables("passes");
    if (passes.empty()) {
        walk.passes.push_back(read_call(table, inherited, given, places));
        return walk;
    }
    // What a pass does not say, the stream says for all of them.
    Variables common = inherited;
    for (auto& [name, value] : read_with(table)) common[name] = value;
    const auto request = table.text("request");
    for (auto& pass : passes) {
        const bool is_wanted = !pass.has("when") || !plain(pass, "when").empty();
        auto call = read_call(pass, common, given, places, request);
        if (is_wanted) walk.passes.push_back(std::move(call));
        pass.finish();
    }
    if (walk.passes.empty()) {
        table.error("passes", "no pass is left, since each names an empty setting in its \"when\"",
                    "leave \"when\" out of one of them");
        walk.passes.emplace_back();
    }
    return walk;
}

json::Path ManifestCompiler::records_of(TomlTable& table, const Call& call) {
    if (table.has("records")) return read_path(table, "records");
    if (manifest_.requests.empty()) return {};
    return manifest_.requests[call.request].records;
}

/// What a CRM has forgotten to tell has to be had in another way.
void ManifestCompiler::check_reach(const TomlTable& table, const StreamPlan& stream) const {
    const bool is_window = !stream.fed_by && stream.walk.kind == WalkKind::window;
    if (is_window && stream.walk.window.reach.count() > 0 && !stream.backfill)
        table.error("window", "what lies beyond the reach of its windows is never told",
                    "add a backfill that tells all there is, or leave out reach");
}

/// Whoever is asked for by an id, or listed by it once more, has the CRM's.
void ManifestCompiler::check_own_id(const StreamPlan& stream) const {
    const auto own = options_.fields.find(std::string{to_string(stream.entity)});
    if (own == options_.fields.end()) return;
    const auto id = own->second.map.find("id");
    if (id == own->second.map.end()) return;
    const bool is_needed = stream.sweep || stream.deleted || stream.by_id || stream.of_each ||
                           stream.history || !stream.joins.empty();
    if (is_needed)
        problems_.error(id->second.place,
                        fmt::format("records of \"{}\" are known to the CRM by the manifest's id",
                                    to_string(stream.entity)),
                        "leave id out here");
}

void ManifestCompiler::check_walk(TomlTable& table, const StreamPlan& stream) {
    const bool is_window = !stream.fed_by && stream.walk.kind == WalkKind::window;
    if (stream.complete && (stream.fed_by || stream.walk.kind != WalkKind::list))
        problems_.error(table.place(), "only a list can be complete",
                        "leave it out, or set walk = \"list\"");
    if (is_window && !stream.record.modified)
        problems_.error(table.place(), "a window needs to know when a record was modified",
                        "add modified = \"/…\"");
    if (stream.fed_by || stream.walk.kind != WalkKind::feed || manifest_.requests.empty()) return;
    for (const auto& call : stream.walk.passes)
        if (!manifest_.requests[call.request].mark)
            problems_.error(table.place(), "a feed needs to know where it goes on",
                            "add mark = \"/…\" to its request");
}

}  // namespace nudged::sources
