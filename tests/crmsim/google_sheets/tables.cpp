// SPDX-License-Identifier: Apache-2.0
// What stands in the sheets, in columns that are called as nudged's fields are.
#include "tests/crmsim/common/rows.hpp"
#include "tests/crmsim/google_sheets/spreadsheet.hpp"

namespace nudged::crmsim::google_sheets {
namespace {

Cell text(const std::string& value) {
    if (value.empty()) return {};
    return value;
}

Cell number(std::optional<double> value) {
    if (!value) return {};
    return *value;
}

/// A sheet's numbers are doubles: an id that none can hold is kept as a text.
Cell id_cell(std::optional<std::int64_t> id) {
    constexpr std::int64_t last_exact = 9'007'199'254'740'992;
    if (!id || *id == 0) return {};
    if (*id > last_exact) return std::to_string(*id);
    return static_cast<double>(*id);
}

Cell owner_cell(const RecordView& record) {
    return id_cell(record.integer("hubspot_owner_id"));
}

Cell moment(const Zone& zone, std::optional<Instant> at) {
    if (!at) return {};
    return Moment{std::chrono::floor<std::chrono::seconds>(zone.local_time(*at))};
}

Cell day(const Zone& zone, std::optional<Instant> at) {
    if (!at) return {};
    return Moment{zone.local_day(*at), true};
}

/// A script stamps new rows, with a text.
Cell stamp(const RecordView& record) {
    return second_text(record.created());
}

std::string_view outcome_word(const RecordView& call) {
    switch (outcome_of(call)) {
    case CallOutcome::connected: return "connected";
    case CallOutcome::left_message: return "left_message";
    case CallOutcome::busy: return "busy";
    case CallOutcome::wrong_number: return "wrong_number";
    case CallOutcome::no_answer: return "no_answer";
    case CallOutcome::none: return "";
    }
    return "";
}

using Row = std::vector<Cell>;
using MakeRow = Row (*)(const Zone& zone, const RecordView& record);

Row account_row(const Zone& /*zone*/, const RecordView& company) {
    return {id_cell(company.id()), text(company.text("name")), text(company.text("domain")),
            owner_cell(company), stamp(company)};
}

Row contact_row(const Zone& /*zone*/, const RecordView& contact) {
    return {id_cell(contact.id()),
            text(full_name(contact)),
            text(contact.text("email")),
            text(contact.text("phone")),
            id_cell(contact.integer("associatedcompanyid")),
            owner_cell(contact),
            stamp(contact)};
}

Row opportunity_row(const Zone& zone, const RecordView& deal) {
    const DealPlace place = place_of(deal);
    return {id_cell(deal.id()),
            text(deal.text("dealname")),
            id_cell(deal.first_linked(ObjectType::companies)),
            id_cell(deal.first_linked(ObjectType::contacts)),
            owner_cell(deal),
            text("default"),
            text(deal.text("dealstage")),
            number(deal.number("amount")),
            text(deal.text("deal_currency_code")),
            day(zone, deal.time("closedate")),
            place.closed,
            place.won,
            stamp(deal),
            text(deal.text("hs_next_step"))};
}

Row call_row(const Zone& zone, const RecordView& call) {
    const auto millis = call.integer("hs_call_duration");
    const std::string direction = call.text("hs_call_direction");
    return {id_cell(call.id()),
            owner_cell(call),
            id_cell(call.first_linked(ObjectType::companies)),
            id_cell(call.first_linked(ObjectType::deals)),
            id_cell(call.first_linked(ObjectType::contacts)),
            moment(zone, call.time("hs_timestamp")),
            number(millis ? std::optional(static_cast<double>(*millis / 1000)) : std::nullopt),
            text(direction == "INBOUND"    ? "inbound"
                 : direction == "OUTBOUND" ? "outbound"
                                           : ""),
            text(std::string(outcome_word(call))),
            stamp(call),
            text(call.text("hs_call_title"))};
}

Row task_row(const Zone& zone, const RecordView& task) {
    return {id_cell(task.id()),
            owner_cell(task),
            id_cell(task.first_linked(ObjectType::companies)),
            id_cell(task.first_linked(ObjectType::deals)),
            id_cell(task.first_linked(ObjectType::contacts)),
            text(task.text("hs_task_subject")),
            moment(zone, task.time("hs_timestamp")),
            task.text("hs_task_status") == "COMPLETED",
            stamp(task),
            moment(zone, task.time("hs_task_completion_date"))};
}

Row meeting_row(const Zone& zone, const RecordView& meeting) {
    return {id_cell(meeting.id()),
            owner_cell(meeting),
            id_cell(meeting.first_linked(ObjectType::companies)),
            id_cell(meeting.first_linked(ObjectType::deals)),
            id_cell(meeting.first_linked(ObjectType::contacts)),
            text(meeting.text("hs_meeting_title")),
            moment(zone, meeting.time("hs_meeting_start_time")),
            moment(zone, meeting.time("hs_meeting_end_time")),
            stamp(meeting)};
}

struct Table {
    std::string_view name;
    ObjectType type;
    std::vector<std::string> columns;
    MakeRow make;
};

const std::vector<Table>& tables() {
    static const std::vector<Table> all{
        {"accounts",
         ObjectType::companies,
         {"id", "name", "domain", "owner", "created_at"},
         account_row},
        {"contacts",
         ObjectType::contacts,
         {"id", "name", "email", "phone", "account", "owner", "created_at"},
         contact_row},
        {"opportunities",
         ObjectType::deals,
         {"id", "name", "account", "contact", "owner", "pipeline", "stage", "amount", "currency",
          "close_date", "is_closed", "is_won", "created_at", "next_step"},
         opportunity_row},
        {"calls",
         ObjectType::calls,
         {"id", "owner", "account", "opportunity", "contact", "started_at", "duration_s",
          "direction", "outcome", "created_at", "subject"},
         call_row},
        {"tasks",
         ObjectType::tasks,
         {"id", "owner", "account", "opportunity", "contact", "subject", "due_at", "is_done",
          "created_at", "completed_at"},
         task_row},
        {"meetings",
         ObjectType::meetings,
         {"id", "owner", "account", "opportunity", "contact", "subject", "starts_at", "ends_at",
          "created_at"},
         meeting_row},
    };
    return all;
}

Sheet users(const Dataset& data) {
    Sheet sheet{.columns = {"id", "name", "email", "active"}, .rows = {}};
    for (const Owner& owner : data.owners)
        sheet.rows.push_back({id_cell(owner.id), text(owner.first_name + " " + owner.last_name),
                              text(owner.email), !owner.archived});
    return sheet;
}

Sheet stage_sheet() {
    Sheet sheet{
        .columns = {"id", "pipeline", "name", "position", "is_closed", "is_won", "probability"},
        .rows = {}};
    for (const Stage& stage : stages())
        sheet.rows.push_back({text(stage.id), text("default"), text(stage.label),
                              id_cell(stage_number(stage.id)), stage.closed,
                              stage.id == "closedwon",
                              static_cast<double>(stage_percent(stage)) / 100});
    return sheet;
}

}  // namespace

std::optional<Sheet> make_sheet(const Dataset& data, const Zone& zone, std::string_view name) {
    if (name == "users") return users(data);
    if (name == "stages") return stage_sheet();
    if (name == "pipelines")
        return Sheet{.columns = {"id", "name", "position"},
                     .rows = {{text("default"), text("Sales"), 1.0}}};
    const auto table = std::ranges::find(tables(), name, &Table::name);
    if (table == tables().end()) return std::nullopt;
    Sheet sheet{.columns = table->columns, .rows = {}};
    for (const Record& record : data.records(table->type))
        if (!record.archived)
            sheet.rows.push_back(table->make(zone, RecordView(data, table->type, record)));
    return sheet;
}

}  // namespace nudged::crmsim::google_sheets
