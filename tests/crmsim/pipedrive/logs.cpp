// SPDX-License-Identifier: Apache-2.0
// Call logs and changelogs.
#include "connectors/base/text.hpp"
#include "tests/crmsim/common/base64.hpp"
#include "tests/crmsim/pipedrive/legacy.hpp"
#include "tests/crmsim/pipedrive/lists.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace nudged::crmsim::pipedrive {
namespace {

constexpr std::int64_t max_call_logs = 50;

std::string call_log_id(std::int64_t call) {
    return "CA" + fingerprint(std::to_string(call)).substr(0, 26);
}

/// By HubSpot's disposition of the call.
std::string_view outcome_of(const RecordView& call) {
    static constexpr std::pair<std::string_view, std::string_view> outcomes[] = {
        {"9d9162e7-6cf3-4944-bf63-4dff82258764", "busy"},
        {"f240bbac-87c9-4f6e-bf70-924b57d47db7", "connected"},
        {"a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "left_message"},
        {"b2cf5968-551e-4856-9783-52b3da59a7d0", "left_voicemail"},
        {"17b47fee-58de-441e-a44c-c6300d46f273", "wrong_number"}};
    const std::string disposition = call.text("hs_call_disposition");
    for (const auto& [id, outcome] : outcomes)
        if (id == disposition) return outcome;
    return "no_answer";
}

/// A call that was typed in has no log: the telephone did not see it.
bool has_log(const Account& account, const RecordView& call) {
    return !call.archived() && call.integer("hs_call_duration") && call.time("hs_timestamp") &&
           call.integer("hubspot_owner_id") == account.token_user;
}

std::string millis_text(Instant instant) {
    const auto whole = seconds_of(instant);
    std::string text = time_text(instant);
    text.pop_back();
    return fmt::format("{}.{:03}Z", text, (instant - whole).count());
}

void text_or_left_out(JsonWriter& json, std::string_view name, const std::string& value) {
    if (!value.empty()) json.member(name, value);
}

void write_call_log(JsonWriter& json, const Account& account, const RecordView& call) {
    const auto start = *call.time("hs_timestamp");
    const std::chrono::milliseconds length{call.integer("hs_call_duration").value_or(0)};
    const auto id_or_left_out = [&](std::string_view name, std::optional<std::int64_t> id) {
        if (id) json.member(name, *id);
    };
    json.StartObject();
    json.member("id", call_log_id(call.id()));
    json.member("activity_id", call.id());
    id_or_left_out("person_id", call.first_linked(ObjectType::contacts));
    id_or_left_out("org_id", call.first_linked(ObjectType::companies));
    id_or_left_out("deal_id", call.first_linked(ObjectType::deals));
    json.member("subject", call.text("hs_call_title"));
    json.member("duration",
                std::to_string(std::chrono::floor<std::chrono::seconds>(length).count()));
    json.member("outcome", outcome_of(call));
    text_or_left_out(json, "from_phone_number", call.text("hs_call_from_number"));
    json.member("to_phone_number", call.text("hs_call_to_number"));
    json.member("has_recording", false);
    json.member("start_time", millis_text(start));
    json.member("end_time", millis_text(start + length));
    json.member("user_id", account.token_user);
    json.member("company_id", std::int64_t{7});
    json.null_member("note");
    json.EndObject();
}

struct Change {
    Instant at;
    std::string field;
    std::string before;
    std::string after;
    std::int64_t by = 0;  // the number of a user
};

std::string status_of(const std::string& stage) {
    if (stage == "closedwon") return "won";
    return stage == "closedlost" ? "lost" : "open";
}

/// A stage's number; of a closed one, that of the stage before it.
std::string stage_number(const std::string& stage, const std::string& fallback) {
    const auto open = open_stages();
    const auto found = std::ranges::find(open, stage, &Stage::id);
    return found == open.end() ? fallback : std::to_string(found - open.begin() + 1);
}

void add_stage_changes(std::vector<Change>& changes, const RecordView& deal) {
    std::string stage = "1";
    std::string status = "open";
    bool first = true;
    for (const PastValue& past : deal.history("dealstage")) {
        const std::string next_stage = stage_number(past.value, stage);
        const std::string next_status = status_of(past.value);
        if (!first && next_stage != stage)
            changes.push_back({past.at, "stage_id", stage, next_stage, past.by});
        if (!first && next_status != status)
            changes.push_back({past.at, "status", status, next_status, past.by});
        stage = next_stage;
        status = next_status;
        first = false;
    }
}

std::vector<Change> changes_of(const Account& account, const RecordView& deal) {
    std::vector<Change> changes;
    add_stage_changes(changes, deal);
    const DealState state = state_of(deal);
    const auto add = [&](std::string_view property, const std::string& field, auto text_of) {
        std::optional<std::string> before;
        for (const PastValue& past : deal.history(property)) {
            const std::string after = text_of(past.value);
            // HubSpot's own overwriting of the close date at closing is none of ours.
            if (field == "expected_close_date" && past.at == state.closed) continue;
            if (before && *before != after)
                changes.push_back({past.at, field, *before, after, past.by});
            before = after;
        }
    };
    add("amount", "value", [](const std::string& value) { return value.empty() ? "0" : value; });
    add("closedate", "expected_close_date", [&](const std::string& value) {
        const auto at = parse_instant(value);
        return at ? format_date(account.zone.local_day(*at)) : "";
    });
    add("hubspot_owner_id", "user_id", [](const std::string& value) { return value; });
    std::ranges::stable_sort(changes, std::greater{}, &Change::at);
    return changes;
}

/// A program acts as the user whose token it has.
void write_change(JsonWriter& json, const Account& account, const Change& change) {
    const Owner* actor = account.dataset.find_user(change.by);
    const auto text = [&](std::string_view name, const std::string& value) {
        json.key(name);
        json.text_or_null(value.empty() ? std::nullopt : std::optional(value));
    };
    json.StartObject();
    json.member("field_key", change.field);
    text("old_value", change.before);
    text("new_value", change.after);
    json.member("actor_user_id", actor != nullptr ? actor->id : account.token_user);
    json.member("time", naive_text(change.at));
    json.member("change_source", "app");
    json.null_member("change_source_user_agent");
    json.member("is_bulk_update_flag", false);
    json.EndObject();
}

}  // namespace

Reply call_logs(const Account& account, const Request& request) {
    check_names(request, "start,limit");
    std::int64_t start = 0;
    std::int64_t limit = max_call_logs;
    if (request.query.contains("start")) start = parse_integer(request, "start");
    if (request.query.contains("limit")) limit = parse_integer(request, "limit");
    if (start < 0) throw bad_parameter("start");
    if (limit < 1 || limit > max_call_logs) throw bad_parameter("limit");
    std::vector<std::pair<Instant, std::int64_t>> logged;
    for (const Record& record : account.dataset.records(ObjectType::calls)) {
        const RecordView call(account.dataset, ObjectType::calls, record);
        if (has_log(account, call)) logged.emplace_back(*call.time("hs_timestamp"), record.id);
    }
    std::ranges::sort(logged, std::greater{});
    const auto total = static_cast<std::int64_t>(logged.size());
    const std::int64_t end = std::min(total, start + limit);
    JsonWriter json;
    json.StartObject();
    json.member("success", true);
    json.key("data");
    if (start >= end) {
        json.Null();
    } else {
        json.StartArray();
        for (std::int64_t i = start; i < end; ++i) {
            const std::int64_t id = logged[static_cast<std::size_t>(i)].second;
            write_call_log(json, account,
                           RecordView(account.dataset, ObjectType::calls,
                                      *account.dataset.find(ObjectType::calls, id)));
        }
        json.EndArray();
    }
    json.key("additional_data");
    json.StartObject();
    json.key("pagination");
    json.StartObject();
    json.member("start", start);
    json.member("limit", limit);
    json.member("more_items_in_collection", end < total);
    if (end < total) json.member("next_start", end);
    json.EndObject();
    json.EndObject();
    json.EndObject();
    return ok(json);
}

Reply single_call_log(const Account& account, std::string_view id) {
    for (const Record& record : account.dataset.records(ObjectType::calls)) {
        const RecordView call(account.dataset, ObjectType::calls, record);
        if (call_log_id(record.id) != id || !has_log(account, call)) continue;
        JsonWriter json;
        json.StartObject();
        json.member("success", true);
        json.key("data");
        write_call_log(json, account, call);
        json.EndObject();
        return ok(json);
    }
    throw failure(404, "Call log not found");
}

Reply changelog(const Account& account, std::string_view deal_id, const Request& request) {
    check_names(request, "cursor,limit");
    const auto id = to_integer(deal_id);
    const Record* record = id ? account.dataset.find(ObjectType::deals, *id) : nullptr;
    if (record == nullptr) throw failure(404, "Deal not found");
    std::int64_t limit = 100;
    if (request.query.contains("limit")) limit = parse_integer(request, "limit");
    if (limit < 1 || limit > 500) throw bad_parameter("limit");
    std::int64_t start = 0;
    if (const std::string_view cursor = request.parameter("cursor"); !cursor.empty()) {
        const auto text = from_base64(cursor);
        const auto value = text && text->starts_with("id:")
                               ? to_integer(std::string_view(*text).substr(3))
                               : std::nullopt;
        if (!value || *value < 0) throw bad_parameter("cursor");
        start = *value;
    }
    const RecordView deal(account.dataset, ObjectType::deals, *record);
    const auto changes = changes_of(account, deal);
    const auto total = static_cast<std::int64_t>(changes.size());
    const std::int64_t end = std::min(total, start + limit);
    JsonWriter json;
    json.StartObject();
    json.member("success", true);
    json.key("data");
    json.StartArray();
    for (std::int64_t i = start; i < end; ++i)
        write_change(json, account, changes[static_cast<std::size_t>(i)]);
    end_list(json,
             end < total ? std::optional(encode_cursor(fmt::format("id:{}", end))) : std::nullopt);
    return ok(json);
}

}  // namespace nudged::crmsim::pipedrive
