// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/rows.hpp"
#include "tests/crmsim/zendesk_sell/account.hpp"

#include <array>

namespace nudged::crmsim::zendesk_sell {
namespace {

constexpr std::array<std::string_view, 6> outcomes{"Interested", "Not interested", "Left message",
                                                   "No answer",  "Busy",           "Wrong number"};

std::optional<std::int64_t> outcome_id(const RecordView& call) {
    switch (outcome_of(call)) {
    case CallOutcome::connected: return 1;
    case CallOutcome::left_message: return 3;
    case CallOutcome::no_answer: return 4;
    case CallOutcome::busy: return 5;
    case CallOutcome::wrong_number: return 6;
    case CallOutcome::none: return std::nullopt;
    }
    return std::nullopt;
}

/// A person, or else an organization: either is a contact.
std::optional<std::int64_t> contact_of(const RecordView& record) {
    const auto person = record.first_linked(ObjectType::contacts);
    return person ? person : record.first_linked(ObjectType::companies);
}

void write_stamps(JsonWriter& json, const RecordView& record) {
    json.member("created_at", second_text(record.created()));
    json.member("updated_at", second_text(record.modified()));
}

void write_empty_extras(JsonWriter& json) {
    json.key("tags");
    json.StartArray();
    json.EndArray();
    json.key("custom_fields");
    json.StartObject();
    json.EndObject();
}

void write_organization(JsonWriter& json, const RecordView& company) {
    json.member("id", company.id());
    id_or_null(json, "owner_id", company.integer("hubspot_owner_id"));
    json.member("is_organization", true);
    json.null_member("contact_id");
    id_or_null(json, "parent_organization_id", company.integer("hs_parent_company_id"));
    json.member("name", company.text("name"));
    json.null_member("first_name");
    json.null_member("last_name");
    json.null_member("email");
    text_or_null(json, "website", company.text("domain"));
    text_or_null(json, "industry", company.text("industry"));
    write_empty_extras(json);
    write_stamps(json, company);
}

void write_person(JsonWriter& json, const RecordView& contact) {
    json.member("id", contact.id());
    id_or_null(json, "owner_id", contact.integer("hubspot_owner_id"));
    json.member("is_organization", false);
    id_or_null(json, "contact_id", contact.integer("associatedcompanyid"));
    json.null_member("parent_organization_id");
    json.member("name", full_name(contact));
    text_or_null(json, "first_name", contact.text("firstname"));
    text_or_null(json, "last_name", contact.text("lastname"));
    text_or_null(json, "email", contact.text("email"));
    text_or_null(json, "phone", contact.text("phone"));
    json.null_member("mobile");
    write_empty_extras(json);
    write_stamps(json, contact);
}

void write_deal(JsonWriter& json, const Account& account, const RecordView& deal) {
    const DealPlace place = place_of(deal);
    const auto owner = deal.integer("hubspot_owner_id");
    const auto closes = deal.time("closedate");
    const std::string currency = deal.text("deal_currency_code");
    json.member("id", deal.id());
    id_or_null(json, "creator_id", owner);
    id_or_null(json, "owner_id", owner);
    json.member("name", deal.text("dealname"));
    text_or_null(json, "value", deal.text("amount"));
    json.member("currency", currency.empty() ? account.dataset.currency : currency);
    json.member("hot", false);
    json.member("stage_id", place.stage);
    id_or_null(json, "contact_id", contact_of(deal));
    id_or_null(json, "organization_id", deal.first_linked(ObjectType::companies));
    json.null_member("source_id");
    json.null_member("loss_reason_id");
    text_or_null(json, "estimated_close_date",
                 closes ? format_date(account.zone.local_day(*closes)) : "");
    json.null_member("customized_win_likelihood");
    second_or_null(json, "last_stage_change_at", place.since);
    second_or_null(json, "last_activity_at", deal.time("notes_last_updated"));
    json.member("added_at", second_text(deal.created()));
    json.member("dropbox_email", "dropbox@example.com");
    write_empty_extras(json);
    write_stamps(json, deal);
}

/// There is no created_at.
void write_call(JsonWriter& json, const RecordView& call) {
    const auto contact = contact_of(call);
    const auto deal = call.first_linked(ObjectType::deals);
    const bool incoming = call.text("hs_call_direction") == "INBOUND";
    json.member("id", call.id());
    id_or_null(json, "user_id", call.integer("hubspot_owner_id"));
    text_or_null(json, "summary", call.text("hs_call_title"));
    json.null_member("recording_url");
    id_or_null(json, "outcome_id", outcome_id(call));
    json.member("duration", call.integer("hs_call_duration").value_or(0) / 1000);
    text_or_null(json, "phone_number", call.text("hs_call_to_number"));
    json.member("incoming", incoming);
    json.member("missed", incoming && outcome_of(call) == CallOutcome::no_answer);
    json.null_member("external_id");
    text_or_null(json, "resource_type", contact ? "contact" : "");
    id_or_null(json, "resource_id", contact);
    json.key("associated_deal_ids");
    json.StartArray();
    if (deal) json.Int64(*deal);
    json.EndArray();
    second_or_null(json, "made_at", call.time("hs_timestamp"));
    json.member("updated_at", second_text(call.modified()));
}

void write_task(JsonWriter& json, const RecordView& task, Instant now) {
    const auto deal = task.first_linked(ObjectType::deals);
    const auto resource = deal ? deal : contact_of(task);
    const auto due = task.time("hs_timestamp");
    const bool completed = task.text("hs_task_status") == "COMPLETED";
    json.member("id", task.id());
    id_or_null(json, "creator_id", task.integer("hubspot_owner_id"));
    id_or_null(json, "owner_id", task.integer("hubspot_owner_id"));
    text_or_null(json, "resource_type", deal ? "deal" : resource ? "contact" : "");
    id_or_null(json, "resource_id", resource);
    json.member("completed", completed);
    second_or_null(json, "completed_at", task.time("hs_task_completion_date"));
    second_or_null(json, "due_date", due);
    json.member("overdue", !completed && due && *due < now);
    json.null_member("remind_at");
    json.member("content", task.text("hs_task_subject"));
    write_stamps(json, task);
}

}  // namespace

std::string_view object_of(ObjectType type) {
    switch (type) {
    case ObjectType::calls: return "call";
    case ObjectType::tasks: return "task";
    case ObjectType::deals: return "deal";
    case ObjectType::companies:
    case ObjectType::contacts: return "contact";
    case ObjectType::meetings: return "appointment";
    }
    return {};
}

void write_record(JsonWriter& json, const Account& account, const RecordView& record, Instant now) {
    switch (record.type()) {
    case ObjectType::calls: return write_call(json, record);
    case ObjectType::tasks: return write_task(json, record, now);
    case ObjectType::deals: return write_deal(json, account, record);
    case ObjectType::companies: return write_organization(json, record);
    case ObjectType::contacts: return write_person(json, record);
    case ObjectType::meetings: return;  // in no list
    }
}

void write_user(JsonWriter& json, const Owner& user) {
    json.member("id", user.id);
    json.member("name", user.first_name + " " + user.last_name);
    text_or_null(json, "email", user.email);
    json.member("status", user.archived ? "inactive" : "active");
    json.member("role", "user");
    text_or_null(json, "team_name", user.team);
    json.null_member("reports_to");
    json.member("timezone", "Europe/Berlin");
}

void write_stage(JsonWriter& json, std::size_t index) {
    const Stage& stage = stages()[index];
    json.member("id", static_cast<std::int64_t>(index + 1));
    json.member("name", stage.label);
    json.member("category", stage.id == "closedwon"    ? "won"
                            : stage.id == "closedlost" ? "lost"
                            : index == 0               ? "incoming"
                                                       : "no_category");
    json.member("likelihood", stage_percent(stage));
    json.member("position", static_cast<std::int64_t>(index + 1));
    json.member("pipeline_id", std::int64_t{1});
    json.member("active", true);
}

void write_pipeline(JsonWriter& json) {
    json.member("id", std::int64_t{1});
    json.member("name", "Sales Pipeline");
}

void write_call_outcome(JsonWriter& json, std::size_t index) {
    json.member("id", static_cast<std::int64_t>(index + 1));
    json.member("name", outcomes[index]);
}

std::size_t call_outcomes() {
    return outcomes.size();
}

}  // namespace nudged::crmsim::zendesk_sell
