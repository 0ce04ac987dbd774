// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/recording/places.hpp"

#include <algorithm>
#include <array>

namespace nudged::sources::recording {
namespace {

using Use = std::function<void(const json::Value&, Role)>;

/// Texts of ours that are one of a few. What an account has added to them is one word mostly.
constexpr std::array<std::string_view, 7> choices{
    "currency", "direction", "forecast_category", "outcome", "priority", "status", "type"};

Role role_of(const ValuePlan& plan) {
    using model::FieldType;
    if (plan.rule.type == FieldType::reference || plan.name == "id") return Role::id;
    if (plan.rule.type != FieldType::text) return Role::value;
    const bool is_choice = !plan.rule.values.empty() || std::ranges::count(choices, plan.name) > 0;
    return is_choice ? Role::choice : Role::personal;
}

void reach(const json::Path& path, const RowAt& at, Role role, const Use& use) {
    if (path.is_single()) {
        if (const auto* found = path.find(at.row, &at.parent, at.key)) use(*found, role);
        return;
    }
    path.each_value(at.row, [&](const json::Value& found) { use(found, role); });
}

void reach(const ValuePlan& plan, const RowAt& at, const Use& use) {
    const auto role = role_of(plan);
    for (const auto& path : plan.from) reach(path, at, role, use);
    if (plan.time) reach(*plan.time, at, role, use);
    for (const auto& condition : plan.when) reach(condition.at, at, Role::choice, use);
    for (const auto* more : {&plan.minus, &plan.plus, &plan.span, &plan.others})
        for (const auto& other : *more) reach(other, at, use);
    if (!plan.join) return;
    for (const auto& part : plan.join->parts)
        if (const auto* path = std::get_if<json::Path>(&part)) reach(*path, at, role, use);
}

void each_row(const json::Path& records, const json::Document& answer,
              const std::function<void(const RowAt&)>& use) {
    records.each_located(answer, [&](const json::Located& one) {
        use({one.element, one.parent, one.key});
    });
}

void reach_joins(const Manifest& manifest, const StreamPlan& stream, const json::Document& answer,
                 const Use& use) {
    for (const auto& join : stream.joins)
        each_row(manifest.requests[join.call.request].records, answer, [&](const RowAt& at) {
            reach(join.from, at, Role::id, use);
            join.to.each_element(at.row, [&](const json::Value& one, const json::Value& holder) {
                reach(join.to_id, {one, holder}, Role::id, use);
                if (join.prefer_at) reach(*join.prefer_at, {one, holder}, Role::choice, use);
            });
        });
    for (const auto& join : stream.joins) {
        const auto& rest = manifest.requests[join.call.request].rest;
        if (!rest) continue;
        each_row(manifest.requests[rest->request].records, answer, [&](const RowAt& at) {
            reach(join.to_id, at, Role::id, use);
            if (join.prefer_at) reach(*join.prefer_at, at, Role::choice, use);
        });
    }
}

void reach_history(const Manifest& manifest, const StreamPlan& stream, const json::Document& answer,
                   const Use& use) {
    if (!stream.history) return;
    const auto& history = *stream.history;
    each_row(manifest.requests[history.call.request].records, answer, [&](const RowAt& at) {
        reach(history.id, at, Role::id, use);
        if (history.rows != PastRows::lists) reach(history.time, at, use);
        for (const auto& tracked : history.fields) {
            const auto role = role_of(stream.record.fields[tracked.field]);
            if (history.rows == PastRows::states) reach(tracked.place, at, role, use);
            if (history.rows != PastRows::lists) continue;
            tracked.place.each_element(at.row,
                                       [&](const json::Value& entry, const json::Value& list) {
                                           reach(history.value, {entry, list}, role, use);
                                           reach(history.time, {entry, list}, use);
                                       });
        }
        if (history.rows != PastRows::changes) return;
        reach(history.field, at, Role::choice, use);
        const auto name = json::scalar(history.field.find(at.row)).value_or(std::string_view{});
        for (const auto& tracked : history.fields) {
            if (tracked.name != name) continue;
            const auto role = role_of(stream.record.fields[tracked.field]);
            reach(history.value, at, role, use);
            reach(history.old_value, at, role, use);
        }
    });
}

void reach_stream(const Manifest& manifest, const StreamPlan& stream, const json::Document& answer,
                  const Use& use) {
    const auto record = [&](const RowAt& at) { each_read(stream.record, at, use); };
    each_row(stream.records, answer, record);
    if (stream.by_id) each_row(stream.by_id->records, answer, record);
    if (stream.backfill) each_row(stream.backfill->records, answer, record);
    if (stream.deleted)
        each_row(stream.deleted->records, answer,
                 [&](const RowAt& at) { each_read(stream.deleted->record, at, use); });
    if (stream.sweep)
        each_row(stream.sweep->records, answer,
                 [&](const RowAt& at) { each_read(stream.sweep->record, at, use); });
    reach_joins(manifest, stream, answer, use);
    reach_history(manifest, stream, answer, use);
    const RowAt whole{answer, answer};
    if (stream.describe)
        for (const auto& names : stream.describe->names) reach(names, whole, Role::choice, use);
    if (!stream.backfill || !stream.backfill->job) return;
    reach(stream.backfill->job->id, whole, Role::id, use);
    reach(stream.backfill->job->state, whole, Role::choice, use);
}

void reach_pages(const RequestPlan& request, const json::Document& answer, const Use& use) {
    const RowAt whole{answer, answer};
    for (const auto* path : {&request.pager.next, &request.pager.next_url, &request.mark})
        if (*path) reach(**path, whole, Role::page, use);
    if (request.pager.total) reach(*request.pager.total, whole, Role::value, use);
    if (request.pager.more) reach(request.pager.more->at, whole, Role::value, use);
    // What columns are called, as members are: it is the CRM's, and nobody's.
    if (request.shape.columns) reach(*request.shape.columns, whole, Role::page, use);
    if (!request.rest) return;
    each_row(request.records, answer, [&](const RowAt& at) {
        reach(request.rest->id, at, Role::id, use);
        reach(request.rest->next, at, Role::page, use);
    });
}

void add(std::vector<std::string>& words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
}

void add_words(std::vector<std::string>& words, const ValuePlan& plan) {
    for (const auto& [theirs, ours] : plan.rule.values) words.push_back(theirs);
    for (const auto& condition : plan.when) add(words, condition.in);
    for (const auto& other : plan.others) add_words(words, other);
}

}  // namespace

void each_read(const RecordPlan& plan, const RowAt& at, const Use& use) {
    reach(plan.id, at, use);
    if (plan.modified) reach(*plan.modified, at, use);
    for (const auto& condition : plan.where) reach(condition.at, at, Role::choice, use);
    for (const auto& condition : plan.deleted) reach(condition.at, at, Role::choice, use);
    for (const auto& field : plan.fields) reach(field, at, use);
    for (const auto& field : plan.extra) {
        // A field of the admin's own may hold anything.
        const auto role = field.rule.type == model::FieldType::text ? Role::personal : Role::value;
        for (const auto& path : field.from) reach(path, at, role, use);
    }
}

Roles roles_in(const Manifest& manifest, const json::Document& answer) {
    Roles roles;
    const Use note = [&](const json::Value& place, Role role) {
        const auto [known, is_new] = roles.emplace(&place, role);
        if (!is_new) known->second = std::min(known->second, role);
    };
    for (const auto& stream : manifest.streams) reach_stream(manifest, stream, answer, note);
    for (const auto& request : manifest.requests) reach_pages(request, answer, note);
    return roles;
}

std::vector<std::string> words_of(const Manifest& manifest) {
    std::vector<std::string> words;
    for (const auto& rule : manifest.errors)
        for (const auto& match : rule.matches) add(words, match.in);
    for (const auto& stream : manifest.streams) {
        for (const auto& condition : stream.record.where) add(words, condition.in);
        for (const auto& condition : stream.record.deleted) add(words, condition.in);
        for (const auto& field : stream.record.fields) add_words(words, field);
        for (const auto& join : stream.joins) add(words, join.prefer_in);
        if (stream.history)
            for (const auto& tracked : stream.history->fields) words.push_back(tracked.name);
        if (!stream.backfill || !stream.backfill->job) continue;
        add(words, stream.backfill->job->done);
        add(words, stream.backfill->job->failed);
    }
    return words;
}

}  // namespace nudged::sources::recording
