// SPDX-License-Identifier: Apache-2.0
// Phone calls, tasks and appointments, as the data set's properties make them.
#include "tests/crmsim/dynamics365/entities.hpp"

#include <cmath>

namespace nudged::crmsim::dynamics365 {

using namespace tables;

namespace {

using enum CellKind;

bool is_outgoing(const Row& row) {
    return property(row, "hs_call_direction") != "INBOUND";
}

/// Whole minutes, 412 s are 7; none where people just marked it complete.
std::optional<std::int64_t> minutes_of(const Row& row) {
    const auto millis = property(row, "hs_call_duration");
    const auto number = millis ? Decimal::parse(*millis) : std::nullopt;
    if (!number) return std::nullopt;
    return std::lround(number->to_double() / 60'000);
}

Cell actual_start(const Facts&, const Row& row) {
    return minutes_of(row) ? time_of(row, "hs_timestamp") : Cell{};
}

Cell actual_end(const Facts&, const Row& row) {
    const auto began = time_of(row, "hs_timestamp");
    const auto millis = property(row, "hs_call_duration");
    if (is_null(began) || !millis) return began;
    const auto length = static_cast<std::int64_t>(Decimal::parse(*millis)->to_double());
    return whole_seconds(std::get<Instant>(began) + std::chrono::milliseconds{length});
}

Column regarding() {
    return lookup("_regardingobjectid_value",
                  {ObjectType::deals, ObjectType::companies, ObjectType::contacts});
}

constexpr auto number_of_state = [](std::string_view done) {
    return
        [done](std::optional<std::string> state) -> std::int64_t { return state == done ? 1 : 0; };
};

std::int64_t task_status(const Row& row) {
    const auto status = property(row, "hs_task_status").value_or("NOT_STARTED");
    if (status == "COMPLETED") return 5;
    if (status == "IN_PROGRESS") return 3;
    if (status == "WAITING") return 4;
    return status == "DEFERRED" ? 7 : 2;
}

/// 3 scheduled, 1 completed, 2 canceled.
std::int64_t appointment_state(const Row& row) {
    const auto outcome = property(row, "hs_meeting_outcome").value_or("SCHEDULED");
    if (outcome == "SCHEDULED") return 3;
    return outcome == "COMPLETED" ? 1 : 2;
}

const Labels priorities{{0, "Low"}, {1, "Normal"}, {2, "High"}};

}  // namespace

std::vector<Column> phonecall_columns() {
    std::vector<Column> columns{
        key_column("activityid", IdKind::phonecall),
        text_column("subject", "hs_call_title"),
        fixed("description", text),
        {"directioncode", flag,
         [](const Facts&, const Row& row) -> Cell { return is_outgoing(row); },
         [](const Cell& cell) {
             return std::string(std::get<bool>(cell) ? "Outgoing" : "Incoming");
         }},
        {"phonenumber", text,
         [](const Facts&, const Row& row) {
             return text_of(row, is_outgoing(row) ? "hs_call_to_number" : "hs_call_from_number");
         }},
        {"leftvoicemail", flag,
         [](const Facts&, const Row& row) -> Cell {
             return property(row, "hs_call_disposition") == "b2cf5968-551e-4856-9783-52b3da59a7d0";
         },
         [](const Cell& cell) { return std::string(std::get<bool>(cell) ? "Yes" : "No"); }},
        {"actualstart", time, actual_start},
        {"actualend", time, actual_end},
        {"actualdurationminutes", number,
         [](const Facts&, const Row& row) -> Cell {
             const auto minutes = minutes_of(row);
             return minutes ? Cell{Decimal{*minutes}} : Cell{};
         }},
        fixed("scheduledstart", time),
        time_column("scheduledend", "hs_timestamp"),
        choice("statecode", [](const Facts&, const Row&) { return std::optional<std::int64_t>{1}; },
               {{0, "Open"}, {1, "Completed"}, {2, "Canceled"}}),
        choice("statuscode",
               [](const Facts&, const Row& row) {
                   return std::optional<std::int64_t>{is_outgoing(row) ? 2 : 4};
               },
               {{1, "Open"}, {2, "Made"}, {3, "Canceled"}, {4, "Received"}}),
        choice(
            "prioritycode", [](const Facts&, const Row&) { return std::optional<std::int64_t>{1}; },
            priorities),
        regarding()};
    add_common(columns);
    return columns;
}

std::vector<Column> task_columns() {
    const auto state = number_of_state("COMPLETED");
    std::vector<Column> columns{
        key_column("activityid", IdKind::task),
        text_column("subject", "hs_task_subject"),
        text_column("description", "hs_task_body"),
        time_column("scheduledend", "hs_timestamp"),
        fixed("scheduledstart", time),
        fixed("actualstart", time),
        time_column("actualend", "hs_task_completion_date"),
        {"percentcomplete", number,
         [=](const Facts&, const Row& row) -> Cell {
             return Decimal{state(property(row, "hs_task_status")) * 100};
         }},
        choice("statecode",
               [=](const Facts&, const Row& row) {
                   return std::optional{state(property(row, "hs_task_status"))};
               },
               {{0, "Open"}, {1, "Completed"}, {2, "Canceled"}}),
        choice("statuscode",
               [](const Facts&, const Row& row) { return std::optional{task_status(row)}; },
               {{2, "Not Started"},
                {3, "In Progress"},
                {4, "Waiting on someone else"},
                {5, "Completed"},
                {6, "Canceled"},
                {7, "Deferred"}}),
        choice(
            "prioritycode",
            [](const Facts&, const Row& row) {
                const bool high = property(row, "hs_task_priority") == "HIGH";
                return std::optional<std::int64_t>{high ? 2 : 1};
            },
            priorities),
        regarding()};
    add_common(columns);
    return columns;
}

std::vector<Column> appointment_columns() {
    std::vector<Column> columns{
        key_column("activityid", IdKind::appointment),
        text_column("subject", "hs_meeting_title"),
        fixed("description", text),
        time_column("scheduledstart", "hs_meeting_start_time"),
        time_column("scheduledend", "hs_meeting_end_time"),
        {"scheduleddurationminutes", number,
         [](const Facts&, const Row& row) -> Cell {
             const Cell begin = time_of(row, "hs_meeting_start_time");
             const Cell end = time_of(row, "hs_meeting_end_time");
             if (is_null(begin) || is_null(end)) return {};
             return Decimal{(std::get<Instant>(end) - std::get<Instant>(begin)) /
                            std::chrono::minutes{1}};
         }},
        fixed("actualstart", time),
        fixed("actualend", time),
        fixed("actualdurationminutes", number),
        fixed("location", text),
        fixed("isalldayevent", flag, false),
        fixed("instancetypecode", number, Decimal{0}),
        choice("statecode",
               [](const Facts&, const Row& row) { return std::optional{appointment_state(row)}; },
               {{0, "Open"}, {1, "Completed"}, {2, "Canceled"}, {3, "Scheduled"}}),
        choice("statuscode",
               [](const Facts&, const Row& row) {
                   const auto state = appointment_state(row);
                   return std::optional<std::int64_t>{state == 3 ? 5 : state == 1 ? 3 : 4};
               },
               {{1, "Free"}, {2, "Tentative"}, {3, "Completed"}, {4, "Canceled"}, {5, "Busy"}}),
        regarding()};
    add_common(columns);
    return columns;
}

}  // namespace nudged::crmsim::dynamics365
