// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/pipedrive/account.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim::pipedrive {
namespace {

constexpr std::int64_t high_priority = 263;  // an option's id, different in every company

std::string clock_text(std::chrono::seconds length) {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(length).count();
    return fmt::format("{:02}:{:02}:00", minutes / 60, minutes % 60);
}

/// Day and minute in UTC; what is due at midnight in the company's zone is due all day.
void write_due(JsonWriter& json, const Account& account, const RecordView& activity) {
    const auto at = due(activity);
    if (!at) {
        json.null_member("due_date");
        json.null_member("due_time");
        return;
    }
    const auto local = account.zone.local_time(*at);
    if (local == std::chrono::floor<std::chrono::days>(local)) {
        json.member("due_date", format_date(account.zone.local_day(*at)));
        json.null_member("due_time");
        return;
    }
    const std::string text = time_text(*at);
    json.member("due_date", text.substr(0, 10));
    json.member("due_time", text.substr(11, 5) + ":00");
}

/// The planned length, in whole minutes.
std::optional<std::string> duration_of(const RecordView& activity) {
    if (const auto millis = activity.integer("hs_call_duration"))
        return clock_text(
            std::chrono::ceil<std::chrono::seconds>(std::chrono::milliseconds{*millis}));
    const auto start = activity.time("hs_meeting_start_time");
    const auto end = activity.time("hs_meeting_end_time");
    if (!start || !end) return std::nullopt;
    return clock_text(std::chrono::ceil<std::chrono::seconds>(*end - *start));
}

std::optional<Instant> done_at(const RecordView& activity) {
    if (!is_done(activity)) return std::nullopt;
    if (activity.type() == ObjectType::calls) return activity.created();
    const auto completed = activity.time("hs_task_completion_date");
    return completed ? completed : activity.modified();
}

std::string subject_of(const RecordView& activity) {
    if (activity.type() == ObjectType::calls) return activity.text("hs_call_title");
    if (activity.type() == ObjectType::tasks) return activity.text("hs_task_subject");
    return activity.text("hs_meeting_title");
}

/// A company's line that nobody answers for is a user of its own here: every activity has an owner.
std::optional<std::int64_t> activity_owner(const Account& account, const RecordView& activity) {
    if (const auto owner = activity.integer("hubspot_owner_id")) return owner;
    const auto queue = std::ranges::find(account.dataset.owners, 0, &Owner::user_id);
    if (queue == account.dataset.owners.end()) return std::nullopt;
    return queue->id;
}

void write_participants(JsonWriter& json, const RecordView& activity) {
    json.key("participants");
    json.StartArray();
    bool primary = true;
    for (const std::int64_t person : activity.linked(ObjectType::contacts)) {
        json.StartObject();
        json.member("person_id", person);
        json.member("primary", std::exchange(primary, false));
        json.EndObject();
    }
    json.EndArray();
}

void write_list_of_one(JsonWriter& json, std::string_view name, const std::string& value) {
    json.key(name);
    json.StartArray();
    if (!value.empty()) {
        json.StartObject();
        json.member("value", value);
        json.member("primary", true);
        json.member("label", "work");
        json.EndObject();
    }
    json.EndArray();
}

/// What persons and organizations both end with.
void write_rest(JsonWriter& json, const RecordView& record) {
    json.member("is_deleted", record.archived().has_value());
    json.member("visible_to", std::int64_t{3});
    json.key("label_ids");
    json.StartArray();
    json.EndArray();
    json.key("custom_fields");
    json.StartObject();
    json.EndObject();
}

}  // namespace

void write_activity(JsonWriter& json, const Account& account, const RecordView& activity,
                    const Shown& shown) {
    const auto owner = activity_owner(account, activity);
    json.StartObject();
    json.member("id", activity.id());
    json.member("subject", subject_of(activity));
    json.member("type", activity_type(activity));
    member_or_null(json, "owner_id", owner);
    member_or_null(json, "creator_user_id", owner);
    json.member("is_deleted", activity.archived().has_value());
    json.member("add_time", time_text(activity.created()));
    json.member("update_time", time_text(activity.modified()));
    member_or_null(json, "deal_id", activity.first_linked(ObjectType::deals));
    json.null_member("lead_id");
    member_or_null(json, "person_id", activity.first_linked(ObjectType::contacts));
    member_or_null(json, "org_id", activity.first_linked(ObjectType::companies));
    json.null_member("project_id");
    write_due(json, account, activity);
    json.key("duration");
    json.text_or_null(duration_of(activity));
    json.member("busy", activity.type() == ObjectType::meetings);
    json.member("done", is_done(activity));
    time_or_null(json, "marked_as_done_time", done_at(activity));
    json.null_member("location");
    write_participants(json, activity);
    if (std::ranges::find(shown.included, "attendees") != shown.included.end())
        json.null_member("attendees");
    for (const char* name : {"conference_meeting_client", "conference_meeting_url",
                             "conference_meeting_id", "public_description"})
        json.null_member(name);
    const bool high = activity.text("hs_task_priority") == "HIGH";
    member_or_null(json, "priority", high ? std::optional(high_priority) : std::nullopt);
    const std::string note = activity.text("hs_task_body");
    json.key("note");
    json.text_or_null(note.empty() ? std::nullopt : std::optional(note));
    json.EndObject();
}

void write_person(JsonWriter& json, const Account& account, const RecordView& person,
                  const Shown& shown) {
    const std::string first = person.text("firstname");
    const std::string last = person.text("lastname");
    const auto organization = person.integer("associatedcompanyid");
    const std::string title = person.text("jobtitle");
    json.StartObject();
    json.member("id", person.id());
    json.member("name", first + (first.empty() || last.empty() ? "" : " ") + last);
    json.member("first_name", first);
    json.member("last_name", last);
    member_or_null(json, "owner_id", person.integer("hubspot_owner_id"));
    member_or_null(json, "org_id",
                   organization ? organization : person.first_linked(ObjectType::companies));
    json.member("add_time", time_text(person.created()));
    json.member("update_time", time_text(person.modified()));
    write_list_of_one(json, "emails", person.text("email"));
    write_list_of_one(json, "phones", person.text("phone"));
    json.null_member("picture_id");
    json.null_member("notes");
    write_list_of_one(json, "im", "");
    json.null_member("birthday");
    json.key("job_title");
    json.text_or_null(title.empty() ? std::nullopt : std::optional(title));
    json.null_member("postal_address");
    write_included(json, account, person, shown.included);
    write_rest(json, person);
    json.EndObject();
}

void write_organization(JsonWriter& json, const Account& account, const RecordView& organization,
                        const Shown& shown) {
    json.StartObject();
    json.member("id", organization.id());
    json.member("name", organization.text("name"));
    member_or_null(json, "owner_id", organization.integer("hubspot_owner_id"));
    json.member("add_time", time_text(organization.created()));
    json.member("update_time", time_text(organization.modified()));
    json.null_member("address");
    write_included(json, account, organization, shown.included);
    write_rest(json, organization);
    json.EndObject();
}

}  // namespace nudged::crmsim::pipedrive
