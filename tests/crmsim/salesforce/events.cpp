// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/activities.hpp"
#include "tests/crmsim/salesforce/ids.hpp"

#include <utility>

namespace nudged::crmsim::salesforce {
namespace {

using enum FieldType;

/// Every fifth meeting invites the manager too, for whom the CRM keeps a copy of it.
std::vector<Row> event_rows(const Org& org) {
    std::vector<Row> rows;
    for (Row& row : rows_of(org, ObjectType::meetings)) {
        const bool has_copy = row.number % 5 == 0;
        row.number *= 2;
        rows.push_back(row);
        if (!has_copy) continue;
        ++row.number;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::optional<Row> find_event(const Org& org, std::uint64_t number) {
    if (number % 2 == 1 && number / 2 % 5 != 0) return std::nullopt;
    auto row = find_row(org, ObjectType::meetings, static_cast<std::int64_t>(number / 2));
    if (row) row->number = number;
    return row;
}

Value is_child(const Org&, const Row& row) {
    return row.number % 2 == 1;
}

Value is_group(const Org&, const Row& row) {
    return row.record->id % 5 == 0;
}

Value event_owner(const Org& org, const Row& row) {
    if (row.number % 2 == 0 || org.data.owners.empty()) return owner(org, row);
    return id_text(user_prefix, static_cast<std::uint64_t>(org.data.owners.front().id));
}

Value start(const Org&, const Row& row) {
    const auto when = time_property(row, "hs_meeting_start_time");
    return when ? at_second(*when) : Value();
}

Value end(const Org&, const Row& row) {
    const auto when = time_property(row, "hs_meeting_end_time");
    return when ? at_second(*when) : Value();
}

Value minutes_long(const Org&, const Row& row) {
    const auto from = time_property(row, "hs_meeting_start_time");
    const auto to = time_property(row, "hs_meeting_end_time");
    if (!from || !to) return {};
    return static_cast<std::int64_t>(std::chrono::floor<std::chrono::minutes>(*to - *from).count());
}

Value event_date(const Org& org, const Row& row) {
    return local_date(org, time_property(row, "hs_meeting_start_time"));
}

constexpr Field event_fields[] = {
    {"Id", id, nullptr},
    {"Subject", salesforce::FieldType::text, salesforce::text<"hs_meeting_title">},
    {"EventSubtype", picklist, constant<"Event">, {}, {}, "Event"},
    {"Type", picklist, constant<"Meeting">, {}, {}, "Call,Meeting,Other,Email"},
    {"OwnerId", reference, event_owner, "Owner", "User"},
    {"AccountId", reference, account, "Account", "Account"},
    {"WhoId", reference, who, "Who", who_objects},
    {"WhatId", reference, what, "What", what_objects},
    {"StartDateTime", datetime, start},
    {"EndDateTime", datetime, end},
    {"ActivityDateTime", datetime, start},
    {"ActivityDate", date, event_date},
    {"DurationInMinutes", integer, minutes_long},
    {"IsAllDayEvent", boolean, always<false>},
    {"IsChild", boolean, is_child},
    {"IsGroupEvent", boolean, is_group},
    {"IsRecurrence", boolean, always<false>},
    {"IsPrivate", boolean, always<false>},
    {"IsDeleted", boolean, deleted},
    {"IsArchived", boolean, archived},
    {"CreatedDate", datetime, created},
    {"CreatedById", reference, automated, "CreatedBy", "User"},
    {"LastModifiedDate", datetime, modified},
    {"SystemModstamp", datetime, modified},
};

}  // namespace

const Object event_object{"Event", event_prefix, event_fields, event_rows, find_event, true};

}  // namespace nudged::crmsim::salesforce
