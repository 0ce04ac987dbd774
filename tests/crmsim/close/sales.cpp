// SPDX-License-Identifier: Apache-2.0
// Opportunities, leads (which are the accounts) and contacts.
#include "tests/crmsim/close/organization.hpp"

#include <fmt/format.h>

#include <cmath>

namespace nudged::crmsim::close {
namespace {

void cents_or_null(JsonWriter& json, std::string_view name, std::optional<std::int64_t> cents) {
    if (cents)
        json.member(name, *cents);
    else
        json.null_member(name);
}

std::optional<Instant> entered_last(const RecordView& opportunity) {
    const auto past = opportunity.history("dealstage");
    return past.empty() ? std::nullopt : std::optional(past.back().at);
}

void write_value(JsonWriter& json, const Organization& organization, const RecordView& opportunity,
                 int confidence) {
    const auto amount = opportunity.number("amount");
    const std::string currency = opportunity.text("deal_currency_code");
    std::optional<std::int64_t> cents;
    std::optional<std::int64_t> expected;
    if (amount) cents = std::llround(*amount * 100);
    if (cents) expected = *cents * confidence / 100;
    cents_or_null(json, "value", cents);
    json.member("value_currency", currency.empty() ? organization.dataset.currency : currency);
    text_or_null(json, "value_formatted", amount ? fmt::format("€{:.2f}", *amount) : "");
    json.member("value_period", "one_time");
    cents_or_null(json, "annualized_value", cents);
    cents_or_null(json, "expected_value", expected);
    cents_or_null(json, "annualized_expected_value", expected);
    json.member("confidence", std::int64_t{confidence});
}

std::string full_name(const RecordView& contact) {
    const std::string first = contact.text("firstname");
    const std::string last = contact.text("lastname");
    return first + (first.empty() || last.empty() ? "" : " ") + last;
}

}  // namespace

void write_opportunity(JsonWriter& json, const Organization& organization,
                       const RecordView& opportunity) {
    const Status status = status_of(opportunity.text("dealstage"));
    const auto close = opportunity.time("closedate");
    const auto lead = view(organization, ObjectType::companies, lead_of(opportunity));
    const auto contact =
        view(organization, ObjectType::contacts, opportunity.first_linked(ObjectType::contacts));
    const bool lost = status.type == "lost";
    const auto lost_at = lost ? entered_last(opportunity) : std::nullopt;
    json.StartObject();
    write_ids(json, opportunity);
    text_or_null(json, "lead_name", lead ? lead->text("name") : "");
    text_or_null(json, "contact_name", contact ? full_name(*contact) : "");
    write_user(json, organization, opportunity, "user_id", "user_name");
    json.member("status_id", status.id);
    json.member("status_label", status.label);
    json.member("status_display_name", status.label);
    json.member("status_type", status.type);
    json.member("pipeline_id", pipeline_id);
    json.member("pipeline_name", "Sales");
    write_value(json, organization, opportunity, status.confidence);
    // The expected day while it is active, the day it was won once it is; none when it is lost.
    text_or_null(json, "date_won",
                 close && !lost ? format_date(organization.zone.local_day(*close)) : "");
    text_or_null(json, "date_lost", lost_at ? time_text(*lost_at) : "");
    // There is no name: people write into the note what it is about.
    text_or_null(json, "note", opportunity.text("dealname"));
    json.member("is_stalled", false);
    write_times(json, opportunity);
    json.EndObject();
}

void write_contact(JsonWriter& json, const Organization& /*organization*/,
                   const RecordView& contact) {
    const std::string email = contact.text("email");
    const std::string phone = contact.text("phone");
    const std::string name = full_name(contact);
    json.StartObject();
    write_ids(json, contact);
    text_or_null(json, "name", name);
    json.member("display_name", name);
    text_or_null(json, "title", contact.text("jobtitle"));
    json.key("emails");
    json.StartArray();
    if (!email.empty()) {
        json.StartObject();
        json.member("type", "office");
        json.member("email", email);
        json.member("is_unsubscribed", false);
        json.EndObject();
    }
    json.EndArray();
    json.key("phones");
    json.StartArray();
    if (!phone.empty()) {
        json.StartObject();
        json.member("type", "office");
        json.member("phone", phone);
        json.member("country", "DE");
        json.EndObject();
    }
    json.EndArray();
    empty_list(json, "urls");
    write_times(json, contact);
    json.EndObject();
}

void write_lead(JsonWriter& json, const Organization& organization, const RecordView& lead) {
    const std::string id = id_text(ObjectType::companies, lead.id());
    const std::string domain = lead.text("domain");
    json.StartObject();
    write_ids(json, lead);
    json.member("name", lead.text("name"));
    json.member("display_name", lead.text("name"));
    json.member("status_id", "stat_LEAD1");
    json.member("status_label", "Potential");
    text_or_null(json, "url", domain.empty() ? "" : "https://" + domain);
    json.member("html_url", "https://app.close.com/lead/" + id + "/");
    json.member("description", "");
    write_times(json, lead);
    std::vector<RecordView> contacts;
    for (const std::int64_t contact : lead.linked(ObjectType::contacts))
        if (const auto found = view(organization, ObjectType::contacts, contact))
            if (!found->archived()) contacts.push_back(*found);
    json.key("contact_ids");
    json.StartArray();
    for (const RecordView& contact : contacts)
        json.text(id_text(ObjectType::contacts, contact.id()));
    json.EndArray();
    json.key("contacts");
    json.StartArray();
    for (const RecordView& contact : contacts) write_contact(json, organization, contact);
    json.EndArray();
    json.key("opportunities");
    json.StartArray();
    for (const std::int64_t deal : lead.linked(ObjectType::deals))
        if (const auto found = view(organization, ObjectType::deals, deal))
            if (!found->archived()) write_opportunity(json, organization, *found);
    json.EndArray();
    empty_list(json, "addresses");
    empty_list(json, "tasks");
    empty_list(json, "integration_links");
    json.key("custom");
    json.StartObject();
    json.EndObject();
    // No owner of its own: a custom field holds one, by convention.
    const auto owner = lead.integer("hubspot_owner_id");
    text_or_null(json, "custom.cf_owner", owner ? user_id_text(*owner) : "");
    json.EndObject();
}

}  // namespace nudged::crmsim::close
