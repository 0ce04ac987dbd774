// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/pipedrive/lists.hpp"

#include <algorithm>

namespace nudged::crmsim::pipedrive {
namespace {

constexpr std::array deal_types{ObjectType::deals};
constexpr std::array person_types{ObjectType::contacts};
constexpr std::array organization_types{ObjectType::companies};

constexpr std::array kinds{
    ListKind{"deals", "Deal", deal_types, "owner_id,person_id,org_id,pipeline_id,stage_id",
             "id,update_time,add_time",
             "next_activity_id,last_activity_id,first_won_time,products_count,files_count,"
             "notes_count,followers_count,email_messages_count,activities_count,"
             "done_activities_count,undone_activities_count,participants_count,"
             "last_incoming_mail_time,last_outgoing_mail_time,smart_bcc_email,source_lead_id",
             true, write_deal},
    ListKind{"activities", "Activity", activity_types, "owner_id,deal_id,person_id,org_id",
             "id,update_time,add_time,due_date", "attendees", false, write_activity},
    ListKind{"persons", "Person", person_types, "owner_id,org_id,deal_id",
             "id,update_time,add_time",
             "next_activity_id,last_activity_id,open_deals_count,closed_deals_count,"
             "won_deals_count,lost_deals_count,activities_count,done_activities_count,"
             "undone_activities_count,email_messages_count,files_count,notes_count,"
             "followers_count,last_incoming_mail_time,last_outgoing_mail_time,"
             "marketing_status,doi_status,smart_bcc_email",
             true, write_person},
    ListKind{"organizations", "Organization", organization_types, "owner_id",
             "id,update_time,add_time",
             "next_activity_id,last_activity_id,open_deals_count,closed_deals_count,"
             "won_deals_count,lost_deals_count,activities_count,done_activities_count,"
             "undone_activities_count,people_count,email_messages_count,files_count,"
             "notes_count,followers_count,smart_bcc_email",
             true, write_organization},
};

std::int64_t seconds(Instant instant) {
    return seconds_of(instant).time_since_epoch().count();
}

std::int64_t sort_value(std::string_view field, const RecordView& record) {
    if (field == "update_time") return seconds(record.modified());
    if (field == "add_time") return seconds(record.created());
    if (field == "due_date") {
        const auto at = due(record);
        return at ? std::chrono::floor<std::chrono::days>(*at).time_since_epoch().count()
                  : std::numeric_limits<std::int64_t>::max();
    }
    return record.id();
}

std::optional<std::int64_t> value_of_filter(const std::string& name, const RecordView& record) {
    if (name == "owner_id") return record.integer("hubspot_owner_id");
    if (name == "deal_id") return record.first_linked(ObjectType::deals);
    if (name == "person_id") return record.first_linked(ObjectType::contacts);
    if (name == "org_id") return record.first_linked(ObjectType::companies);
    if (name == "pipeline_id") return 1;
    if (name == "stage_id") return state_of(record).stage;
    return std::nullopt;
}

/// What may be seen of a record at all, and in this list.
bool is_listed(const Account& account, const ListQuery& query, const RecordView& record,
               bool archive, Instant now) {
    if (record.type() != ObjectType::deals) return !record.archived();
    if (account.archived_deals.contains(record.id()) != archive) return false;
    if (!record.archived()) return true;
    return query.statuses.contains("deleted") && *record.archived() + deleted_kept > now;
}

bool passes(const ListQuery& query, const RecordView& record) {
    if (query.filtered_by_id) return true;
    const auto changed = seconds_of(record.modified());
    if (query.since && changed < *query.since) return false;
    if (query.until && changed >= *query.until) return false;
    if (!query.ids.empty() && !query.ids.contains(record.id())) return false;
    if (query.done && is_done(record) != *query.done) return false;
    if (!query.statuses.empty() && !query.statuses.contains(state_of(record).status)) return false;
    return std::ranges::all_of(query.equal, [&](const auto& filter) {
        return value_of_filter(filter.first, record) == filter.second;
    });
}

}  // namespace

const ListKind* find_list(std::string_view name) {
    const auto found = std::ranges::find(kinds, name, &ListKind::name);
    return found == kinds.end() ? nullptr : &*found;
}

Reply ok(const JsonWriter& json) {
    return {.content_type = "application/json", .body = json.str()};
}

void end_list(JsonWriter& json, const std::optional<std::string>& next_cursor) {
    json.EndArray();
    json.key("additional_data");
    json.StartObject();
    json.key("next_cursor");
    json.text_or_null(next_cursor);
    json.EndObject();
    json.EndObject();
}

Reply Lists::list(const ListKind& kind, const Request& request, bool archive, Instant now) {
    const ListQuery query = parse_list_query(kind, request);
    const std::string order = std::string(kind.name) + " by " + query.sort_by;
    const auto& places = ordered_.sorted(order, kind.types, [&](const RecordView& record) {
        return sort_value(query.sort_by, record);
    });
    const auto before = [](const Place& place, const Cursor& cursor) {
        return std::pair(place.key, place.id) < std::pair(cursor.value, cursor.id);
    };
    // Ascending, the walk goes on behind the cursor's record; descending, before it.
    auto at = query.descending ? places.end() : places.begin();
    if (query.after) {
        at = std::lower_bound(places.begin(), places.end(), *query.after, before);
        if (!query.descending && at != places.end() && at->id == query.after->id) ++at;
    }
    JsonWriter json;
    json.StartObject();
    json.member("success", true);
    json.key("data");
    json.StartArray();
    std::size_t count = 0;
    std::optional<Cursor> last;
    std::optional<std::string> next_cursor;
    while (at != (query.descending ? places.begin() : places.end())) {
        const Place& place = query.descending ? *--at : *at++;
        const RecordView record(account_.dataset, place.type,
                                *account_.dataset.find(place.type, place.id));
        if (!is_listed(account_, query, record, archive, now) || !passes(query, record)) continue;
        if (count++ == query.limit) {
            next_cursor = last->text();
            break;
        }
        kind.write(json, account_, record, query.shown);
        last = Cursor{query.sort_by, place.key, query.descending, place.id};
    }
    end_list(json, next_cursor);
    return ok(json);
}

Reply Lists::single(const ListKind& kind, std::string_view id, const Request& request,
                    Instant now) {
    check_names(request, "include_fields,custom_fields,include_option_labels,include_labels");
    const Shown shown = parse_shown(kind, request);
    const auto number = to_integer(id);
    if (!number) throw bad_parameter("id");
    for (const ObjectType type : kind.types) {
        const Record* record = account_.dataset.find(type, *number);
        if (record == nullptr || (record->archived && *record->archived + deleted_kept <= now))
            continue;
        JsonWriter json;
        json.StartObject();
        json.member("success", true);
        json.key("data");
        kind.write(json, account_, RecordView(account_.dataset, type, *record), shown);
        json.EndObject();
        return ok(json);
    }
    throw failure(404, std::string(kind.singular) + " not found");
}

}  // namespace nudged::crmsim::pipedrive
