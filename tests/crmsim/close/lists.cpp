// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/close/lists.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/close/lead_query.hpp"

#include <algorithm>

namespace nudged::crmsim::close {
namespace {

constexpr std::array call_types{ObjectType::calls};
constexpr std::array meeting_types{ObjectType::meetings};
constexpr std::array activity_types{ObjectType::calls, ObjectType::meetings};
constexpr std::array task_types{ObjectType::tasks};
constexpr std::array opportunity_types{ObjectType::deals};
constexpr std::array lead_types{ObjectType::companies};
constexpr std::array contact_types{ObjectType::contacts};

constexpr std::string_view activity_equals = "id,lead_id,contact_id,user_id,organization_id,_type";

constexpr std::array kinds{
    // No date_updated: an edited call is found by the event log, or not at all.
    ListKind{"activity/call", call_types, "date_created,activity_at", activity_equals,
             "date_created", "-date_created", false},
    ListKind{"activity/meeting", meeting_types, "date_created,activity_at", activity_equals,
             "date_created", "-date_created", false},
    ListKind{"activity", activity_types, "date_created,activity_at", activity_equals,
             "date_created", "-date_created", false},
    ListKind{"task", task_types, "date_created,date_updated,date,due_date",
             "id,assigned_to,is_complete,lead_id,organization_id,_type,view", "date,date_created",
             "date", true},
    ListKind{"opportunity", opportunity_types, "date_created,date_updated,date_won",
             "lead_id,organization_id,user_id,status_id,status_type,status_label,value_period",
             "date_created,date_updated,date_won,value", "-date_updated", true},
    ListKind{"lead", lead_types, "", "", "date_created,date_updated", "-date_updated", true},
    ListKind{"contact", contact_types, "", "lead_id", "date_created,date_updated", "-date_updated",
             false},
};

bool contains(std::string_view commas, std::string_view name) {
    const auto names = split(commas, ',');
    return !name.empty() && std::ranges::find(names, name) != names.end();
}

Instant time_of(std::string_view field, const RecordView& record) {
    if (field == "date_created") return record.created();
    if (field == "date_updated") return record.modified();
    if (field == "date_won") return record.time("closedate").value_or(Instant::min());
    if (field == "activity_at" && record.type() == ObjectType::meetings)
        return record.time("hs_meeting_start_time").value_or(record.created());
    if (field == "date" || field == "due_date" || field == "activity_at")
        return record.time("hs_timestamp").value_or(record.created());
    return Instant::min();
}

/// Throws Refusal for a parameter that this list does not have, or a time that is none.
std::vector<Condition> parse_conditions(const ListKind& kind, const Request& request) {
    std::vector<Condition> conditions;
    for (const auto& [name, value] : request.query) {
        if (name == "_limit" || name == "_skip" || name == "_fields" || name == "_order_by")
            continue;
        if (name == "query" && kind.path == "lead") continue;
        const std::size_t mark = name.find("__");
        const std::string field = name.substr(0, mark);
        const std::string operation = mark == name.npos ? "" : name.substr(mark + 2);
        const bool is_time = contains(kind.times, field) && contains("gt,gte,lt,lte", operation);
        const bool is_equal =
            contains(kind.equals, field) && (operation.empty() || operation == "in");
        if (!is_time && !is_equal) throw bad_field(name, "Unknown field.");
        if (is_time && !parse_time(value)) throw bad_field(name, "Invalid value.");
        conditions.push_back({field, operation, value});
    }
    const auto names = [&](std::string_view field) {
        return std::ranges::count(conditions, field, &Condition::field) > 0;
    };
    if (names("activity_at") && !names("lead_id"))
        throw failure(400, "activity_at filters are only supported together with lead_id.");
    // All types are there, but unless told one gets those of leads alone.
    if (kind.path == "task" && !names("_type")) conditions.push_back({"_type", "", "lead"});
    std::erase_if(conditions, [&](const Condition& condition) {
        return kind.path == "task" && condition.field == "_type" && condition.value == "all";
    });
    return conditions;
}

/// A member's value as a filter writes it.
std::string text_of(const rapidjson::Value& record, const std::string& field) {
    const auto member = record.FindMember(field.c_str());
    if (member == record.MemberEnd() || member->value.IsNull()) return {};
    if (member->value.IsBool()) return member->value.GetBool() ? "true" : "false";
    return member->value.IsString() ? member->value.GetString() : "";
}

void write_total(JsonWriter& json, const ListKind& kind, std::size_t total) {
    if (!kind.counted) return;
    const auto count = static_cast<std::int64_t>(total);
    json.member("total_results", count);
    if (kind.path != "opportunity") return;
    json.key("count_by_value_period");
    json.StartObject();
    json.member("one_time", count);
    json.member("monthly", std::int64_t{0});
    json.member("annual", std::int64_t{0});
    json.EndObject();
}

}  // namespace

const ListKind* find_list(std::string_view path) {
    const auto found = std::ranges::find(kinds, path, &ListKind::path);
    return found == kinds.end() ? nullptr : &*found;
}

bool Lists::passes(const RecordView& record, const std::vector<Condition>& conditions,
                   Instant now) const {
    rapidjson::Document rendered;
    for (const Condition& condition : conditions) {
        if (!condition.operation.empty() && condition.operation != "in") {
            const Instant value = time_of(condition.field, record);
            if (!compares(value, condition.operation, *parse_time(condition.value))) return false;
            continue;
        }
        // Rendering is dear, so that the id comes without it.
        std::string value = id_text(record.type(), record.id());
        if (condition.field != "id") {
            if (!rendered.IsObject()) rendered.Parse(render(organization_, record, now).c_str());
            value = text_of(rendered, condition.field);
        }
        const bool listed = condition.operation == "in" ? contains(condition.value, value)
                                                        : condition.value == value;
        if (!listed) return false;
    }
    return true;
}

Reply Lists::list(const ListKind& kind, const Request& request, Instant now) {
    const auto conditions = parse_conditions(kind, request);
    const Page page = parse_page(request, max_skip);
    LeadQuery lead_query = parse_lead_query(request.parameter("query"));
    std::string order(kind.order);
    if (!lead_query.order.empty()) order = lead_query.order;
    if (const std::string_view asked = request.parameter("_order_by"); !asked.empty())
        order = asked;
    const bool descending = order.starts_with('-');
    const std::string field = order.substr(descending ? 1 : 0);
    if (!contains(kind.orders, field)) throw bad_field("_order_by", "Invalid value.");
    const auto& places = ordered_.sorted(
        std::string(kind.path) + " by " + field, kind.types, [&](const RecordView& record) {
            return field == "value" ? static_cast<std::int64_t>(record.number("amount").value_or(0))
                                    : to_millis(time_of(field, record));
        });
    JsonWriter json;
    json.StartObject();
    json.key("data");
    json.StartArray();
    std::size_t matched = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Place& place = places[descending ? places.size() - 1 - i : i];
        const auto record = view(organization_, place.type, place.id);
        if (!is_visible(organization_, *record) || !lead_query.matches(*record) ||
            !passes(*record, conditions, now))
            continue;
        const bool on_page = matched >= page.skip && matched < page.skip + page.limit;
        if (on_page) write_fields(json, render(organization_, *record, now), page.fields);
        if (++matched > page.skip + page.limit && !kind.counted) break;
    }
    json.EndArray();
    json.member("has_more", matched > page.skip + page.limit);
    write_total(json, kind, matched);
    json.EndObject();
    return ok(json);
}

Reply Lists::single(const ListKind& kind, std::string_view id, const Request& request,
                    Instant now) const {
    check_names(request, {"_fields"});
    for (const ObjectType type : kind.types)
        for (const Record& record : organization_.dataset.records(type)) {
            if (id_text(type, record.id) != id) continue;
            const RecordView found(organization_.dataset, type, record);
            if (!is_visible(organization_, found)) throw missing(id);
            JsonWriter json;
            write_fields(json, render(organization_, found, now), parse_page(request).fields);
            return ok(json);
        }
    throw missing(id);
}

}  // namespace nudged::crmsim::close
