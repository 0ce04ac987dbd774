// SPDX-License-Identifier: Apache-2.0
// Calls, meetings and tasks.
#include "tests/crmsim/close/organization.hpp"

#include <algorithm>

namespace nudged::crmsim::close {
namespace {

struct CallResult {
    std::string_view disposition;
    std::string_view status;
};

CallResult result_of(const RecordView& call) {
    static constexpr std::pair<std::string_view, CallResult> results[] = {
        {"9d9162e7-6cf3-4944-bf63-4dff82258764", {"busy", "busy"}},
        {"b2cf5968-551e-4856-9783-52b3da59a7d0", {"vm-left", "completed"}},
        {"73a0d17f-1163-4015-bdd5-ec830791da20", {"no-answer", "no-answer"}}};
    const std::string disposition = call.text("hs_call_disposition");
    for (const auto& [id, result] : results)
        if (id == disposition) return result;
    return {"answered", "completed"};
}

std::int64_t seconds_between(std::optional<Instant> start, std::optional<Instant> end) {
    if (!start || !end) return 0;
    return std::chrono::floor<std::chrono::seconds>(*end - *start).count();
}

std::string_view view_of(bool complete, std::optional<Instant> due, Instant now) {
    if (complete) return "archive";
    return due && *due > now ? "future" : "inbox";
}

/// A day alone where it is due at midnight, else a time: both in one member.
std::string due_text(const Organization& organization, std::optional<Instant> due) {
    if (!due) return {};
    const auto local = organization.zone.local_time(*due);
    if (local == std::chrono::floor<std::chrono::days>(local))
        return format_date(organization.zone.local_day(*due));
    std::string text = format_instant(std::chrono::floor<std::chrono::seconds>(*due));
    text.pop_back();
    return text + "+00:00";
}

std::string name_of(const std::optional<RecordView>& record) {
    if (!record) return {};
    if (record->type() == ObjectType::companies) return record->text("name");
    return record->text("firstname") + " " + record->text("lastname");
}

}  // namespace

void write_call(JsonWriter& json, const Organization& organization, const RecordView& call) {
    const CallResult result = result_of(call);
    const bool outbound = call.text("hs_call_direction") != "INBOUND";
    const std::string to = call.text("hs_call_to_number");
    const std::string from = call.text("hs_call_from_number");
    const auto millis = call.integer("hs_call_duration");
    const std::int64_t seconds = millis.value_or(0) / 1'000;
    const bool voicemail = result.disposition == "vm-left";
    const bool talked = result.disposition == "answered";
    const auto started = call.time("hs_timestamp").value_or(call.created());
    json.StartObject();
    json.member("_type", "Call");
    write_ids(json, call);
    write_user(json, organization, call, "user_id", "user_name");
    write_times(json, call);
    json.member("activity_at", time_text(started));
    text_or_null(json, "date_answered", talked ? time_text(started) : "");
    json.member("direction", outbound ? "outbound" : "inbound");
    json.member("status", result.status);
    json.member("disposition", result.disposition);
    text_or_null(json, "outcome_id", outcome_id(call.text("hs_call_disposition")));
    json.member("duration", talked ? seconds : std::int64_t{0});
    json.member("voicemail_duration", voicemail ? seconds : std::int64_t{0});
    // What was typed in did not go through Close's own telephone.
    json.member("source", millis ? "Close.io" : "External");
    text_or_null(json, "phone", outbound ? to : from);
    text_or_null(json, "remote_phone", outbound ? to : from);
    text_or_null(json, "local_phone", outbound ? from : to);
    json.member("note", "");
    json.member("note_html", "");
    json.null_member("recording_url");
    json.null_member("voicemail_url");
    json.member("call_method", "regular");
    empty_list(json, "users");
    json.null_member("cost");
    json.EndObject();
}

void write_meeting(JsonWriter& json, const Organization& organization, const RecordView& meeting,
                   Instant now) {
    const auto start = meeting.time("hs_meeting_start_time");
    const auto end = meeting.time("hs_meeting_end_time");
    const std::string outcome = meeting.text("hs_meeting_outcome");
    const bool over = outcome == "COMPLETED" || outcome == "NO_SHOW" || (end && *end <= now);
    std::string_view status = over ? "completed" : "upcoming";
    if (outcome == "CANCELED") status = "canceled";
    json.StartObject();
    json.member("_type", "Meeting");
    write_ids(json, meeting);
    write_user(json, organization, meeting, "user_id", "user_name");
    write_times(json, meeting);
    json.member("activity_at", time_text(start.value_or(meeting.created())));
    json.member("title", meeting.text("hs_meeting_title"));
    text_or_null(json, "starts_at", start ? time_text(*start) : "");
    text_or_null(json, "ends_at", end ? time_text(*end) : "");
    json.member("duration", seconds_between(start, end));
    json.member("status", status);
    text_or_null(json, "outcome_id", outcome == "NO_SHOW" ? "outcome_no_show" : "");
    empty_list(json, "attendees");
    empty_list(json, "users");
    json.member("source", "calendar");
    json.EndObject();
}

void write_task(JsonWriter& json, const Organization& organization, const RecordView& task,
                Instant now) {
    const bool complete = task.text("hs_task_status") == "COMPLETED";
    const auto due = task.time("hs_timestamp");
    const std::string due_at = due_text(organization, due);
    const bool follow_up = task.text("hs_task_type") == "EMAIL";
    json.StartObject();
    json.member("_type", follow_up ? "email_followup" : "lead");
    write_ids(json, task);
    text_or_null(json, "lead_name",
                 name_of(view(organization, ObjectType::companies, lead_of(task))));
    text_or_null(
        json, "contact_name",
        name_of(view(organization, ObjectType::contacts, task.first_linked(ObjectType::contacts))));
    write_user(json, organization, task, "assigned_to", "assigned_to_name");
    text_or_null(json, "text", task.text("hs_task_subject"));
    text_or_null(json, "date", due_at);
    text_or_null(json, "due_date", due_at);
    json.member("is_dateless", !due);
    json.member("is_complete", complete);
    text_or_null(json, "priority", task.text("hs_task_priority") == "HIGH" ? "high" : "");
    json.member("view", view_of(complete, due, now));
    json.null_member("object_type");
    json.null_member("object_id");
    write_times(json, task);
    json.EndObject();
}

}  // namespace nudged::crmsim::close
