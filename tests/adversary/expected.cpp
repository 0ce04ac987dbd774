// SPDX-License-Identifier: Apache-2.0
// What the warehouse should hold, straight from the data set: no manifest is asked.
#include "tests/adversary/crm.hpp"

#include "connectors/base/instant.hpp"

#include <algorithm>

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// "1250.50" is 1250.5, and "12.00" is 12.
std::string plain_number(std::string text) {
    if (text.find('.') == std::string::npos) return text;
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string floored(Instant at, std::chrono::milliseconds precision) {
    return std::to_string(to_millis(at - at.time_since_epoch() % precision));
}

std::string seconds_of(const std::string& millis) {
    return millis.empty() ? "" : std::to_string(std::stoll(millis) / 1000);
}

Fields of_activity(const Shown& shown) {
    return {{"owner", shown.owner()},
            {"account", shown.first_linked(ObjectType::companies)},
            {"contact", shown.first_linked(ObjectType::contacts)},
            {"opportunity", shown.first_linked(ObjectType::deals)}};
}

Fields of_call(const Shown& shown) {
    auto fields = of_activity(shown);
    fields["subject"] = shown.property("hs_call_title");
    fields["started_at"] = shown.millis("hs_timestamp");
    fields["duration_s"] = seconds_of(shown.property("hs_call_duration"));
    fields["direction"] = lower(shown.property("hs_call_direction"));
    return fields;
}

Fields of_task(const Shown& shown) {
    auto fields = of_activity(shown);
    fields["subject"] = shown.property("hs_task_subject");
    fields["due_at"] = shown.millis("hs_timestamp");
    fields["is_done"] = shown.property("hs_task_status") == "COMPLETED" ? "1" : "0";
    fields["completed_at"] = shown.millis("hs_task_completion_date");
    return fields;
}

Fields of_meeting(const Shown& shown) {
    auto fields = of_activity(shown);
    fields["subject"] = shown.property("hs_meeting_title");
    fields["starts_at"] = shown.millis("hs_meeting_start_time");
    fields["ends_at"] = shown.millis("hs_meeting_end_time");
    return fields;
}

std::string stage_of(const Crm& crm, const std::string& stage) {
    return crm.stage_id ? crm.stage_id(stage) : stage;
}

Fields of_deal(const Shown& shown) {
    const auto closed = shown.property("hs_is_closed");
    return {{"name", shown.property("dealname")},
            {"owner", shown.owner()},
            {"account", shown.first_linked(ObjectType::companies)},
            {"contact", shown.first_linked(ObjectType::contacts)},
            {"stage", stage_of(shown.crm, shown.property("dealstage"))},
            {"amount", plain_number(shown.property("amount"))},
            {"close_date", shown.winter_day("closedate")},
            {"is_closed", closed.empty()     ? ""
                          : closed == "true" ? "1"
                                             : "0"}};
}

Fields of_company(const Shown& shown) {
    return {{"name", shown.property("name")},
            {"domain", shown.property("domain")},
            {"owner", shown.owner()}};
}

Fields of_contact(const Shown& shown) {
    const auto account = shown.property("associatedcompanyid");
    return {{"name", shown.property("firstname") + " " + shown.property("lastname")},
            {"email", shown.property("email")},
            {"owner", shown.owner()},
            {"account", account.empty()
                            ? ""
                            : shown.crm.external_id(ObjectType::companies, std::stoll(account))}};
}

Fields of(const Shown& shown) {
    switch (shown.type) {
    case ObjectType::calls: return of_call(shown);
    case ObjectType::tasks: return of_task(shown);
    case ObjectType::meetings: return of_meeting(shown);
    case ObjectType::deals: return of_deal(shown);
    case ObjectType::companies: return of_company(shown);
    case ObjectType::contacts: return of_contact(shown);
    }
    return {};
}

}  // namespace

std::string Shown::property(std::string_view name) const {
    const auto& schema = crmsim::schema_of(type);
    const auto index = schema.find(name);
    return index ? crmsim::value_of(schema, record, *index).value_or("") : "";
}

std::string Shown::owner() const {
    const auto id = property("hubspot_owner_id");
    for (const auto& user : data.owners)
        if (std::to_string(user.id) == id) return crm.user_id(user);
    return {};
}

std::string Shown::first_linked(ObjectType other) const {
    for (const auto id : data.linked(type, record.id, other)) {
        const auto* partner = data.find(other, id);
        if (crm.hides_deleted_links && (!partner || partner->archived)) continue;
        return crm.external_id(other, id);
    }
    return {};
}

std::string Shown::millis(std::string_view name) const {
    const auto instant = parse_instant(property(name));
    return instant ? std::to_string(to_millis(*instant)) : "";
}

std::string Shown::winter_day(std::string_view name) const {
    const auto instant = parse_instant(property(name));
    if (!instant) return {};
    const auto day = std::chrono::floor<std::chrono::days>(*instant + 1h);
    return format_date(std::chrono::local_days{day.time_since_epoch()});
}

Fields expected_fields(const Shown& shown, const Carried& carried) {
    auto fields = of(shown);
    if (shown.crm.tells_creation)
        fields["created_at"] = floored(shown.record.created, shown.crm.precision);
    fields["modified_at"] = floored(shown.record.modified, shown.crm.precision);
    if (shown.crm.adapt) shown.crm.adapt(shown, carried.entity, fields);
    std::erase_if(fields, [&](const auto& field) {
        const bool is_stamp = field.first == "created_at" || field.first == "modified_at";
        return !is_stamp && std::ranges::find(carried.fields, field.first) == carried.fields.end();
    });
    return fields;
}

std::vector<StageChange> expected_history(const Shown& deal) {
    const auto precision = deal.crm.history_precision;
    const auto stage = *crmsim::schema_of(ObjectType::deals).find("dealstage");
    auto past = deal.data.history(ObjectType::deals, deal.record.id, stage);
    std::ranges::reverse(past);
    // Of several saves at one time nobody sees any but the last.
    std::map<Instant, crmsim::PastValue> stages;
    for (const auto& value : past)
        stages[value.at - value.at.time_since_epoch() % precision] = value;
    std::vector<StageChange> changes;
    std::string before = stages.empty() ? "" : stages.begin()->second.value;
    for (const auto& [at, now] : stages) {
        const auto* user = deal.data.find_user(now.by);
        if (now.value != before)
            changes.push_back({std::to_string(to_millis(at)), stage_of(deal.crm, before),
                               stage_of(deal.crm, now.value),
                               user ? deal.crm.user_id(*user) : deal.crm.program});
        before = now.value;
    }
    return changes;
}

Fields expected_user(const crmsim::Owner& owner) {
    return {{"email", owner.email}, {"active", owner.archived ? "0" : "1"}};
}

}  // namespace nudged::adversary
