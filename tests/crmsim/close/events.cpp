// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/close/events.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim::close {
namespace {

using std::chrono::minutes;

constexpr std::chrono::days events_kept{30};
/// Updates of one object that follow each other within this become one.
constexpr minutes consolidated{5};

std::string compact(const rapidjson::Value& value) {
    JsonWriter json;
    value.Accept(json);
    return json.str();
}

/// The members that differ, and what they were before.
std::pair<std::vector<std::string>, std::string> difference(const std::string& before,
                                                            const std::string& after) {
    rapidjson::Document old_record;
    rapidjson::Document new_record;
    old_record.Parse(before.c_str());
    new_record.Parse(after.c_str());
    std::vector<std::string> changed;
    JsonWriter previous;
    previous.StartObject();
    for (const auto& member : new_record.GetObject()) {
        const auto old = old_record.FindMember(member.name);
        if (old != old_record.MemberEnd() && old->value == member.value) continue;
        changed.emplace_back(member.name.GetString());
        if (old == old_record.MemberEnd()) continue;
        previous.key(changed.back());
        old->value.Accept(previous);
    }
    previous.EndObject();
    return {changed, previous.str()};
}

/// What was before the first of two updates.
std::string merged_previous(const std::string& first, const std::string& second) {
    rapidjson::Document older;
    rapidjson::Document newer;
    older.Parse(first.c_str());
    newer.Parse(second.c_str());
    for (auto& member : newer.GetObject())
        if (!older.HasMember(member.name))
            older.AddMember(member.name, member.value, older.GetAllocator());
    return compact(older);
}

}  // namespace

EventLog::EventLog(const Organization& organization, Instant now) : organization_(organization) {
    std::vector<Event> past;
    const Instant since = now - events_kept;
    for (const ObjectType type : all_types)
        for (const Record& record : organization.dataset.records(type)) {
            const RecordView view(organization.dataset, type, record);
            if (record.created >= since) past.push_back(event_of("created", view, record.created));
            if (record.modified < since || record.modified == record.created) continue;
            past.push_back(
                event_of(record.archived ? "deleted" : "updated", view, record.modified));
        }
    std::ranges::stable_sort(past, {}, &Event::updated);
    for (Event& event : past) add(std::move(event));
}

EventLog::Event EventLog::event_of(std::string_view action, const RecordView& record,
                                   Instant at) const {
    auto lead = lead_of(record);
    if (record.type() == ObjectType::companies) lead = record.id();
    Event event{0,
                at,
                at,
                std::string(action),
                {record.type(), record.id()},
                lead,
                record.integer("hubspot_owner_id")};
    if (action == "deleted") {
        event.data = "{}";
        event.previous = fmt::format(R"({{"id":"{}"}})", id_text(record.type(), record.id()));
    } else if (action == "updated") {
        event.changed = {"date_updated"};
    }
    return event;
}

void EventLog::add(Event event) {
    event.id = ++last_id_;
    events_.emplace(++last_position_, std::move(event));
}

void EventLog::before_change(ObjectType type, std::int64_t id, Instant now) {
    const auto record = view(organization_, type, id);
    if (!record) return;
    const std::string rendered = render(organization_, *record, now);
    // Older events show the object as it was after them, not as it will be.
    for (auto& [position, event] : events_)
        if (event.subject == Subject{type, id} && !event.data) event.data = rendered;
    before_[{type, id}] = rendered;
}

void EventLog::after_change(std::string_view action, ObjectType type, std::int64_t id,
                            Instant now) {
    if (action == "set") return note_update(type, id, now);
    const auto record = view(organization_, type, id);
    if (!record) return;
    if (action == "create" || action == "restore") add(event_of("created", *record, now));
    if (action == "archive") add(event_of("deleted", *record, now));
}

void EventLog::note_update(ObjectType type, std::int64_t id, Instant now) {
    const auto record = view(organization_, type, id);
    Event event = event_of("updated", *record, now);
    event.data = render(organization_, *record, now);
    std::tie(event.changed, event.previous) = difference(before_[{type, id}], *event.data);
    const auto last = std::find_if(events_.rbegin(), events_.rend(), [&](const auto& entry) {
        return entry.second.subject == event.subject;
    });
    const bool folds = last != events_.rend() && last->second.action == "updated" &&
                       last->second.updated + consolidated > now;
    if (!folds) return add(std::move(event));
    // The same event, at a new place.
    event.id = last->second.id;
    event.created = last->second.created;
    event.previous = merged_previous(last->second.previous, event.previous);
    for (const std::string& name : last->second.changed)
        if (std::ranges::find(event.changed, name) == event.changed.end())
            event.changed.push_back(name);
    events_.erase(last->first);
    events_.emplace(++last_position_, std::move(event));
}

void EventLog::merged(std::int64_t loser, std::int64_t winner, Instant now) {
    const auto record = view(organization_, ObjectType::companies, winner);
    if (!record) return;
    Event event = event_of("merged", *record, now);
    event.data = "{}";
    event.meta =
        fmt::format(R"({{"merge_source_lead_id":"{}","merge_destination_lead_id":"{}"}})",
                    id_text(ObjectType::companies, loser), id_text(ObjectType::companies, winner));
    add(std::move(event));
}

void EventLog::write(JsonWriter& json, const Event& event, Instant now) const {
    const auto raw = [&](std::string_view name, const std::string& value) {
        json.key(name);
        json.RawValue(value.data(), value.size(), rapidjson::kObjectType);
    };
    const auto& [type, id] = event.subject;
    const auto record = view(organization_, type, id);
    json.StartObject();
    json.member("id", fmt::format("ev_{}", event.id));
    json.member("date_created", time_text(event.created, ""));
    json.member("date_updated", time_text(event.updated, ""));
    json.member("organization_id", organization_id);
    text_or_null(json, "user_id", event.user ? user_id_text(*event.user) : "");
    json.member("request_id", fmt::format("req_{}", event.id));
    for (const char* name : {"api_key_id", "oauth_client_id", "oauth_scope"})
        json.null_member(name);
    json.member("object_type", event_type(type));
    json.member("object_id", id_text(type, id));
    text_or_null(json, "lead_id", event.lead ? id_text(ObjectType::companies, *event.lead) : "");
    json.member("action", event.action);
    json.key("changed_fields");
    json.StartArray();
    for (const std::string& name : event.changed) json.text(name);
    json.EndArray();
    raw("meta", event.meta);
    raw("data", event.data ? *event.data : (record ? render(organization_, *record, now) : "{}"));
    raw("previous_data", event.previous);
    json.EndObject();
}

Reply EventLog::single(std::string_view id, Instant now) const {
    for (const auto& [position, event] : events_) {
        if (fmt::format("ev_{}", event.id) != id) continue;
        JsonWriter json;
        write(json, event, now);
        return ok(json);
    }
    throw missing(id);
}

bool EventLog::passes(const Event& event, const Request& request) const {
    const auto is = [&](const std::string& name, const std::string& value) {
        return !request.query.contains(name) || request.parameter(name) == value;
    };
    if (!is("object_type", event_type(event.subject.first)) || !is("action", event.action) ||
        !is("object_id", id_text(event.subject.first, event.subject.second)) ||
        !is("lead_id", event.lead ? id_text(ObjectType::companies, *event.lead) : "") ||
        !is("user_id", event.user ? user_id_text(*event.user) : "") ||
        !is("request_id", fmt::format("req_{}", event.id)))
        return false;
    // A cursor knows its place in time by itself.
    if (request.query.contains("_cursor")) return true;
    for (const std::string operation : {"gt", "gte", "lt", "lte"}) {
        const std::string name = "date_updated__" + operation;
        const std::string_view text = request.parameter(name);
        if (!text.empty() && !compares(event.updated, operation, *parse_time(text))) return false;
    }
    return true;
}

}  // namespace nudged::crmsim::close
