// SPDX-License-Identifier: Apache-2.0
// What all of Pipedrive's answers have in common: times, errors, and how the data set is read.
#include "tests/crmsim/pipedrive/account.hpp"

#include <fmt/format.h>

namespace nudged::crmsim::pipedrive {

std::chrono::sys_seconds seconds_of(Instant instant) {
    return std::chrono::floor<std::chrono::seconds>(instant);
}

std::string time_text(Instant instant) {
    return format_instant(seconds_of(instant));
}

std::string naive_text(Instant instant) {
    std::string text = time_text(instant);
    text[10] = ' ';
    text.pop_back();
    return text;
}

Refusal failure(int status, std::string_view error) {
    JsonWriter json;
    json.StartObject();
    json.member("success", false);
    json.member("error", error);
    json.member("errorCode", std::int64_t{status});
    if (status == 401 || status == 403)
        json.member("error_info", "Please check developers.pipedrive.com");
    json.EndObject();
    return {{.status = status, .content_type = "application/json", .body = json.str()}};
}

Refusal bad_parameter(std::string_view name) {
    JsonWriter json;
    json.StartObject();
    json.member("success", false);
    json.member("error", fmt::format("Parameter '{}' is invalid", name));
    json.member("code", "ERR_SCHEMA_VALIDATION_FAILED");
    json.EndObject();
    return {{.status = 400, .content_type = "application/json", .body = json.str()}};
}

void member_or_null(JsonWriter& json, std::string_view name, std::optional<std::int64_t> value) {
    if (value)
        json.member(name, *value);
    else
        json.null_member(name);
}

void time_or_null(JsonWriter& json, std::string_view name, std::optional<Instant> value) {
    if (value)
        json.member(name, time_text(*value));
    else
        json.null_member(name);
}

std::span<const Stage> open_stages() {
    const auto all = stages();
    const auto closed = std::ranges::find_if(all, &Stage::closed);
    return all.first(static_cast<std::size_t>(closed - all.begin()));
}

DealState state_of(const RecordView& deal) {
    DealState state;
    bool first = true;
    for (const PastValue& past : deal.history("dealstage")) {
        const auto open = open_stages();
        const auto stage = std::ranges::find(open, past.value, &Stage::id);
        state.status = "open";
        state.closed.reset();
        if (stage != open.end()) {
            state.stage = stage - open.begin() + 1;
            if (!first) state.stage_changed = past.at;
        } else if (past.value == "closedwon" || past.value == "closedlost") {
            state.status = past.value == "closedwon" ? "won" : "lost";
            state.closed = past.at;
        }
        first = false;
    }
    if (deal.archived()) state.status = "deleted";
    return state;
}

std::string activity_type(const RecordView& activity) {
    if (activity.type() == ObjectType::calls) return "call";
    if (activity.type() == ObjectType::meetings) return "meeting";
    const std::string type = activity.text("hs_task_type");
    if (type == "CALL") return "call";
    return type == "EMAIL" ? "email" : "task";
}

bool is_done(const RecordView& activity) {
    if (activity.type() == ObjectType::calls) return true;
    if (activity.type() == ObjectType::tasks) return activity.text("hs_task_status") == "COMPLETED";
    const std::string outcome = activity.text("hs_meeting_outcome");
    return !outcome.empty() && outcome != "SCHEDULED";
}

std::optional<Instant> due(const RecordView& activity) {
    if (activity.type() == ObjectType::meetings)
        if (const auto start = activity.time("hs_meeting_start_time")) return start;
    return activity.time("hs_timestamp");
}

}  // namespace nudged::crmsim::pipedrive
