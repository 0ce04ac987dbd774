// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/close/organization.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nudged::crmsim::close {

std::string id_text(ObjectType type, std::int64_t id) {
    static constexpr std::string_view prefixes[] = {"acti", "task", "acti", "oppo", "lead", "cont"};
    return fmt::format("{}_{}", prefixes[static_cast<std::size_t>(type)], id);
}

std::string user_id_text(std::int64_t owner) {
    return fmt::format("user_{}", owner);
}

std::string event_type(ObjectType type) {
    static constexpr std::string_view names[] = {"activity.call", "task.lead", "activity.meeting",
                                                 "opportunity",   "lead",      "contact"};
    return std::string(names[static_cast<std::size_t>(type)]);
}

std::string time_text(Instant instant, std::string_view zone) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(instant);
    std::string text = format_instant(whole);
    text.pop_back();
    return fmt::format("{}.{:03}000{}", text, (instant - whole).count(), zone);
}

Refusal failure(int status, std::string_view error) {
    JsonWriter json;
    json.StartObject();
    json.member("error", error);
    json.EndObject();
    return {{.status = status, .content_type = "application/json", .body = json.str()}};
}

Refusal bad_field(std::string_view name, std::string_view why) {
    JsonWriter json;
    json.StartObject();
    json.key("errors");
    json.StartArray();
    json.EndArray();
    json.key("field-errors");
    json.StartObject();
    json.member(name, why);
    json.EndObject();
    json.EndObject();
    return {{.status = 400, .content_type = "application/json", .body = json.str()}};
}

Reply ok(const JsonWriter& json) {
    return {.content_type = "application/json", .body = json.str()};
}

std::optional<std::int64_t> lead_of(const RecordView& record) {
    if (record.type() == ObjectType::companies) return std::nullopt;
    if (const auto linked = record.first_linked(ObjectType::companies)) return linked;
    return record.integer("associatedcompanyid");
}

std::optional<RecordView> view(const Organization& organization, ObjectType type,
                               std::optional<std::int64_t> id) {
    const Record* record = id ? organization.dataset.find(type, *id) : nullptr;
    if (record == nullptr) return std::nullopt;
    return RecordView(organization.dataset, type, *record);
}

bool is_visible(const Organization& organization, const RecordView& record) {
    if (record.archived()) return false;
    const auto lead = view(organization, ObjectType::companies, lead_of(record));
    return !lead || !lead->archived();
}

Status status_of(std::string_view stage) {
    const auto all = stages();
    const auto found = std::ranges::find(all, stage, &Stage::id);
    const Stage& known = found == all.end() ? all.front() : *found;
    std::string_view type = "active";
    if (known.closed) type = known.id == "closedwon" ? "won" : "lost";
    return {"stat_" + known.id, known.label, type,
            static_cast<int>(std::lround(std::stod(known.probability) * 100))};
}

std::string user_name(const Organization& organization, const RecordView& record) {
    const auto owner = record.integer("hubspot_owner_id");
    const auto& all = organization.dataset.owners;
    const auto user = std::ranges::find(all, owner.value_or(0), &Owner::id);
    return user == all.end() ? "" : user->first_name + " " + user->last_name;
}

void write_ids(JsonWriter& json, const RecordView& record) {
    json.member("id", id_text(record.type(), record.id()));
    json.member("organization_id", organization_id);
    if (record.type() == ObjectType::companies) return;
    const auto lead = lead_of(record);
    text_or_null(json, "lead_id", lead ? id_text(ObjectType::companies, *lead) : "");
    if (record.type() == ObjectType::contacts) return;
    const auto contact = record.first_linked(ObjectType::contacts);
    text_or_null(json, "contact_id", contact ? id_text(ObjectType::contacts, *contact) : "");
}

void write_user(JsonWriter& json, const Organization& organization, const RecordView& record,
                std::string_view id_name, std::string_view name_name) {
    const auto owner = record.integer("hubspot_owner_id");
    text_or_null(json, id_name, owner ? user_id_text(*owner) : "");
    text_or_null(json, name_name, user_name(organization, record));
}

void write_times(JsonWriter& json, const RecordView& record) {
    const auto owner = record.integer("hubspot_owner_id");
    text_or_null(json, "created_by", owner ? user_id_text(*owner) : "");
    text_or_null(json, "updated_by", owner ? user_id_text(*owner) : "");
    json.member("date_created", time_text(record.created()));
    json.member("date_updated", time_text(record.modified()));
}

void text_or_null(JsonWriter& json, std::string_view name, const std::string& text) {
    json.key(name);
    json.text_or_null(text.empty() ? std::nullopt : std::optional(text));
}

void empty_list(JsonWriter& json, std::string_view name) {
    json.key(name);
    json.StartArray();
    json.EndArray();
}

std::string render(const Organization& organization, const RecordView& record, Instant now) {
    JsonWriter json;
    switch (record.type()) {
    case ObjectType::calls: write_call(json, organization, record); break;
    case ObjectType::tasks: write_task(json, organization, record, now); break;
    case ObjectType::meetings: write_meeting(json, organization, record, now); break;
    case ObjectType::deals: write_opportunity(json, organization, record); break;
    case ObjectType::companies: write_lead(json, organization, record); break;
    case ObjectType::contacts: write_contact(json, organization, record); break;
    }
    return json.str();
}

}  // namespace nudged::crmsim::close
