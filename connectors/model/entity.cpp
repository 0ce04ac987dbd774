// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/entity.hpp"

#include <array>

namespace nudged::model {
namespace {

using enum FieldType;

constexpr Field extra{"extra", json, "fields of the admin's own, as a JSON object"};
constexpr Field user_fields[] = {
    {"email", text, "address that joins the user with a person"},
    {"name", text, "display name"},
    {"active", boolean, "false once the user has left; null counts as active"},
    {"time_zone", text, "IANA name of the user's zone"},
    {"manager", reference, "the user's manager", Entity::user},
    {"is_person", boolean, "false for queues and integrations; null counts as a person"},
    extra,
};
constexpr Field account_fields[] = {
    {"name", text, "the customer's name"},
    {"domain", text, "web domain"},
    {"owner", reference, "the user who looks after it", Entity::user},
    {"parent", reference, "the account it belongs to", Entity::account},
    {"type", text, "the CRM's own classification, such as customer or competitor"},
    {"created_at", instant, "when it was created in the CRM"},
    {"url", text, "where a person opens it"},
    extra,
};
constexpr Field contact_fields[] = {
    {"name", text, "the person at the customer"},
    {"email", text, "e-mail address"},
    {"phone", text, "telephone number"},
    {"account", reference, "where the contact works", Entity::account},
    {"owner", reference, "the user who looks after the contact", Entity::user},
    {"created_at", instant, "when it was created in the CRM"},
    extra,
};
constexpr Field pipeline_fields[] = {
    {"name", text, "label of the pipeline"},
    {"position", integer, "its place in the CRM's list"},
};
constexpr Field stage_fields[] = {
    {"pipeline", reference, "the pipeline it belongs to", Entity::pipeline},
    {"name", text, "label of the stage"},
    {"position", integer, "its place in the pipeline; forwards is greater"},
    {"is_closed", boolean, "true when an opportunity here is won or lost"},
    {"is_won", boolean, "true when an opportunity here is won"},
    {"probability", decimal, "0 to 1"},
    {"forecast_category", text, "of its opportunities, where they have none of their own"},
};
constexpr Field opportunity_fields[] = {
    {"name", text, "what the opportunity is called"},
    {"account", reference, "the customer", Entity::account},
    {"contact", reference, "the primary contact", Entity::contact},
    {"owner", reference, "the rep", Entity::user},
    {"pipeline", reference, "its pipeline", Entity::pipeline},
    {"stage", reference, "its stage", Entity::stage},
    {"stage_since", instant, "when it entered its stage, where the CRM says so"},
    {"amount", decimal, "its value in `currency`"},
    {"currency", text, "ISO 4217 code"},
    {"close_date", date, "expected, or actual once it is closed"},
    {"is_closed", boolean, "won or lost; null: by the stage"},
    {"is_won", boolean, "won; null: by the stage"},
    {"closed_at", instant, "when it was won or lost; null: the close date"},
    {"forecast_category", text, "omitted, pipeline, best_case, commit or closed"},
    {"probability", decimal, "0 to 1"},
    {"next_step", text, "the CRM's free-text next step"},
    {"last_activity_on", date, "day of the last activity, where the CRM keeps a date"},
    {"last_activity_at", instant, "the last activity, where the CRM keeps a time"},
    {"lost_reason", text, "why it was lost, in the words of the CRM"},
    {"type", text, "the CRM's own classification, such as new or renewal"},
    {"created_at", instant, "when it was created in the CRM"},
    {"url", text, "where a person opens it"},
    extra,
};
constexpr Field opportunity_change_fields[] = {
    {"opportunity", reference, "what changed", Entity::opportunity},
    {"field", text, "stage, amount, close_date, owner, forecast_category or next_step"},
    {"old", text, "value before, as its column holds it; null when there was none"},
    {"new", text, "value after, as its column holds it; null when it was cleared"},
    {"changed_at", instant, "when, by the CRM's clock"},
    {"changed_by", reference, "the user who changed it, where known", Entity::user},
};
constexpr Field contact_role_fields[] = {
    {"opportunity", reference, "what the contact has a part in", Entity::opportunity},
    {"contact", reference, "who has it", Entity::contact},
    {"role", text, "the part, in the words of the CRM, such as Decision Maker"},
    {"is_primary", boolean, "the main contact of the opportunity"},
    {"created_at", instant, "when it was created in the CRM"},
};
constexpr Field call_fields[] = {
    {"owner", reference, "who made or took the call", Entity::user},
    {"account", reference, "the customer", Entity::account},
    {"opportunity", reference, "what it was about", Entity::opportunity},
    {"contact", reference, "who was called", Entity::contact},
    {"started_at", instant, "when it began"},
    {"duration_s", integer, "length in seconds; null when logged by hand"},
    {"direction", text, "outbound or inbound; null when logged by hand"},
    {"outcome", text,
     "connected, left_message, left_voicemail, no_answer, busy, wrong_number or other"},
    {"is_planned", boolean, "true while it is a plan rather than a call that was made"},
    {"subject", text, "its title"},
    {"telephony_id", text, "the telephone system's own id of it"},
    {"created_at", instant, "when it was logged"},
    {"url", text, "where a person opens it"},
    extra,
};
constexpr Field task_fields[] = {
    {"owner", reference, "who is to do it", Entity::user},
    {"account", reference, "the customer", Entity::account},
    {"opportunity", reference, "what it is about", Entity::opportunity},
    {"contact", reference, "who it is about", Entity::contact},
    {"subject", text, "what is to be done"},
    {"due_on", date, "the day it is due, where the CRM keeps a date"},
    {"due_at", instant, "the moment it is due, where the CRM keeps a time"},
    {"is_done", boolean, "completed"},
    {"is_cancelled", boolean, "dropped without being done"},
    {"completed_at", instant, "when it was completed"},
    {"priority", text, "low, normal or high"},
    {"type", text, "the CRM's own kind, such as call or email"},
    {"is_series", boolean, "true for the master of a recurring task, which is no task itself"},
    {"series", reference, "the master, of an occurrence of a recurring task", Entity::task},
    {"created_at", instant, "when it was created"},
    {"url", text, "where a person opens it"},
    extra,
};
constexpr Field meeting_fields[] = {
    {"owner", reference, "who holds it", Entity::user},
    {"account", reference, "the customer", Entity::account},
    {"opportunity", reference, "what it is about", Entity::opportunity},
    {"contact", reference, "who it is with", Entity::contact},
    {"subject", text, "its title"},
    {"starts_at", instant, "when it begins"},
    {"ends_at", instant, "when it ends"},
    {"is_all_day", boolean, "true when only the day of starts_at counts"},
    {"outcome", text, "scheduled, held, rescheduled, no_show or cancelled"},
    {"created_at", instant, "when it was created"},
    {"url", text, "where a person opens it"},
    extra,
};

constexpr Field email_fields[] = {
    {"owner", reference, "who wrote or got it", Entity::user},
    {"account", reference, "the customer", Entity::account},
    {"opportunity", reference, "what it is about", Entity::opportunity},
    {"contact", reference, "who it was written to or came from", Entity::contact},
    {"subject", text, "its subject"},
    {"direction", text, "outbound or inbound; null when the CRM does not say"},
    {"status", text, "sent, received, scheduled, draft, failed or bounced"},
    {"sent_at", instant, "when it was sent or received"},
    {"created_at", instant, "when it was logged"},
    {"url", text, "where a person opens it"},
    extra,
};
constexpr Field custom_field_fields[] = {
    {"record", text, "the kind of record that has it, such as opportunity"},
    {"name", text, "the CRM's own name of the field, as a mapping gives it"},
    {"label", text, "what people see"},
    {"type", text, "the CRM's own word for what it holds"},
};

struct EntityRow {
    Entity entity;
    std::string_view name;
    std::span<const Field> fields;
};

constexpr std::array<EntityRow, entity_count> rows{{
    {Entity::user, "user", user_fields},
    {Entity::account, "account", account_fields},
    {Entity::contact, "contact", contact_fields},
    {Entity::pipeline, "pipeline", pipeline_fields},
    {Entity::stage, "stage", stage_fields},
    {Entity::opportunity, "opportunity", opportunity_fields},
    {Entity::opportunity_change, "opportunity_change", opportunity_change_fields},
    {Entity::contact_role, "contact_role", contact_role_fields},
    {Entity::call, "call", call_fields},
    {Entity::task, "task", task_fields},
    {Entity::meeting, "meeting", meeting_fields},
    {Entity::email, "email", email_fields},
    {Entity::custom_field, "custom_field", custom_field_fields},
}};

constexpr auto entities = [] {
    std::array<Entity, entity_count> all{};
    for (std::size_t i = 0; i < entity_count; ++i) all[i] = rows[i].entity;
    return all;
}();

}  // namespace

std::span<const Field> fields_of(Entity entity) {
    return rows[static_cast<std::size_t>(entity)].fields;
}

std::optional<std::size_t> field_index(Entity entity, std::string_view name) {
    const auto fields = fields_of(entity);
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (fields[i].name == name) return i;
    return std::nullopt;
}

std::span<const std::string_view> followed_fields(Entity entity) {
    static constexpr std::array<std::string_view, 6> of_opportunities{
        "stage", "amount", "close_date", "owner", "forecast_category", "next_step"};
    static constexpr std::array<std::string_view, 4> of_tasks{"due_on", "due_at", "owner",
                                                              "is_done"};
    if (entity == Entity::opportunity) return of_opportunities;
    if (entity == Entity::task) return of_tasks;
    return {};
}

std::string_view to_string(Entity entity) {
    return rows[static_cast<std::size_t>(entity)].name;
}

std::optional<Entity> entity_of(std::string_view name) {
    for (const auto& row : rows)
        if (row.name == name) return row.entity;
    return std::nullopt;
}

std::span<const Entity> all_entities() {
    return entities;
}

}  // namespace nudged::model
