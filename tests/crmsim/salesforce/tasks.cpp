// SPDX-License-Identifier: Apache-2.0
// Task: calls and tasks alike.
#include "tests/crmsim/salesforce/activities.hpp"

#include <cstdlib>
#include <utility>

namespace nudged::crmsim::salesforce {
namespace {

using enum FieldType;
using std::chrono::seconds;

bool is_call(const Row& row) {
    return row.type == ObjectType::calls;
}

// Calls and tasks of the data set share one table here: even numbers are tasks, odd ones calls.
std::vector<Row> task_rows(const Org& org) {
    std::vector<Row> rows = rows_of(org, ObjectType::tasks);
    for (Row& row : rows) row.number *= 2;
    for (Row& row : rows_of(org, ObjectType::calls)) {
        row.number = row.number * 2 + 1;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::optional<Row> find_task(const Org& org, std::uint64_t number) {
    const ObjectType type = number % 2 == 1 ? ObjectType::calls : ObjectType::tasks;
    auto row = find_row(org, type, static_cast<std::int64_t>(number / 2));
    if (row) row->number = number;
    return row;
}

/// One call in four was written by an integration, which leaves the subtype as it is and says what
/// it is in the type; one in four says nothing there.
enum class WrittenBy { app, integration, hand };
WrittenBy writer_of(const Row& row) {
    switch (row.record->id % 4) {
    case 3: return WrittenBy::integration;
    case 1: return WrittenBy::hand;
    default: return WrittenBy::app;
    }
}

Value task_subject(const Org&, const Row& row) {
    const auto subject = property(row, is_call(row) ? "hs_call_title" : "hs_task_subject");
    return subject ? Value(*subject) : Value();
}

Value task_subtype(const Org&, const Row& row) {
    if (is_call(row))
        return std::string(writer_of(row) == WrittenBy::integration ? "Task" : "Call");
    const auto type = property(row, "hs_task_type");
    if (type == "CALL") return std::string("Call");  // one that is planned
    return std::string(type == "LOGGED_EMAIL" ? "Email" : "Task");
}

Value task_type(const Org&, const Row& row) {
    if (is_call(row))
        return writer_of(row) == WrittenBy::hand ? Value() : Value(std::string("Call"));
    const auto type = property(row, "hs_task_type");
    if (type == "CALL") return std::string("Call");
    if (type == "EMAIL" || type == "LOGGED_EMAIL") return std::string("Email");
    return {};
}

Value call_type(const Org&, const Row& row) {
    if (!is_call(row)) return {};
    const auto direction = property(row, "hs_call_direction");
    if (!direction) return {};
    return std::string(direction == "INBOUND" ? "Inbound" : "Outbound");
}

std::optional<std::int64_t> call_seconds(const Row& row) {
    if (!is_call(row)) return std::nullopt;
    const auto millis = property(row, "hs_call_duration");
    if (!millis) return std::nullopt;
    return std::strtoll(millis->c_str(), nullptr, 10) / 1'000;
}

Value call_duration(const Org&, const Row& row) {
    const auto length = call_seconds(row);
    return length ? Value(*length) : Value();
}

Value call_disposition(const Org&, const Row& row) {
    static constexpr std::pair<std::string_view, std::string_view> labels[] = {
        {"9d9162e7-6cf3-4944-bf63-4dff82258764", "Busy"},
        {"f240bbac-87c9-4f6e-bf70-924b57d47db7", "Connected"},
        {"a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "Left live message"},
        {"b2cf5968-551e-4856-9783-52b3da59a7d0", "Left voicemail"},
        {"73a0d17f-1163-4015-bdd5-ec830791da20", "No answer"},
        {"17b47fee-58de-441e-a44c-c6300d46f273", "Wrong number"},
    };
    if (!is_call(row)) return {};
    const auto disposition = property(row, "hs_call_disposition");
    if (!disposition) return {};
    for (const auto& [id, label] : labels)
        if (id == *disposition) return std::string(label);
    return *disposition;
}

Value call_object(const Org&, const Row& row) {
    if (!is_call(row) || writer_of(row) == WrittenBy::hand) return {};
    return "CA-" + std::to_string(row.record->id);
}

bool closed(const Row& row) {
    if (is_call(row)) return property(row, "hs_call_status") != "SCHEDULED";
    return property(row, "hs_task_status") == "COMPLETED";
}

Value is_closed(const Org&, const Row& row) {
    return closed(row);
}

Value task_status(const Org&, const Row& row) {
    if (closed(row)) return std::string("Completed");
    const auto status = property(row, "hs_task_status");
    if (status == "IN_PROGRESS") return std::string("In Progress");
    if (status == "WAITING") return std::string("Waiting on someone else");
    if (status == "DEFERRED") return std::string("Deferred");
    return std::string("Not Started");
}

Value task_priority(const Org&, const Row& row) {
    const auto priority = property(row, "hs_task_priority");
    if (priority == "HIGH") return std::string("High");
    return std::string(priority == "LOW" ? "Low" : "Normal");
}

Value is_high_priority(const Org&, const Row& row) {
    return property(row, "hs_task_priority") == "HIGH";
}

Value activity_date(const Org& org, const Row& row) {
    return local_date(org, time_property(row, "hs_timestamp"));
}

/// A call ends when its length is over; there is no other trace of when it began.
Value completed_at(const Org&, const Row& row) {
    if (!closed(row)) return {};
    const auto when = time_property(row, is_call(row) ? "hs_timestamp" : "hs_task_completion_date");
    return when ? at_second(*when + seconds{call_seconds(row).value_or(0)}) : Value();
}

constexpr Field task_fields[] = {
    {"Id", id, nullptr},
    {"Subject", text, task_subject},
    {"Description", textarea, salesforce::text<"hs_task_body">},
    {"TaskSubtype", picklist, task_subtype, {}, {}, "Task,Email,ListEmail,LinkedIn,Cadence,Call"},
    {"Type", picklist, task_type, {}, {}, "Call,Meeting,Other,Email"},
    {"CallType", picklist, call_type, {}, {}, "Internal,Inbound,Outbound"},
    {"CallDurationInSeconds", integer, call_duration},
    {"CallDisposition", text, call_disposition},
    {"CallObject", text, call_object},
    {"Status",
     picklist,
     task_status,
     {},
     {},
     "Not Started,In Progress,Completed,Waiting on someone else,Deferred"},
    {"IsClosed", boolean, is_closed},
    {"Priority", picklist, task_priority, {}, {}, "High,Normal,Low"},
    {"IsHighPriority", boolean, is_high_priority},
    {"ActivityDate", date, activity_date},
    {"CompletedDateTime", datetime, completed_at},
    {"CreatedDate", datetime, created},
    {"CreatedById", reference, automated, "CreatedBy", "User"},
    {"LastModifiedDate", datetime, modified},
    {"LastModifiedById", reference, automated, "LastModifiedBy", "User"},
    {"SystemModstamp", datetime, modified},
    {"IsDeleted", boolean, deleted},
    {"IsArchived", boolean, archived},
    {"IsRecurrence", boolean, always<false>},
    {"RecurrenceActivityId", reference, null, {}, "Task"},
    {"OwnerId", reference, owner, "Owner", "Group,User"},
    {"AccountId", reference, account, "Account", "Account"},
    {"WhoId", reference, who, "Who", who_objects},
    {"WhoCount", integer, who_count},
    {"WhatId", reference, what, "What", what_objects},
    {"WhatCount", integer, what_count},
};

}  // namespace

const Object task_object{"Task", task_prefix, task_fields, task_rows, find_task, true};

}  // namespace nudged::crmsim::salesforce
