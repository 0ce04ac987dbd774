// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/manifest_compiler.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

using std::chrono::seconds;

const std::set<std::string> ids_given{"each.id", "ids", "page.token", "page.number", "page.offset"};

}  // namespace

Variables ManifestCompiler::arguments_of(const StreamPlan& stream) {
    return stream.fed_by ? Variables{} : stream.walk.passes.front().with;
}

std::size_t ManifestCompiler::batch(TomlTable& table, std::int64_t otherwise) {
    return static_cast<std::size_t>(table.number("batch", otherwise, 1, 100'000));
}

void ManifestCompiler::read_joins(TomlTable& table, StreamPlan& stream) {
    auto joins = table.table("join");
    if (!joins) return;
    const auto inherited = arguments_of(stream);
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
                      .call = read_call(join, inherited, ids_given, {}),
                      .batch = batch(join, 100),
                      .from = read_path(join, "from", "/id"),
                      .to = read_path(join, "to"),
                      .to_id = read_path(join, "to_id", "/id"),
                      .prefer_at = std::nullopt,
                      .prefer_in = {}};
        if (auto prefer = join.table("prefer")) {
            plan.prefer_at = read_path(*prefer, "at");
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
    HistoryPlan plan;
    plan.batch = batch(*history, 50);
    const std::vector<std::string> kinds{"lists", "states", "changes"};
    const auto rows = history->text("rows", kinds.front());
    const auto kind = std::ranges::find(kinds, rows);
    if (kind == kinds.end())
        history->error("rows", fmt::format("unknown rows \"{}\"", rows), hint(rows, kinds, "rows"));
    else
        plan.rows = static_cast<PastRows>(kind - kinds.begin());
    plan.id = read_path(*history, "id", "/id");
    plan.value = read_path(*history, "value", "/value");
    plan.old_value = read_path(*history, "old", "/old");
    plan.field = read_path(*history, "field", "/field");
    const toml::value<std::string> usual_time{"/timestamp"};
    const auto* time = history->node("time");
    plan.time = records_.read_value(model::Entity::opportunity_change, "changed_at",
                                    time ? *time : usual_time, history->file());
    auto places = read_past_fields(*history, stream, plan);
    places.push_back(plan.id);
    places.insert(places.end(), plan.time.from.begin(), plan.time.from.end());
    if (const auto* by = history->node("by")) {
        plan.by = records_.read_value(model::Entity::opportunity_change, "changed_by", *by,
                                      history->file());
        const auto named = places_read(*plan.by);
        places.insert(places.end(), named.begin(), named.end());
    }
    const auto inherited = arguments_of(stream);
    plan.call = read_call(*history, inherited, ids_given, places);
    plan.open_only = history->flag("open_only");
    const bool is_wanted = is_enabled(*history);
    history->finish();
    if (is_wanted) stream.history = std::move(plan);
}

/// The past values of a field are made by the rules of the field itself.
std::vector<json::Path> ManifestCompiler::read_past_fields(TomlTable& history,
                                                           const StreamPlan& stream,
                                                           HistoryPlan& plan) {
    std::vector<json::Path> places;
    auto fields = history.table("fields");
    if (!fields) return places;
    fields->each([&](const std::string& name, const toml::node&) {
        const auto& mapped = stream.record.fields;
        const auto rule = std::ranges::find(mapped, name, &ValuePlan::name);
        if (rule == mapped.end()) {
            fields->error(name, fmt::format("the field \"{}\" is not mapped", name),
                          "its history is read the way the field itself is: map it first");
            return;
        }
        HistoryPlan::Tracked tracked;
        tracked.field = static_cast<std::size_t>(rule - mapped.begin());
        if (plan.rows == PastRows::changes)
            tracked.name = fields->text(name);
        else
            tracked.place = read_path(*fields, name);
        places.push_back(tracked.place);
        plan.fields.push_back(std::move(tracked));
    });
    return places;
}

void ManifestCompiler::read_backfill(TomlTable& table, StreamPlan& stream) {
    auto backfill = table.table("backfill");
    if (!backfill) return;
    if (stream.fed_by) {
        table.error("backfill", "a stream that is fed by another comes with that one's first load",
                    "leave backfill out");
        return;
    }
    BackfillPlan plan;
    if (auto job = backfill->table("job")) {
        plan.job = read_job(*job, *backfill, stream);
        plan.records = records_of(*backfill, plan.job->results);
    } else {
        plan.walk = read_walk(*backfill, arguments_of(stream), stream.record, WalkKind::list);
        plan.records = records_of(*backfill, plan.walk.passes.front());
        plan.ahead = backfill->flag("ahead");
        if (plan.ahead) check_ahead(*backfill, plan.walk);
    }
    backfill->finish();
    stream.backfill = std::move(plan);
}

void ManifestCompiler::check_ahead(const TomlTable& table, const WalkPlan& walk) const {
    if (walk.kind == WalkKind::window)
        check_bounds(table, walk);
    else
        table.error("ahead", "only windows end anywhere", "leave it out, or set walk = \"window\"");
}

JobPlan ManifestCompiler::read_job(TomlTable& job, TomlTable& backfill, const StreamPlan& stream) {
    Variables common = arguments_of(stream);
    for (auto& [name, value] : read_with(backfill)) common[name] = value;
    const auto places = places_read(stream.record);
    const std::set<std::string> given{"job.id", "page.token", "page.number", "page.offset"};
    JobPlan plan;
    plan.create = read_call(job, common, {}, places, {}, "create");
    plan.id = read_path(job, "id", "/id");
    plan.poll = read_call(job, common, given, {}, {}, "poll");
    plan.state = read_path(job, "state", "/state");
    plan.done = job.texts("done");
    plan.failed = job.texts("failed");
    plan.results = read_call(job, common, given, places, {}, "results");
    if (job.has("close")) plan.close = read_call(job, common, given, {}, {}, "close");
    if (plan.done.empty())
        job.error("done", "nothing says when the job is done", "add done = [\"STATE\"]");
    job.finish();
    return plan;
}

void ManifestCompiler::read_deleted(TomlTable& table, StreamPlan& stream) {
    auto deletions = table.table("deletions");
    if (!deletions) return;
    DeletedPlan plan;
    plan.record.entity = stream.entity;
    plan.record.id = stream.record.id;
    if (const auto* id = deletions->node("id"))
        plan.record.id = records_.read_value(stream.entity, "id", *id, table.file());
    if (const auto* modified = deletions->node("modified"))
        plan.record.modified =
            records_.read_value(stream.entity, "modified", *modified, table.file());
    if (const auto* into = deletions->node("merged_into"))
        plan.record.into = records_.read_value(stream.entity, "id", *into, table.file());
    plan.record.all_deleted = true;
    plan.record.where = records_.read_conditions(*deletions, "where");
    plan.every = std::chrono::duration_cast<seconds>(duration(*deletions, "every", plan.every));
    const auto inherited = arguments_of(stream);
    plan.walk = read_walk(*deletions, inherited, plan.record, WalkKind::list, {"walk.since"});
    plan.records = records_of(*deletions, plan.walk.passes.front());
    deletions->finish();
    stream.deleted = std::move(plan);
}

void ManifestCompiler::read_sweep(TomlTable& table, StreamPlan& stream) {
    auto sweep = table.table("sweep");
    if (!sweep) return;
    SweepPlan plan;
    plan.record.entity = stream.entity;
    plan.record.id = stream.record.id;
    if (const auto* id = sweep->node("id"))
        plan.record.id = records_.read_value(stream.entity, "id", *id, table.file());
    plan.record.where = records_.read_conditions(*sweep, "where");
    plan.every = std::chrono::duration_cast<seconds>(duration(*sweep, "every", plan.every));
    const auto inherited = arguments_of(stream);
    plan.walk = read_walk(*sweep, inherited, plan.record, WalkKind::list);
    if (plan.walk.kind == WalkKind::feed)
        sweep->error("walk", "a sweep is a walk through everything",
                     "leave walk out, or set walk = \"window\"");
    if (plan.walk.kind == WalkKind::window) check_bounds(*sweep, plan.walk);
    plan.records = records_of(*sweep, plan.walk.passes.front());
    sweep->finish();
    stream.sweep = std::move(plan);
}

void ManifestCompiler::read_relink(TomlTable& table, StreamPlan& stream) {
    auto relink = table.table("relink");
    if (!relink) return;
    RelinkPlan plan;
    const bool is_wanted = is_enabled(*relink);
    plan.every = std::chrono::duration_cast<seconds>(duration(*relink, "every", plan.every));
    plan.back = duration(*relink, "back", plan.back);
    const auto inherited = arguments_of(stream);
    plan.walk = read_walk(*relink, inherited, stream.record, WalkKind::window);
    plan.records = records_of(*relink, plan.walk.passes.front());
    plan.walk.window.by_modified = false;  // what took place then, whenever it was changed
    if (stream.fed_by)
        relink->error("request", "a stream that is fed by another is read again with that one",
                      "leave relink out, or fed_by");
    else if (plan.walk.kind != WalkKind::window)
        relink->error("walk", "only windows begin some time ago",
                      "leave walk out; the request names both ends of a window");
    else
        check_bounds(*relink, plan.walk);
    relink->finish();
    if (is_wanted) stream.relink = std::move(plan);
}

/// Windows that reach far ahead and do not ask for both bounds would tell everything each time.
void ManifestCompiler::check_bounds(const TomlTable& table, const WalkPlan& walk) const {
    if (manifest_.requests.empty()) return;
    for (const auto& pass : walk.passes) {
        const auto& request = manifest_.requests[pass.request];
        bool begins = false;
        each_name(request, [&](const std::string& name) { begins |= name == "window.lo"; });
        if (!begins || !request.bounded)
            table.error("walk",
                        fmt::format("the request \"{}\" does not ask for both ends of a window",
                                    request.name),
                        "name {window.lo}, and {window.hi} or {window.last}, in its query or body");
    }
}

/// What a record is that the list of open ones no longer tells: fields with our own values.
void ManifestCompiler::read_absent(TomlTable& table, StreamPlan& stream) {
    auto absent = table.table("absent");
    if (!absent) return;
    bool is_marked = false;
    absent->each([&](const std::string& name, const toml::node& node) {
        MapEntry entry;
        entry.place = place_of(node, absent->file());
        const auto text = scalar_text(node).value_or("");
        const bool is_now = text == "{now}";
        entry.constant = is_now ? "1970-01-01T00:00:00Z" : text;
        AbsentPlan plan{.rule = compile_rule(stream.entity, name, entry, source_.zone, problems_),
                        .is_now = is_now};
        if (is_now && plan.rule.type != model::FieldType::instant)
            absent->error(name, fmt::format("\"{}\" is no instant, which {{now}} is", name),
                          "write the value that the field has from then on");
        is_marked = is_marked || !is_now;
        if (plan.rule.field != no_field) stream.absent.push_back(std::move(plan));
    });
    if (!is_marked)
        table.error("absent", "nothing tells a record that was closed from one that is open",
                    "add a field with its value, such as is_done = \"true\"");
    if (!stream.complete)
        table.error("absent", "only a complete list leaves out what has been closed",
                    "add complete = true");
}

void ManifestCompiler::read_by_id(TomlTable& table, StreamPlan& stream) {
    auto by_id = table.table("by_id");
    if (!by_id) return;
    ByIdPlan plan{
        .call = {}, .batch = batch(*by_id, 100), .concurrency = 1, .always = false, .records = {}};
    plan.concurrency = static_cast<std::size_t>(by_id->number("concurrency", 1, 1, 16));
    plan.always = by_id->flag("always");
    const auto inherited = arguments_of(stream);
    plan.call = read_call(*by_id, inherited, ids_given, places_read(stream.record));
    plan.records = records_of(*by_id, plan.call);
    by_id->finish();
    stream.by_id = std::move(plan);
}

void ManifestCompiler::read_of_each(TomlTable& table, StreamPlan& stream) {
    auto of_each = table.table("of_each");
    if (!of_each) return;
    OfEachPlan plan;
    plan.batch = batch(*of_each, static_cast<std::int64_t>(plan.batch));
    plan.listed.entity = stream.entity;
    const toml::value<std::string> usual_id{"/id"};
    const auto* id = of_each->node("id");
    plan.listed.id = records_.read_value(stream.entity, "id", id ? *id : usual_id, table.file());
    const auto inherited = arguments_of(stream);
    plan.call = read_call(*of_each, inherited, ids_given, places_read(stream.record));
    plan.records = records_of(*of_each, plan.call);
    if (stream.fed_by || stream.walk.kind != WalkKind::list || !stream.feeds.empty())
        table.error("of_each", "only a list tells what to ask about",
                    "leave out walk and fed_by, or of_each");
    of_each->finish();
    stream.of_each = std::move(plan);
}

}  // namespace nudged::sources
