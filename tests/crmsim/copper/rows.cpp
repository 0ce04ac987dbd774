// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/rows.hpp"
#include "tests/crmsim/copper/account.hpp"

#include <fmt/format.h>

#include <cmath>

namespace nudged::crmsim::copper {
namespace {

void time_member(JsonWriter& json, std::string_view name, std::optional<Instant> at) {
    if (at)
        json.member(name, seconds_of(*at));
    else
        json.null_member(name);
}

void write_stamps(JsonWriter& json, const RecordView& record) {
    time_member(json, "date_created", record.created());
    time_member(json, "date_modified", record.modified());
}

/// "4/30/2026".
std::string day_text(std::chrono::local_days day) {
    const std::chrono::year_month_day date{day};
    return fmt::format("{}/{}/{}", static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), static_cast<int>(date.year()));
}

void amount_member(JsonWriter& json, std::string_view name, std::optional<double> amount) {
    json.key(name);
    if (!amount)
        json.Null();
    else if (*amount == std::floor(*amount))
        json.Int64(static_cast<std::int64_t>(*amount));
    else
        json.Double(*amount);
}

struct Related {
    std::int64_t id;
    std::string_view type;
};

/// One thing that a record hangs on: the deal, the person, or else the company.
std::optional<Related> related_to(const RecordView& record) {
    if (const auto deal = record.first_linked(ObjectType::deals))
        return Related{*deal, "opportunity"};
    if (const auto person = record.first_linked(ObjectType::contacts))
        return Related{*person, "person"};
    if (const auto company = record.first_linked(ObjectType::companies))
        return Related{*company, "company"};
    return std::nullopt;
}

void related_member(JsonWriter& json, std::string_view name, const RecordView& record) {
    const auto related = related_to(record);
    json.key(name);
    json.StartObject();
    id_or_null(json, "id", related ? std::optional(related->id) : std::nullopt);
    text_or_null(json, "type", related ? std::string(related->type) : "");
    json.EndObject();
}

void list_member(JsonWriter& json, std::string_view name, std::string_view key,
                 const std::string& value) {
    json.key(name);
    json.StartArray();
    if (!value.empty()) {
        json.StartObject();
        json.member(key, value);
        json.member("category", "work");
        json.EndObject();
    }
    json.EndArray();
}

void write_company(JsonWriter& json, const RecordView& company) {
    json.member("name", company.text("name"));
    text_or_null(json, "email_domain", company.text("domain"));
    list_member(json, "websites", "url", "");
}

void write_person(JsonWriter& json, const RecordView& contact) {
    json.member("name", full_name(contact));
    id_or_null(json, "company_id", contact.integer("associatedcompanyid"));
    list_member(json, "emails", "email", contact.text("email"));
    list_member(json, "phone_numbers", "number", contact.text("phone"));
}

/// Winning and losing is a status here, and leaves the stage as it is.
void write_opportunity(JsonWriter& json, const Account& account, const RecordView& deal) {
    const DealPlace place = place_of(deal);
    const auto closes = deal.time("closedate");
    const auto& stage = stages()[static_cast<std::size_t>(place.open_stage - 1)];
    json.member("name", deal.text("dealname"));
    text_or_null(json, "close_date", closes ? day_text(account.zone.local_day(*closes)) : "");
    const auto company = deal.first_linked(ObjectType::companies);
    const Record* named = company ? account.dataset.find(ObjectType::companies, *company) : nullptr;
    id_or_null(json, "company_id", company);
    text_or_null(json, "company_name",
                 named ? RecordView(account.dataset, ObjectType::companies, *named).text("name")
                       : "");
    json.null_member("details");
    json.member("interaction_count", std::int64_t{0});
    json.null_member("customer_source_id");
    json.null_member("loss_reason_id");
    json.member("pipeline_id", std::int64_t{1});
    json.member("pipeline_stage_id", place.open_stage);
    id_or_null(json, "primary_contact_id", deal.first_linked(ObjectType::contacts));
    json.member("priority", "None");
    json.member("status", !place.closed ? "Open" : place.won ? "Won" : "Lost");
    text_or_null(json, "monetary_unit", deal.text("deal_currency_code"));
    amount_member(json, "monetary_value", deal.number("amount"));
    json.null_member("converted_unit");
    json.null_member("converted_value");
    json.member("win_probability", stage_percent(stage));
    time_member(json, "date_stage_changed", place.since);
    time_member(json, "date_last_contacted", deal.time("notes_last_contacted"));
    json.null_member("date_lead_created");
}

void write_task(JsonWriter& json, const RecordView& task) {
    json.member("name", task.text("hs_task_subject"));
    related_member(json, "related_resource", task);
    time_member(json, "due_date", task.time("hs_timestamp"));
    json.null_member("reminder_date");
    time_member(json, "completed_date", task.time("hs_task_completion_date"));
    json.member("priority", task.text("hs_task_priority") == "HIGH" ? "High" : "None");
    json.member("status", task.text("hs_task_status") == "COMPLETED" ? "Completed" : "Open");
    json.null_member("details");
}

void write_type(JsonWriter& json, std::string_view category, std::int64_t id) {
    json.key("type");
    json.StartObject();
    json.member("category", category);
    json.member("id", id);
    json.EndObject();
}

}  // namespace

Instant activity_date(const Account& account, const RecordView& activity) {
    if (account.dates_are_creation) return activity.created();
    return activity.time("hs_timestamp").value_or(activity.created());
}

void write_record(JsonWriter& json, const Account& account, const RecordView& record) {
    json.StartObject();
    json.member("id", record.id());
    id_or_null(json, "assignee_id", record.integer("hubspot_owner_id"));
    switch (record.type()) {
    case ObjectType::companies: write_company(json, record); break;
    case ObjectType::contacts: write_person(json, record); break;
    case ObjectType::deals: write_opportunity(json, account, record); break;
    default: write_task(json, record); break;
    }
    json.key("tags");
    json.StartArray();
    json.EndArray();
    json.key("custom_fields");
    json.StartArray();
    json.EndArray();
    write_stamps(json, record);
    json.EndObject();
}

void write_activity(JsonWriter& json, const Account& account, const RecordView& activity) {
    const bool is_call = activity.type() == ObjectType::calls;
    json.StartObject();
    json.member("id", activity.id());
    related_member(json, "parent", activity);
    write_type(json, "user", is_call ? phone_call_type : meeting_type);
    id_or_null(json, "user_id", activity.integer("hubspot_owner_id"));
    json.member("details", activity.text(is_call ? "hs_call_title" : "hs_meeting_title"));
    time_member(json, "activity_date", activity_date(account, activity));
    json.null_member("old_value");
    json.null_member("new_value");
    write_stamps(json, activity);
    json.EndObject();
}

std::int64_t stage_change_id(std::int64_t deal, std::size_t index) {
    return 50'000'000'000 + deal * 1'000 + static_cast<std::int64_t>(index);
}

void write_stage_change(JsonWriter& json, const RecordView& deal, std::size_t index,
                        const PastValue& before, const PastValue& after) {
    const auto stage = [&](std::string_view name, const std::string& id) {
        json.key(name);
        json.StartObject();
        json.member("id", stage_number(id));
        json.member("name", id);
        json.EndObject();
    };
    json.StartObject();
    json.member("id", stage_change_id(deal.id(), index));
    json.key("parent");
    json.StartObject();
    json.member("id", deal.id());
    json.member("type", "opportunity");
    json.EndObject();
    write_type(json, "system", stage_change_type);
    id_or_null(json, "user_id", deal.integer("hubspot_owner_id"));
    json.null_member("details");
    json.member("activity_date", seconds_of(after.at));
    stage("old_value", before.value);
    stage("new_value", after.value);
    json.member("date_created", seconds_of(after.at));
    json.member("date_modified", seconds_of(after.at));
    json.EndObject();
}

void write_user(JsonWriter& json, const Owner& user) {
    json.StartObject();
    json.member("id", user.id);
    json.member("name", user.first_name + " " + user.last_name);
    text_or_null(json, "email", user.email);
    json.EndObject();
}

void write_pipelines(JsonWriter& json) {
    json.StartArray();
    json.StartObject();
    json.member("id", std::int64_t{1});
    json.member("name", "Sales");
    json.key("stages");
    json.StartArray();
    std::int64_t number = 0;
    for (const Stage& stage : stages()) {
        if (stage.closed) continue;
        json.StartObject();
        json.member("id", ++number);
        json.member("name", stage.label);
        json.member("win_probability", stage_percent(stage));
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    json.EndArray();
}

void write_activity_types(JsonWriter& json) {
    const auto type = [&](std::int64_t id, std::string_view category, std::string_view name) {
        json.StartObject();
        json.member("id", id);
        json.member("category", category);
        json.member("name", name);
        json.member("is_disabled", false);
        json.member("count_as_interaction", category == "user");
        json.EndObject();
    };
    json.StartObject();
    json.key("user");
    json.StartArray();
    type(0, "user", "Note");
    type(phone_call_type, "user", "Phone Call");
    type(meeting_type, "user", "Meeting");
    json.EndArray();
    json.key("system");
    json.StartArray();
    type(stage_change_type, "system", "Pipeline Stage Changed");
    json.EndArray();
    json.EndObject();
}

}  // namespace nudged::crmsim::copper
