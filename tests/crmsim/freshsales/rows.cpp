// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/rows.hpp"
#include "tests/crmsim/freshsales/account.hpp"

#include <array>

namespace nudged::crmsim::freshsales {
namespace {

constexpr std::array<std::string_view, 3> currencies{"EUR", "USD", "GBP"};

std::optional<std::int64_t> currency_id(std::string_view code) {
    const auto found = std::ranges::find(currencies, code);
    if (found == currencies.end()) return std::nullopt;
    return found - currencies.begin() + 1;
}

struct Target {
    std::int64_t id;
    std::string_view type;
};

/// What a task or an appointment is about: the deal, the person, or else the account.
std::optional<Target> target_of(const RecordView& record) {
    if (const auto deal = record.first_linked(ObjectType::deals)) return Target{*deal, "Deal"};
    if (const auto person = record.first_linked(ObjectType::contacts))
        return Target{*person, "Contact"};
    if (const auto company = record.first_linked(ObjectType::companies))
        return Target{*company, "SalesAccount"};
    return std::nullopt;
}

void write_target(JsonWriter& json, const RecordView& record) {
    const auto target = target_of(record);
    const auto id = target ? std::optional(target->id) : std::nullopt;
    const std::string type(target ? target->type : "");
    text_or_null(json, "targetable_type", type);
    id_or_null(json, "targetable_id", id);
    json.key("targetable");
    if (!target) return static_cast<void>(json.Null());
    json.StartObject();
    json.member("id", target->id);
    json.member("type", type);
    json.EndObject();
}

void write_account(JsonWriter& json, const RecordView& company) {
    json.member("name", company.text("name"));
    text_or_null(json, "website", company.text("domain"));
    id_or_null(json, "parent_sales_account_id", company.integer("hs_parent_company_id"));
}

void write_contact(JsonWriter& json, const RecordView& contact) {
    const auto account = contact.integer("associatedcompanyid");
    text_or_null(json, "first_name", contact.text("firstname"));
    text_or_null(json, "last_name", contact.text("lastname"));
    json.member("display_name", full_name(contact));
    text_or_null(json, "email", contact.text("email"));
    text_or_null(json, "work_number", contact.text("phone"));
    json.null_member("mobile_number");
    json.key("sales_accounts");
    json.StartArray();
    if (account) {
        json.StartObject();
        json.member("id", *account);
        json.member("is_primary", true);
        json.EndObject();
    }
    json.EndArray();
}

void write_deal(JsonWriter& json, const Account& account, const RecordView& deal) {
    const DealPlace place = place_of(deal);
    const auto closes = deal.time("closedate");
    const std::string currency = deal.text("deal_currency_code");
    const Stage& stage = stages()[static_cast<std::size_t>(place.stage - 1)];
    json.member("name", deal.text("dealname"));
    text_or_null(json, "amount", deal.text("amount"));
    text_or_null(json, "base_currency_amount", deal.text("amount"));
    text_or_null(json, "expected_close",
                 closes ? format_date(account.zone.local_day(*closes)) : "");
    second_or_null(json, "closed_date", place.closed ? closes : std::nullopt);
    second_or_null(json, "stage_updated_time", place.since);
    json.member("probability", stage_percent(stage));
    json.member("deal_pipeline_id", std::int64_t{1});
    json.member("deal_stage_id", place.stage);
    id_or_null(json, "sales_account_id", deal.first_linked(ObjectType::companies));
    id_or_null(json, "currency_id",
               currency_id(currency.empty() ? account.dataset.currency : currency));
    json.key("contact_ids");
    json.StartArray();
    for (const std::int64_t contact : deal.linked(ObjectType::contacts)) json.Int64(contact);
    json.EndArray();
    json.member("last_assigned_at", second_text(deal.created()));
}

void write_task(JsonWriter& json, const RecordView& task) {
    const bool done = task.text("hs_task_status") == "COMPLETED";
    json.member("title", task.text("hs_task_subject"));
    json.null_member("description");
    second_or_null(json, "due_date", task.time("hs_timestamp"));
    json.member("status", std::int64_t{done});
    second_or_null(json, "completed_date", task.time("hs_task_completion_date"));
    write_target(json, task);
}

void write_appointment(JsonWriter& json, const RecordView& meeting) {
    json.member("title", meeting.text("hs_meeting_title"));
    second_or_null(json, "from_date", meeting.time("hs_meeting_start_time"));
    second_or_null(json, "end_date", meeting.time("hs_meeting_end_time"));
    id_or_null(json, "creater_id", meeting.integer("hubspot_owner_id"));
    write_target(json, meeting);
}

}  // namespace

void write_record(JsonWriter& json, const Account& account, const RecordView& record) {
    json.StartObject();
    json.member("id", record.id());
    id_or_null(json, "owner_id", record.integer("hubspot_owner_id"));
    switch (record.type()) {
    case ObjectType::companies: write_account(json, record); break;
    case ObjectType::contacts: write_contact(json, record); break;
    case ObjectType::deals: write_deal(json, account, record); break;
    case ObjectType::meetings: write_appointment(json, record); break;
    default: write_task(json, record); break;
    }
    json.member("is_deleted", record.archived().has_value());
    json.key("custom_field");
    json.StartObject();
    json.EndObject();
    json.key("links");
    json.StartObject();
    json.EndObject();
    json.member("created_at", second_text(record.created()));
    json.member("updated_at", second_text(record.modified()));
    json.EndObject();
}

void write_owners(JsonWriter& json, const Account& account) {
    json.StartArray();
    for (const Owner& owner : account.dataset.owners) {
        json.StartObject();
        json.member("id", owner.id);
        json.member("display_name", owner.first_name + " " + owner.last_name);
        text_or_null(json, "email", owner.email);
        json.member("is_active", !owner.archived);
        json.null_member("work_number");
        json.null_member("mobile_number");
        json.EndObject();
    }
    json.EndArray();
}

void write_stages(JsonWriter& json) {
    json.StartArray();
    std::int64_t number = 0;
    for (const Stage& stage : stages()) {
        json.StartObject();
        json.member("id", ++number);
        json.member("name", stage.label);
        json.member("position", number);
        json.member("forecast_type", stage.id == "closedwon"    ? "Closed Won"
                                     : stage.id == "closedlost" ? "Closed Lost"
                                                                : "Open");
        json.member("deal_pipeline_id", std::int64_t{1});
        json.member("probability", stage_percent(stage));
        json.EndObject();
    }
    json.EndArray();
}

void write_pipelines(JsonWriter& json) {
    json.StartArray();
    json.StartObject();
    json.member("id", std::int64_t{1});
    json.member("name", "Default Pipeline");
    json.member("is_default", true);
    json.EndObject();
    json.EndArray();
}

void write_currencies(JsonWriter& json) {
    json.StartArray();
    for (const std::string_view code : currencies) {
        json.StartObject();
        json.member("id", *currency_id(code));
        json.member("is_active", true);
        json.member("currency_code", code);
        json.EndObject();
    }
    json.EndArray();
}

}  // namespace nudged::crmsim::freshsales
