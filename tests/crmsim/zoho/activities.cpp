// SPDX-License-Identifier: Apache-2.0
// Calls, tasks and events, as the data set's properties make them.
#include "tests/crmsim/zoho/modules.hpp"

#include <fmt/format.h>

#include <array>

namespace nudged::crmsim::zoho {

using namespace tables;

namespace {

struct Renamed {
    std::string_view from;
    std::string_view to;
};

// The default picklist, and a value of their own for voicemail, which it does not have.
constexpr std::array call_results{
    Renamed{"9d9162e7-6cf3-4944-bf63-4dff82258764", "No response/Busy"},
    Renamed{"f240bbac-87c9-4f6e-bf70-924b57d47db7", "Interested"},
    Renamed{"a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "Requested call back"},
    Renamed{"b2cf5968-551e-4856-9783-52b3da59a7d0", "Left voicemail"},
    Renamed{"73a0d17f-1163-4015-bdd5-ec830791da20", "No response/Busy"},
    Renamed{"17b47fee-58de-441e-a44c-c6300d46f273", "Invalid number"}};
constexpr std::array task_states{
    Renamed{"NOT_STARTED", "Not Started"}, Renamed{"IN_PROGRESS", "In Progress"},
    Renamed{"COMPLETED", "Completed"}, Renamed{"WAITING", "Waiting for input"},
    Renamed{"DEFERRED", "Deferred"}};
constexpr std::array priorities{Renamed{"HIGH", "High"}, Renamed{"MEDIUM", "Normal"},
                                Renamed{"LOW", "Low"}, Renamed{"NONE", "Normal"}};

template <std::size_t n>
Column renamed_column(std::string_view name, std::string_view property_name,
                      const std::array<Renamed, n>& values) {
    return {name, CellKind::text, [=](const Facts&, const Row& row) -> Cell {
                const auto value = property(row, property_name);
                if (!value) return {};
                for (const Renamed& renamed : values)
                    if (renamed.from == *value) return std::string(renamed.to);
                return *value;
            }};
}

Cell call_type(const Facts&, const Row& row) {
    if (property(row, "hs_call_direction") != "INBOUND") return std::string("Outbound");
    return std::string(property(row, "hs_call_status") == "NO_ANSWER" ? "Missed" : "Inbound");
}

std::optional<std::int64_t> call_seconds(const Row& row) {
    const auto millis = property(row, "hs_call_duration");
    const auto number = millis ? Decimal::parse(*millis) : std::nullopt;
    if (!number) return std::nullopt;
    return static_cast<std::int64_t>(number->to_double() / 1'000);
}

Cell call_clock(const Facts&, const Row& row) {
    const auto seconds = call_seconds(row);
    if (!seconds) return {};
    return fmt::format("{:02}:{:02}", *seconds / 60, *seconds % 60);
}

Cell call_seconds_cell(const Facts&, const Row& row) {
    const auto seconds = call_seconds(row);
    return seconds ? Cell{Decimal{*seconds}} : Cell{};
}

/// An activity is about one thing: a deal before an account.
Cell what(const Facts& facts, const Row& row) {
    if (const Record* deal = linked(facts, row, ObjectType::deals))
        return lookup_to(ObjectType::deals, deal);
    return lookup_to(ObjectType::companies, linked(facts, row, ObjectType::companies));
}

Cell module_of_what(const Facts& facts, const Row& row) {
    const Cell cell = what(facts, row);
    if (is_null(cell)) return {};
    return std::string(std::get<Reference>(cell).target);
}

void add_links(std::vector<Column>& columns) {
    columns.push_back(lookup_column("Who_Id", ObjectType::contacts));
    columns.push_back({"What_Id", CellKind::reference, what});
    columns.push_back({"$se_module", CellKind::text, module_of_what});
    columns.push_back(created_column());
    columns.push_back(modified_column());
    columns.push_back(fixed("Description", {}));
}

}  // namespace

std::vector<Column> call_columns() {
    std::vector<Column> columns{own_id(IdKind::call),
                                owner_column(),
                                text_column("Subject", "hs_call_title"),
                                {"Call_Type", CellKind::text, call_type},
                                time_column("Call_Start_Time", "hs_timestamp"),
                                {"Call_Duration", CellKind::text, call_clock},
                                {"Call_Duration_in_seconds", CellKind::number, call_seconds_cell},
                                {"Outgoing_Call_Status", CellKind::text,
                                 [](const Facts& facts, const Row& row) -> Cell {
                                     const bool out =
                                         std::get<std::string>(call_type(facts, row)) == "Outbound";
                                     return out ? Cell{std::string("Completed")} : Cell{};
                                 }},
                                fixed("Call_Purpose", std::string("Prospecting")),
                                renamed_column("Call_Result", "hs_call_disposition", call_results),
                                fixed("Call_Status", {})};
    add_links(columns);
    return columns;
}

std::vector<Column> task_columns() {
    std::vector<Column> columns{
        own_id(IdKind::task),
        owner_column(),
        text_column("Subject", "hs_task_subject"),
        {"Due_Date", CellKind::date,
         [](const Facts& facts, const Row& row) { return day_of(facts, row, "hs_timestamp"); }},
        renamed_column("Status", "hs_task_status", task_states),
        renamed_column("Priority", "hs_task_priority", priorities),
        time_column("Closed_Time", "hs_task_completion_date")};
    add_links(columns);
    return columns;
}

std::vector<Column> event_columns() {
    std::vector<Column> columns{own_id(IdKind::event),
                                owner_column(),
                                text_column("Event_Title", "hs_meeting_title"),
                                time_column("Start_DateTime", "hs_meeting_start_time"),
                                time_column("End_DateTime", "hs_meeting_end_time"),
                                fixed("All_day", false)};
    add_links(columns);
    return columns;
}

}  // namespace nudged::crmsim::zoho
